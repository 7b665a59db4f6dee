package netfilter

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// ReadIPSet reads what "ipset save" prints: sets of addresses, networks, ports,
// interfaces and marks, and lists of sets. The fields of a set are the types of its
// key's parts; which side is compared says the rule. An entry that is not modelled is
// opaque in its set.
func ReadIPSet(source string, data []byte) ([]*Set, []fact.Diagnostic) {
	r := &ipsets{problems: problems{source: source}, byName: map[string]*ipset{}}
	for number, line := range bytes.Split(data, []byte("\n")) {
		r.line(number+1, plain(strings.TrimRight(string(line), "\r")))
	}
	var sets []*Set
	for _, s := range r.order {
		s.finish()
		sets = append(sets, s.Set)
	}
	for _, s := range r.order {
		if s.kind == "list:set" {
			r.unite(s)
		}
	}
	return sets, r.all()
}

type ipsets struct {
	problems
	byName map[string]*ipset
	order  []*ipset
}

// ipset is a set in the making.
type ipset struct {
	*Set
	kind    string
	v6      bool
	except  []Value  // entries with nomatch
	members []string // of a list
}

func (r *ipsets) line(number int, line string) {
	words, err := splitWords(line)
	if err != nil || len(words) == 0 {
		if err != nil {
			r.warn(number, "not a line of ipset", line)
			r.doubt()
		}
		return
	}
	switch words[0].text {
	case "create", "-N":
		if len(words) >= 3 {
			r.create(number, words)
			return
		}
	case "add", "-A":
		if len(words) >= 3 {
			if s := r.byName[words[1].text]; s != nil {
				r.add(s, number, line, words[2:])
				return
			}
		}
	}
	r.warn(number, "not a line of ipset save", line)
	r.doubt()
}

// doubt makes all sets unread: a line that is not known may be about any.
func (r *ipsets) doubt() {
	for _, s := range r.order {
		s.Unread = "a line of ipset that is not known"
	}
}

func (r *ipsets) create(number int, words []word) {
	s := &ipset{Set: &Set{Name: words[1].text, Pos: r.at(number)}, kind: words[2].text}
	for i, w := range words[3:] {
		next := ""
		if i+4 < len(words) {
			next = words[i+4].text
		}
		switch w.text {
		case "inet6":
			s.v6 = true
		case "timeout":
			s.Dynamic = true
		case "markmask":
			if n, err := strconv.ParseUint(next, 0, 32); err != nil || n != 0xffffffff {
				s.Unread = "a mask of marks is not modelled"
			}
		case "netmask", "bitmask":
			if next != "32" && next != "128" {
				s.Unread = "a mask of addresses is not modelled"
			}
		}
	}
	_, parts, _ := strings.Cut(s.kind, ":")
	for _, part := range strings.Split(parts, ",") {
		switch part {
		case "ip", "net":
			s.Fields = append(s.Fields, SourceAddr)
		case "port":
			if strings.HasPrefix(s.kind, "hash:") {
				s.Fields = append(s.Fields, Protocol)
			}
			s.Fields = append(s.Fields, DestPort)
		case "iface":
			s.Fields = append(s.Fields, InInterface)
		case "mark":
			s.Fields = append(s.Fields, Mark)
		default:
			s.Fields = nil
			if s.kind != "list:set" {
				s.Unread = "sets of the type " + s.kind + " are not modelled"
			}
		}
		if s.Fields == nil {
			break
		}
	}
	if s.kind == "bitmap:port" {
		s.Fields = []Field{DestPort}
	}
	r.byName[s.Name] = s
	r.order = append(r.order, s)
}

// add reads an entry: parts of the key with commas between, then options.
func (r *ipsets) add(s *ipset, number int, line string, words []word) {
	nomatch := false
	for i := 1; i < len(words); i++ {
		switch words[i].text {
		case "nomatch":
			nomatch = true
		case "timeout":
			s.Dynamic, i = true, i+1
		case "packets", "bytes", "comment", "skbmark", "skbprio", "skbqueue":
			i++
		case "before", "after":
			i++
		default:
			if strings.HasPrefix(words[i].text, "wildcard") {
				s.Elements = append(s.Elements, Element{Opaque: true})
				return
			}
			r.warn(number, "an option of a member that is not known", line)
			s.Unread = "an option of a member is not modelled"
		}
	}
	if s.kind == "list:set" {
		s.members = append(s.members, words[0].text)
		return
	}
	if s.Fields == nil {
		return
	}
	e, ok := s.entry(words[0].text)
	switch {
	case ok && nomatch && len(s.Fields) == 1:
		s.except = append(s.except, e.Values[0])
	case nomatch:
		s.Unread = "members that are taken out again are not modelled"
	default:
		if !ok {
			r.warn(number, "a member that is not modelled", line)
		}
		s.Elements = append(s.Elements, e)
	}
}

