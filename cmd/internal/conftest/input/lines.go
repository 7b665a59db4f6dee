package input

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/go-ini/ini"
	hcl1 "github.com/hashicorp/hcl"
	"github.com/magiconair/properties"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/subosito/gotenv"
)

func parseTOML(b *builder, _ string, data []byte) (*ast.Term, error) {
	var v any
	if err := toml.Unmarshal(data, &v); err != nil {
		return nil, fmt.Errorf("unmarshal toml: %w", err)
	}
	return b.native(v)
}

func parseHCL1(b *builder, _ string, data []byte) (*ast.Term, error) {
	var v any
	if err := hcl1.Unmarshal(data, &v); err != nil {
		return nil, fmt.Errorf("unmarshal hcl: %w", err)
	}
	return b.native(v)
}

// parseINI makes an object of sections. What looks like a number or a boolean to Go
// is one: 1.10 is 1.1, and t is true.
func parseINI(b *builder, _ string, data []byte) (*ast.Term, error) {
	file, err := ini.Load(data)
	if err != nil {
		return nil, fmt.Errorf("read ini file: %w", err)
	}
	sections := map[string]any{}
	for _, s := range file.Sections() {
		if s.Name() == "DEFAULT" {
			continue
		}
		members := map[string]any{}
		for name, text := range s.KeysHash() {
			members[name] = text
			if n, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
				members[name] = n
			} else if t, err := strconv.ParseBool(text); err == nil {
				members[name] = t
			}
		}
		sections[s.Name()] = members
	}
	return b.value(sections)
}

func parseProperties(b *builder, _ string, data []byte) (*ast.Term, error) {
	p, err := properties.LoadString(string(data))
	if err != nil {
		return nil, fmt.Errorf("parse properties file: %w", err)
	}
	return b.value(p.Map())
}

func parseDotenv(b *builder, _ string, data []byte) (*ast.Term, error) {
	parse := func(text []byte) (map[string]string, error) { return gotenv.StrictParse(bytes.NewReader(text)) }
	if !b.env {
		parse = parseApart
	}
	env, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("read .env file: %w", err)
	}
	return b.value(env)
}

// parseIgnore makes one list of the lines, in another list, so that it stays one
// document.
func parseIgnore(b *builder, _ string, data []byte) (*ast.Term, error) {
	var entries []any
	for line := range strings.SplitSeq(string(data), "\n") {
		text := strings.TrimRight(line, " ")
		if strings.HasSuffix(text, `\`) && len(text) < len(line) {
			text += " "
		}
		kind, value := "Path", ""
		switch {
		case text == "":
			kind, value = "Empty", line
		case line[0] == '#':
			kind, value = "Comment", strings.TrimSpace(text[1:])
		case line[0] == '!':
			kind, value = "NegatedPath", unescapeIgnore(text[1:])
		default:
			value = unescapeIgnore(text)
		}
		entries = append(entries, map[string]any{"Kind": kind, "Value": value, "Original": line})
	}
	return b.value([]any{entries})
}

// unescapeIgnore drops single backslashes. Bytes become runes one by one, as in the
// library that conftest uses.
func unescapeIgnore(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out.WriteRune(rune(s[i]))
		} else if i+1 < len(s) && s[i+1] == '\\' {
			out.WriteByte('\\')
			i++
		}
	}
	return out.String()
}

// parseJSONC reads JSON with comments: "//" and "#" to the end of the line, "/*" to
// "*/".
func parseJSONC(b *builder, path string, data []byte) (*ast.Term, error) {
	plain := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		rest := data[i:]
		switch {
		case rest[0] == '"':
			n := 1
			for n < len(rest) && rest[n] != '"' {
				if rest[n] == '\\' {
					n++
				}
				n++
			}
			n = min(n+1, len(rest))
			plain = append(plain, rest[:n]...)
			i += n - 1
		case rest[0] == '#' || bytes.HasPrefix(rest, []byte("//")):
			n := bytes.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			i += n - 1
		case bytes.HasPrefix(rest, []byte("/*")):
			n := bytes.Index(rest[2:], []byte("*/"))
			if n < 0 {
				return nil, fmt.Errorf("unmarshal jsonc: a comment does not end")
			}
			plain = append(plain, ' ')
			i += n + 3
		default:
			plain = append(plain, rest[0])
		}
	}
	t, err := parseJSON(b, path, plain)
	if err != nil {
		return nil, fmt.Errorf("unmarshal jsonc: %w", err)
	}
	return t, nil
}
