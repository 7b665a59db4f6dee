package toml

import (
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
)

// key is one part of a key and where it stands.
type key struct {
	node.Key
	at int
}

// keys reads a key: one or more parts with dots between them. Blanks behind it are
// passed over.
func (p *parser) keys() []key {
	var keys []key
	for {
		at := p.at
		name := ""
		switch c := p.peek(); {
		case c == '"' && !p.starts(`"""`):
			name = p.basic()
		case c == '\'' && !p.starts("'''"):
			name = p.literal()
		default:
			for p.at < len(p.Data) && bare(p.Data[p.at]) {
				p.at++
			}
			if name = string(p.Data[at:p.at]); name == "" {
				p.fail(at, "a key is expected")
			}
		}
		if p.Failed() {
			return nil
		}
		keys = append(keys, key{p.Key(name, at), at})
		if len(keys) > text.MaxDepth {
			p.fail(at, "a key of more than %d parts", text.MaxDepth)
			return nil
		}
		p.blanks()
		if !p.take('.') {
			return keys
		}
		p.blanks()
	}
}

func bare(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}
