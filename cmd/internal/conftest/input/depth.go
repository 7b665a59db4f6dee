package input

import (
	"bytes"
	"errors"
)

// maxNesting bounds what may stand within each other in formats whose libraries
// recurse without a bound: a stack that overflows ends the process.
const maxNesting = 10_000

// shallow refuses a text that may nest too deeply. It errs to that side, by counting
// brackets, also those in strings, operators of one line, and template directives;
// but no file that people write comes near.
func shallow(data []byte) error {
	if len(data) <= maxNesting/2 {
		return nil // a byte counts twice at most
	}
	brackets, operators, directives := 0, 0, bytes.Count(data, []byte("%{"))
	for _, c := range data {
		switch c {
		case '(', '[', '{':
			brackets++
		case ')', ']', '}':
			brackets = max(0, brackets-1)
		case '\n':
			operators = 0
		case '!', '?', '-', '+', '*', '/', '%', '&', '|', '<', '>', '=', '~', '#', '\'', '`', '^', '@':
			operators++
		}
		if brackets+operators+directives > maxNesting {
			return errors.New("what stands within each other is too deep to be read safely")
		}
	}
	return nil
}
