package netfilter

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// ReadJSON reads what "nft -j list ruleset" prints (libnftables-json(5), schema
// version 1), with names or with -n. Tables of every family are read. A table that
// iptables-nft wrote is read too; what is foreign in it (xt) is opaque.
//
// The text leaves out what nft adds by itself: that "tcp dport" asks for TCP first, or
// "ip saddr" for IPv4. It is put back.
func ReadJSON(source string, data []byte, o Options) (*Ruleset, []fact.Diagnostic) {
	j := &jsonReader{Options: o, problems: problems{source: source}}
	if err := j.read(data); err != nil {
		j.warn(0, "the ruleset cannot be read to its end: "+err.Error(), "")
		j.opaque(nil, "", "the ruleset cannot be read to its end")
	}
	for _, t := range j.rules.Tables {
		j.fill(t)
	}
	identify(j.rules.Tables)
	return j.rules.done(), j.all()
}

// jsonReader is a reading of nft's JSON.
type jsonReader struct {
	Options
	problems
	rules  gathered
	unsure map[*Table]string // of which it is not known whether they are dormant
	typed  map[*Set][]string // nft's types of a set's key
	data   map[*Set][]string // and of what a map leads to
}

type object = map[string]any

func (j *jsonReader) read(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	for _, want := range []any{json.Delim('{'), "nftables", json.Delim('[')} {
		t, err := d.Token()
		if err != nil {
			return plainError(err)
		}
		if t != want {
			return fmt.Errorf("it begins otherwise than a ruleset does")
		}
	}
	for d.More() {
		var o object
		if err := d.Decode(&o); err != nil {
			return plainError(err)
		}
		if len(o) != 1 {
			j.opaque(nil, render(o), "not an object of a ruleset")
		}
		for kind, v := range o {
			body, _ := v.(object)
			j.object(kind, body, o)
		}
	}
	for _, want := range []any{json.Delim(']'), json.Delim('}')} {
		if t, err := d.Token(); err != nil || t != want {
			return cmp.Or(plainError(err), errors.New("it ends otherwise than a ruleset does"))
		}
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more after its end")
	}
	return nil
}

// plainError says what is wrong with JSON without repeating any of it.
func plainError(err error) error {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is cut off")
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d", syntax.Offset)
	}
	return errors.New("not the JSON of a ruleset")
}

// opaque notes what stands in a table (nil: in any) and could not be read.
func (j *jsonReader) opaque(t *Table, text, reason string) {
	o := Opaque{Text: text, Reason: reason, Restricts: true, Decides: true, Alters: true, Pos: fact.Position{Source: j.source}}
	if t == nil {
		t = &Table{Backend: NFT, Family: Inet, Pos: o.Pos}
		j.rules.Tables = append(j.rules.Tables, t)
	}
	t.Opaque = append(t.Opaque, o)
}

func (j *jsonReader) table(o object) *Table {
	family, name := Family(str(o, "family")), str(o, "table")
	for _, t := range j.rules.Tables {
		if t.Family == family && t.Name == name && name != "" {
			return t
		}
	}
	return nil
}

func (j *jsonReader) object(kind string, o, whole object) {
	switch kind {
	case "metainfo":
		if v, ok := integer(o["json_schema_version"]); !ok || v != 1 {
			j.opaque(nil, render(o), "a version of the format that is not known")
		}
		return
	case "table":
		t := &Table{Backend: NFT, Family: Family(str(o, "family")), Name: plain(str(o, "name")), Pos: fact.Position{Source: j.source}}
		if t.Name == "" || !slices.Contains([]Family{IPv4, IPv6, Inet, ARP, Bridge, Netdev}, t.Family) {
			j.opaque(nil, render(o), "a table of a family that is not known")
			return
		}
		for _, f := range texts(o["flags"]) {
			switch {
			case strings.HasPrefix(f, "dorm"):
				t.Dormant = true
			case f == "owner" || f == "persist":
			default: // nft 1.0.6 writes what happens to be in memory
				if j.unsure == nil {
					j.unsure = map[*Table]string{}
				}
				j.unsure[t] = render(o)
			}
		}
		j.rules.Tables = append(j.rules.Tables, t)
		return
	case "counter", "quota", "limit", "ct helper", "ct timeout", "ct expectation", "secmark", "synproxy", "flowtable", "tunnel":
		return // rules that use one say so
	}
	t := j.table(o)
	if t == nil {
		j.opaque(nil, render(whole), "it belongs to no table that stands before it")
		return
	}
	switch kind {
	case "chain":
		j.chain(t, o)
	case "set", "map", "meter":
		j.set(t, o, kind)
	case "rule":
		j.rule(t, o)
	default:
		j.opaque(t, render(whole), "not an object of a ruleset")
	}
}

