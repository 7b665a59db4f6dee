package input

import (
	"errors"
	"regexp"
	"strings"
)

// flags takes the words that begin with "--" from the front; quotes around and in them
// are removed.
func (d *dockerfile) flags(rest string) ([]string, string) {
	flags := []string{}
	for {
		rest = strings.TrimLeft(rest, " \t\v\f\r\n")
		if !strings.HasPrefix(rest, "--") {
			return flags, rest
		}
		var word strings.Builder
		var quote byte
		i := 0
	word:
		for ; i < len(rest); i++ {
			switch c := rest[i]; {
			case c == d.escape:
				if i++; i < len(rest) {
					word.WriteByte(rest[i])
				}
			case quote != 0:
				if c == quote {
					quote = 0
				} else {
					word.WriteByte(c)
				}
			case c == '"' || c == '\'':
				quote = c
			case strings.IndexByte(" \t\v\f\r\n", c) >= 0:
				break word
			default:
				word.WriteByte(c)
			}
		}
		rest = rest[min(i, len(rest)):]
		if word.String() == "--" {
			return flags, rest
		}
		flags = append(flags, word.String())
	}
}

// words cuts at blanks outside of quotes. Quotes and escapes stay, but for an escape
// at the end.
func (d *dockerfile) words(rest string) []string {
	var words []string
	var word strings.Builder
	var quote byte
	begun := false
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case quote == 0 && strings.IndexByte(" \t\v\f\r\n", c) >= 0:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
			continue
		case c == d.escape && quote != '\'':
			if i+1 == len(rest) {
				continue
			}
			word.WriteByte(c)
			i++
			c = rest[i]
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		}
		begun = true
		word.WriteByte(c)
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}

// heredocs passes over the here-documents that an instruction opens and returns the
// line behind them: their text is not part of what conftest shows.
func (d *dockerfile) heredocs(in *instruction, line string, n int) (int, error) {
	cmd := in.cmd
	if cmd == "onbuild" {
		cmd = strings.ToLower(in.sub)
	}
	if in.json || cmd != "run" && cmd != "add" && cmd != "copy" || !strings.Contains(line, "<<") {
		return n, nil
	}
	opening := regexp.MustCompile(`^\d*<<(-?)\s*([^<]+)$`)
	for _, w := range d.words(line) {
		m := opening.FindStringSubmatch(w)
		if m == nil {
			continue
		}
		name := strings.NewReplacer(`"`, "", `'`, "").Replace(m[2])
		for end := false; !end; n++ {
			if n >= len(d.lines) {
				return n, errors.New("unterminated heredoc")
			}
			text := strings.TrimRight(d.lines[n], "\r\n")
			if m[1] == "-" {
				text = strings.TrimLeft(text, "\t")
			}
			end = text == name
		}
	}
	return n, nil
}