func (s *ipset) entry(text string) (Element, bool) {
	opaque := Element{Opaque: true}
	parts := strings.Split(text, ",")
	var e Element
	for i := 0; i < len(s.Fields); i++ {
		if len(parts) == 0 {
			return opaque, false
		}
		part := parts[0]
		parts = parts[1:]
		switch f := s.Fields[i]; f {
		case SourceAddr:
			v, ok := block(part)
			if !ok {
				v, ok = parseRange(part)
			}
			if !ok || !v.From.IsValid() || v.From.Is6() != s.v6 {
				return opaque, false
			}
			e.Values = append(e.Values, v)
		case Protocol:
			name, port, found := strings.Cut(part, ":")
			if !found {
				name, port = "tcp", part
			}
			n, ok1 := protocolNumber(name)
			p, ok2 := parseRange(port)
			if !ok1 || !ok2 || !(n == 6 || n == 17 || n == 132 || n == 136) {
				return opaque, false
			}
			e.Values = append(e.Values, single(n), p)
			i++
		case DestPort:
			p, ok := parseRange(part)
			if !ok || p.From.IsValid() {
				return opaque, false
			}
			e.Values = append(e.Values, p)
		case InInterface:
			if strings.HasPrefix(part, "physdev:") || strings.Contains(part, "*") {
				return opaque, false
			}
			e.Values = append(e.Values, Value{Name: part})
		case Mark:
			n, err := strconv.ParseUint(part, 0, 32)
			if err != nil {
				return opaque, false
			}
			e.Values = append(e.Values, single(n))
		}
	}
	return e, len(parts) == 0
}

// finish takes out what nomatch excludes: the entry with the longest prefix that
// holds an address decides.
func (s *ipset) finish() {
	if len(s.except) == 0 {
		return
	}
	if len(s.except)*len(s.Elements) > maxExcept {
		s.Unread = "too many members that are taken out again"
		return
	}
	type mark struct {
		Value
		in bool
	}
	var all []mark
	for _, e := range s.Elements {
		if e.Opaque {
			s.Unread = "members that are taken out again are not modelled beside others that could not be read"
			return
		}
		all = append(all, mark{e.Values[0], true})
	}
	for _, v := range s.except {
		all = append(all, mark{v, false})
	}
	bits := func(v Value) int {
		p, _ := prefixOf(v.From, v.To)
		return p.Bits()
	}
	slices.SortStableFunc(all, func(a, b mark) int { return bits(a.Value) - bits(b.Value) })
	var painted []Value
	for _, m := range all {
		painted = cutOut(painted, m.Value)
		if m.in {
			painted = append(painted, m.Value)
		}
	}
	s.Elements = elements(painted...)
}

// maxExcept bounds the work of taking members out of others.
const maxExcept = 1 << 26

// cutOut takes a range out of ranges.
func cutOut(list []Value, hole Value) []Value {
	var out []Value
	for _, v := range list {
		if v.To.Less(hole.From) || hole.To.Less(v.From) {
			out = append(out, v)
			continue
		}
		if v.From.Less(hole.From) {
			out = append(out, Value{From: v.From, To: hole.From.Prev()})
		}
		if hole.To.Less(v.To) {
			out = append(out, Value{From: hole.To.Next(), To: v.To})
		}
	}
	return out
}

// unite gives a list the members of its sets, which must be of one type.
func (r *ipsets) unite(list *ipset) {
	for i, name := range list.members {
		m := r.byName[name]
		if m == nil || m.kind == "list:set" || i > 0 && !slices.Equal(m.Fields, list.Fields) {
			list.Fields, list.Elements = nil, nil
			list.Unread = "a list of sets that are not of one type"
			return
		}
		list.Fields = m.Fields
		list.Elements = append(list.Elements, m.Elements...)
		list.Dynamic = list.Dynamic || m.Dynamic
		if m.Unread != "" {
			list.Unread = m.Unread
		}
	}
	if list.Fields == nil {
		list.Fields = []Field{SourceAddr} // it is empty: nothing is in it
	}
}