func (j *jsonReader) chain(t *Table, o object) {
	c := &Chain{Name: plain(str(o, "name")), Hook: Hook(str(o, "hook")), Type: str(o, "type"), Policy: Continue, Pos: t.Pos}
	if c.Name == "" || t.Chain(c.Name) != nil {
		j.opaque(t, render(o), "a chain without a name, or a second one of it")
		return
	}
	t.Chains = append(t.Chains, c)
	if c.Hook == Regular {
		return
	}
	priority, ok := integer(o["prio"])
	c.Priority, c.Policy = int(priority), Accept
	c.Devices = texts(o["dev"])
	slices.Sort(c.Devices)
	switch str(o, "policy") {
	case "drop":
		c.Policy = Drop
	case "accept", "":
	default:
		ok = false
	}
	if text, unsure := j.unsure[t]; unsure {
		c.Rules = append(c.Rules, &Rule{Text: text, Packets: -1, Pos: t.Pos, Statements: []Statement{
			Opaque{Text: text, Reason: "flags of a table that are not known: it may be dormant", Restricts: true, Decides: true, Pos: t.Pos}}})
	}
	known := slices.Contains([]Hook{Ingress, Egress, Prerouting, Input, Forward, Output, Postrouting}, c.Hook) && slices.Contains([]string{"filter", "nat", "route"}, c.Type)
	if !ok || !known {
		j.opaque(t, render(o), "a base chain of a hook, type, priority or policy that is not known")
		c.Hook, c.Type, c.Policy = Regular, "", Continue
	}
}

// rule decodes a rule of a chain that stands before it.
func (j *jsonReader) rule(t *Table, o object) {
	c := t.Chain(plain(str(o, "chain")))
	list, ok := o["expr"].([]any)
	if c == nil || !ok {
		j.opaque(t, render(o), "a rule of no chain that stands before it")
		return
	}
	handle, _ := integer(o["handle"])
	r := &Rule{Handle: int(handle), Comment: plain(str(o, "comment")), Packets: -1, Pos: t.Pos}
	d := &jsonRule{jsonReader: j, table: t, rule: r}
	var text []string
	for _, v := range list {
		d.statement(v)
		text = append(text, nftText(v))
	}
	r.Text = plain(strings.Join(text, " "))
	for _, s := range d.spreads {
		s.Text, s.Packets = r.Text, r.Packets
		c.Rules = append(c.Rules, s)
	}
	c.Rules = append(c.Rules, r)
}

// fill marks the sets that rules change: nft 1.0.6 leaves the flag out.
func (j *jsonReader) fill(t *Table) {
	for _, c := range t.Chains {
		for _, r := range c.Rules {
			for _, s := range r.Statements {
				if u, ok := s.(Update); ok {
					if set := t.Set(u.Set); set != nil {
						set.Dynamic = true
					}
				}
			}
		}
	}
}

func str(o object, name string) string {
	s, _ := o[name].(string)
	return s
}

// texts reads a string or a list of such.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{plain(v)}
	case []any:
		var list []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				list = append(list, plain(s))
			}
		}
		return list
	}
	return nil
}

func integer(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

// render is a text for what has none.
func render(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return clip(string(data))
}
