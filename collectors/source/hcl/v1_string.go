package hcl

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
)

// quoted reads a string in double quotes. Within an interpolation quotes do not end
// it.
func (p *v1) quoted() *node.Node {
	start, braces, interpolated := p.at, 0, false
	p.at++
	for p.at < len(p.Data) {
		switch c := p.Data[p.at]; {
		case braces == 0 && c == '"':
			p.at++
			if interpolated {
				return p.Opaque("a template, which is not evaluated here", start, p.at)
			}
			s, err := strconv.Unquote(string(p.Data[start:p.at]))
			if err != nil {
				p.fail(start, "the string holds an escape or a character that is none")
				return nil
			}
			return p.String(s, start, p.at)
		case p.starts("${"):
			braces++
			interpolated = true
			p.at++
		case braces > 0 && c == '{':
			braces++
		case braces > 0 && c == '}':
			braces--
		case c == '\\':
			p.at++
		case c == '\n' && braces == 0:
			p.fail(start, "the string does not end in its line")
			return nil
		}
		p.at++
	}
	p.fail(start, "the string does not end")
	return nil
}

// heredoc reads <<NAME, and <<-NAME, whose lines lose the indentation of the last.
func (p *v1) heredoc() *node.Node {
	start := p.at
	p.at += 2
	indented := p.peek() == '-'
	if indented {
		p.at++
	}
	end := p.LineEnd(p.at)
	name := strings.TrimSpace(string(p.Data[p.at:end]))
	if name == "" {
		p.fail(start, "a here-document without a name")
		return nil
	}
	var lines []string
	for p.at = end + 1; p.at < len(p.Data); p.at = end + 1 {
		end = p.LineEnd(p.at)
		line := strings.TrimSuffix(string(p.Data[p.at:end]), "\r")
		if strings.TrimSpace(line) != name {
			lines = append(lines, line+"\n")
			continue
		}
		if indented {
			outdent(lines, line[:len(line)-len(strings.TrimLeft(line, " \t"))])
		}
		s := strings.Join(lines, "")
		p.at = end
		if strings.Contains(s, "${") {
			return p.Opaque("a template, which is not evaluated here", start, end)
		}
		return p.String(s, start, end)
	}
	p.fail(start, "the here-document does not end")
	return nil
}

// outdent takes an indentation away, if every line has it.
func outdent(lines []string, indent string) {
	for _, l := range lines {
		if !strings.HasPrefix(l, indent) {
			return
		}
	}
	for i := range lines {
		lines[i] = lines[i][len(indent):]
	}
}
