package input

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// parseCodeowners makes {"rules": [{pattern, owners: [{type, value}], comment,
// lineNumber}]} of the lines; without rules the list is null.
func parseCodeowners(b *builder, _ string, data []byte) (*ast.Term, error) {
	var rules []any
	n := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		rule, err := owned(line)
		if err != nil {
			return nil, fmt.Errorf("failed to parse CODEOWNERS: line %d: %w", n, err)
		}
		rule["lineNumber"] = n
		rules = append(rules, rule)
	}
	if rules == nil {
		return b.value(map[string]any{"rules": nil})
	}
	return b.value(map[string]any{"rules": rules})
}

// owned reads one rule. A backslash in the pattern lets white space follow.
func owned(line string) (map[string]any, error) {
	end, escaped := len(line), false
	comment := ""
	if i := strings.IndexByte(line, '#'); i >= 0 {
		line, comment, end = line[:i], strings.TrimSpace(line[i+1:]), i
	}
	for i, c := range line {
		if c == ' ' || c == '\t' {
			if !escaped {
				end = i
				break
			}
		} else if c != '\\' && !strings.ContainsRune("*?./@_+-()", c) && !alphanumeric(c) {
			return nil, fmt.Errorf("unexpected character '%c' at position %d", c, i+1)
		}
		escaped = c == '\\'
	}
	if end == 0 {
		return nil, fmt.Errorf("unexpected end of rule")
	}
	owners := []any{}
	for name := range strings.FieldsSeq(line[end:]) {
		o, err := owner(name)
		if err != nil {
			return nil, err
		}
		owners = append(owners, o)
	}
	return map[string]any{"pattern": line[:end], "owners": owners, "comment": comment}, nil
}

func owner(name string) (map[string]any, error) {
	for _, kind := range []struct{ name, like string }{
		{"email", `^([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,6})$`},
		{"team", `^@([A-Za-z0-9-]+/[A-Za-z0-9_-]+)$`},
		{"username", `^@([A-Za-z0-9_-]+)$`},
	} {
		if m := regexp.MustCompile(kind.like).FindStringSubmatch(name); m != nil {
			return map[string]any{"type": kind.name, "value": m[1]}, nil
		}
	}
	return nil, fmt.Errorf("invalid owner format '%s'", name)
}

func alphanumeric(c rune) bool {
	return c < utf8.RuneSelf && (c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z')
}
