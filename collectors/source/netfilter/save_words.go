package netfilter

import "errors"

// word is an argument of a line of iptables-restore. Bare says that nothing of it was
// quoted: only such a word is looked at as an option where that is in doubt.
type word struct {
	text string
	bare bool
}

// splitWords takes a line apart as iptables-restore does (xshared.c,
// add_param_to_argv): double quotes alone quote, a backslash in them stands for the
// next character, and the closing quote ends the word.
func splitWords(line string) ([]word, error) {
	var words []word
	var current []byte
	quoted, escaped, started, bare := false, false, false, true
	end := func() {
		words = append(words, word{string(current), bare})
		current, started, bare = nil, false, true
	}
	for i := range len(line) {
		c := line[i]
		switch {
		case quoted && escaped:
			current, escaped = append(current, c), false
		case quoted && c == '\\':
			escaped = true
		case quoted && c == '"':
			quoted = false
			end()
		case quoted:
			current = append(current, c)
		case c == '"':
			quoted, started, bare = true, true, false
		case c == ' ' || c == '\t':
			if started {
				end()
			}
		default:
			current, started = append(current, c), true
		}
	}
	if quoted {
		return nil, errors.New("a quote without end")
	}
	if started {
		end()
	}
	return words, nil
}
