package netfilter

import (
	"strconv"
	"strings"
)

// option is one option of a rule with its arguments.
type option struct {
	name   string // its canonical name
	negate bool
	args   []string
	text   string // as written
}

func (o option) arg() string {
	if len(o.args) == 0 {
		return ""
	}
	return o.args[0]
}

// extension is a match or a target with its options.
type extension struct {
	name    string
	options []option
}

func (e extension) text() string {
	var b strings.Builder
	b.WriteString("-m " + e.name)
	for _, o := range e.options {
		b.WriteString(" " + o.text)
	}
	return b.String()
}

// parsed is a rule taken apart.
type parsed struct {
	base    []option
	matches []*extension
	target  *extension
	jump    bool // -g
	other   string
}

// rule decodes a rule; nil if it is for the other address family.
func (s *save) rule(raw *rawRule) *Rule {
	r := &Rule{Text: raw.text, Packets: raw.packets, Comment: raw.comment, Pos: raw.pos}
	p, err := s.takeApart(raw.words)
	if err != "" {
		s.warn(raw.pos.Line, err, raw.text)
		r.Statements = []Statement{Opaque{Text: raw.text, Reason: err, Restricts: true, Decides: true, Alters: true, Pos: r.Pos}}
		return r
	}
	if p.other == "4" && s.Family == IPv6 || p.other == "6" && s.Family == IPv4 {
		return nil
	}
	d := &decoding{save: s, rule: r, chain: raw.chain, packets: &r.Packets}
	for _, o := range p.base {
		d.base(o)
	}
	for _, m := range p.matches {
		d.match(m)
	}
	if p.target != nil {
		d.target(p.target, p.jump)
	}
	for i, st := range r.Statements {
		if o, ok := st.(Opaque); ok {
			o.Pos = r.Pos
			r.Statements[i] = o
		}
	}
	return r
}

// decoding is a rule in the making.
type decoding struct {
	*save
	rule     *Rule
	chain    *Chain
	packets  *int64
	protocol uint64 // of -p without negation; 0 if none
}

func (d *decoding) add(s ...Statement) { d.rule.Statements = append(d.rule.Statements, s...) }

// restrict notes a match whose result is not known.
func (d *decoding) restrict(text, reason string) {
	d.add(Opaque{Text: text, Reason: reason, Restricts: true})
}

// takeApart sorts the words of a rule by what they belong to. An option belongs to
// the match or target that was named last and knows it.
func (s *save) takeApart(words []word) (*parsed, string) {
	p := &parsed{}
	var open []*extension // that may have options, last first
	for i := 0; i < len(words); {
		negate := false
		start := i
		if words[i].text == "!" && words[i].bare {
			negate = true
			if i++; i == len(words) {
				return nil, "a negation of nothing"
			}
		}
		name, inline, hasInline := words[i].text, "", false
		if !strings.HasPrefix(name, "-") {
			return nil, "a word that belongs to no option"
		}
		if strings.HasPrefix(name, "--") && words[i].bare {
			if n, v, found := strings.Cut(name, "="); found {
				name, inline, hasInline = n, v, true
			}
		}
		i++
		args := func(n int) ([]string, bool) {
			var list []string
			if hasInline {
				list = append(list, inline)
			}
			for len(list) < n && i < len(words) {
				if words[i].text == "!" && words[i].bare && len(list) == 0 {
					negate = !negate // as was once written: -s ! ADDRESS
					i++
					continue
				}
				list = append(list, words[i].text)
				i++
			}
			return list, len(list) == n
		}
		canonical, n, isBase := baseOption(name)
		if isBase && len(open) > 0 { // of the match "policy" --proto is its own
			_, _, taken := extensionOption(open[0].name, open[0] == p.target, name)
			isBase = !taken
		}
		if isBase {
			list, enough := args(n)
			if !enough {
				return nil, "an option without its argument"
			}
			o := option{name: canonical, negate: negate, args: list, text: joinWords(words[start:i])}
			switch canonical {
			case "match":
				e := &extension{name: list[0]}
				p.matches = append(p.matches, e)
				open = append([]*extension{e}, open...)
			case "jump", "goto":
				if p.target != nil || negate {
					return nil, "a second target"
				}
				p.target, p.jump = &extension{name: list[0]}, canonical == "goto"
				open = append([]*extension{p.target}, open...)
			case "ipv4", "ipv6":
				p.other = canonical[3:]
			default:
				p.base = append(p.base, o)
			}
			continue
		}
		owner, canonical, n := s.owner(p, open, name)
		if owner == nil {
			// An option that nobody knows takes what follows up to the next one.
			if len(open) == 0 {
				return nil, "the option " + name + " is not known"
			}
			owner, canonical, n = open[0], name, -1
		}
		if owner.name == "" {
			return nil, "the option " + name + " belongs to no match"
		}
		if !contains(p.matches, owner) && owner != p.target {
			p.matches = append(p.matches, owner)
			open = append([]*extension{owner}, open...)
		}
		var list []string
		if n >= 0 {
			var enough bool
			if list, enough = args(n); !enough {
				return nil, "an option without its argument"
			}
		} else {
			canonical = "?" + name
			for i < len(words) && !(words[i].bare && (strings.HasPrefix(words[i].text, "-") || words[i].text == "!")) {
				list = append(list, words[i].text)
				i++
			}
		}
		owner.options = append(owner.options, option{name: canonical, negate: negate, args: list, text: joinWords(words[start:i])})
	}
	return p, ""
}

func contains(list []*extension, e *extension) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}

// owner finds the extension that an option belongs to; the match of the protocol
// need not be named.
func (s *save) owner(p *parsed, open []*extension, name string) (*extension, string, int) {
	for _, e := range open {
		if canonical, n, ok := extensionOption(e.name, e == p.target, name); ok {
			return e, canonical, n
		}
	}
	for _, o := range p.base {
		if o.name != "protocol" || o.negate {
			continue
		}
		if module := protocolMatch(o.arg()); module != "" {
			if canonical, n, ok := extensionOption(module, false, name); ok {
				return &extension{name: module}, canonical, n
			}
		}
	}
	return nil, "", 0
}

// protocolMatch is the match that comes with a protocol.
func protocolMatch(protocol string) string {
	n, ok := protocolNumber(protocol)
	if !ok {
		return ""
	}
	switch n {
	case 1:
		return "icmp"
	case 6:
		return "tcp"
	case 17:
		return "udp"
	case 33:
		return "dccp"
	case 58:
		return "icmp6"
	case 132:
		return "sctp"
	case 136:
		return "udplite"
	}
	return ""
}

// baseOption is an option that every rule may have.
func baseOption(name string) (canonical string, args int, ok bool) {
	switch name {
	case "-p", "--protocol", "--proto":
		return "protocol", 1, true
	case "-s", "--source", "--src":
		return "source", 1, true
	case "-d", "--destination", "--dst":
		return "destination", 1, true
	case "-i", "--in-interface":
		return "in", 1, true
	case "-o", "--out-interface":
		return "out", 1, true
	case "-f", "--fragment":
		return "fragment", 0, true
	case "-m", "--match":
		return "match", 1, true
	case "-j", "--jump":
		return "jump", 1, true
	case "-g", "--goto":
		return "goto", 1, true
	case "-c", "--set-counters":
		return "counters", 2, true
	case "-4", "--ipv4":
		return "ipv4", 0, true
	case "-6", "--ipv6":
		return "ipv6", 0, true
	}
	return "", 0, false
}

func joinWords(words []word) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.text
		if !w.bare || w.text == "" {
			list[i] = strconv.Quote(w.text)
		}
	}
	return strings.Join(list, " ")
}
