package terraform

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// computed is what a data source gives that needs no provider to know: the
// json and minified_json of an aws_iam_policy_document. Nil for anything else.
func (m *member) computed(rest hcl.Traversal) *Value {
	name := m.group.block.name
	if name.mode != data || name.kind != "aws_iam_policy_document" || len(rest) != 1 {
		return nil
	}
	attr, _ := step(rest, 0)
	if attr != "json" && attr != "minified_json" {
		return nil
	}
	body := m.tree()
	doc := policyReader{}
	merged := doc.merged(body)
	at := []Ref{{Address: m.address, Path: attr}}
	t := &Value{Kind: String, Pos: body.Pos, Refs: at, Sensitive: doc.sensitive}
	switch {
	case doc.reason != "":
		t.Kind, t.Reason, t.Direct = Unknown, doc.reason, true
		return t
	case doc.problem != "":
		m.group.in.ev.warn(m.group.block.rng, doc.problem, "the provider would refuse this document")
		t.Kind, t.Reason, t.Direct = Unknown, doc.problem, true
		return t
	}
	var text []byte
	if attr == "json" {
		text, _ = json.MarshalIndent(merged, "", "  ")
	} else {
		text, _ = json.Marshal(merged)
	}
	t.Text = string(text)
	t.Refs = sortedRefs(append(at, doc.refs...))
	return t
}

// policyDocument is an IAM policy as the AWS provider writes it.
type policyDocument struct {
	Version    string             `json:",omitempty"`
	ID         string             `json:"Id,omitempty"`
	Statements []*policyStatement `json:"Statement,omitempty"`
}

type policyStatement struct {
	Sid           string           `json:",omitempty"`
	Effect        string           `json:",omitempty"`
	Actions       any              `json:"Action,omitempty"`
	NotActions    any              `json:"NotAction,omitempty"`
	Resources     any              `json:"Resource,omitempty"`
	NotResources  any              `json:"NotResource,omitempty"`
	Principals    policyPrincipals `json:"Principal,omitempty"`
	NotPrincipals policyPrincipals `json:"NotPrincipal,omitempty"`
	Conditions    policyConditions `json:"Condition,omitempty"`
}

// merge takes over the statements of another document; those of a Sid that is
// there already take its place.
func (d *policyDocument) merge(other *policyDocument) {
	if other.ID != "" {
		d.ID = other.ID
	}
	d.Version = max(d.Version, other.Version)
	for _, s := range other.Statements {
		i := slices.IndexFunc(d.Statements, func(have *policyStatement) bool { return s.Sid != "" && have.Sid == s.Sid })
		if i >= 0 {
			d.Statements[i] = s
		} else {
			d.Statements = append(d.Statements, s)
		}
	}
}

// policyReader reads the arguments of the data source. The first unknown or
// mistake is kept and makes the document unknown.
type policyReader struct {
	reason    string // unknown
	problem   string // mistake
	refs      []Ref
	sensitive bool
}

func (p *policyReader) unknown(v *Value) {
	p.reason = cmp.Or(p.reason, v.Reason, dependsOnUnknown)
}

func (p *policyReader) fail(format string, args ...any) {
	p.problem = cmp.Or(p.problem, fmt.Sprintf(format, args...))
}

// see notes where a value comes from; false if it is not known.
func (p *policyReader) see(v *Value) bool {
	p.refs = append(p.refs, v.Refs...)
	p.sensitive = p.sensitive || v.Sensitive
	if v.Kind == Unknown {
		p.unknown(v)
		return false
	}
	return !v.Unset()
}

func (p *policyReader) merged(body *Value) *policyDocument {
	doc := &policyDocument{}
	if !p.see(body) {
		return doc
	}
	sids := map[string]bool{}
	for i, text := range p.list(body.Get("source_policy_documents")) {
		source := p.decode("source_policy_documents", i, text)
		for _, s := range source.Statements {
			if s.Sid != "" && sids[s.Sid] {
				p.fail("duplicate Sid (%s) in source_policy_documents", s.Sid)
			}
			sids[s.Sid] = true
		}
		doc.merge(source)
	}
	doc.merge(p.own(body))
	for i, text := range p.list(body.Get("override_policy_documents")) {
		doc.merge(p.decode("override_policy_documents", i, text))
	}
	for _, old := range []string{"source_json", "override_json"} {
		if p.see(body.Get(old)) {
			p.fail("%s is no argument of this provider", old)
		}
	}
	return doc
}

func (p *policyReader) decode(name string, i int, text string) *policyDocument {
	doc := &policyDocument{}
	if text == "" {
		return doc
	}
	if err := json.Unmarshal([]byte(text), doc); err != nil {
		p.fail("%s, item %d: %v", name, i, err)
	}
	return doc
}

func (p *policyReader) own(body *Value) *policyDocument {
	doc := &policyDocument{
		Version: cmp.Or(p.text(body.Get("version")), "2012-10-17"),
		ID:      p.text(body.Get("policy_id")),
	}
	sids := map[string]bool{}
	for _, b := range p.blocks(body.Get("statement")) {
		s := &policyStatement{
			Sid:           p.text(b.Get("sid")),
			Effect:        cmp.Or(p.text(b.Get("effect")), "Allow"),
			Actions:       oneOrList(p.set(b.Get("actions"))),
			NotActions:    oneOrList(p.set(b.Get("not_actions"))),
			Resources:     p.variables(doc.Version, oneOrList(p.set(b.Get("resources")))),
			NotResources:  p.variables(doc.Version, oneOrList(p.set(b.Get("not_resources")))),
			Principals:    p.principals(doc.Version, b.Get("principals")),
			NotPrincipals: p.principals(doc.Version, b.Get("not_principals")),
			Conditions:    p.conditions(doc.Version, b.Get("condition")),
		}
		if s.Sid != "" && sids[s.Sid] {
			p.fail("duplicate Sid (%s)", s.Sid)
		}
		sids[s.Sid] = true
		doc.Statements = append(doc.Statements, s)
	}
	return doc
}

// text reads an optional string.
func (p *policyReader) text(v *Value) string {
	if !p.see(v) {
		return ""
	}
	switch v.Kind {
	case String:
		return v.Text
	case Number:
		return v.Number
	case Bool:
		return strconv.FormatBool(v.Bool)
	}
	p.fail("an argument at %s is not a string", v.Pos)
	return ""
}

func (p *policyReader) list(v *Value) []string {
	if !p.see(v) {
		return nil
	}
	if v.Kind != List {
		p.fail("an argument at %s is not a list", v.Pos)
		return nil
	}
	texts := make([]string, 0, len(v.Elems))
	for _, e := range v.Elems {
		if e.Unset() {
			texts = append(texts, "")
			continue
		}
		texts = append(texts, p.text(e))
	}
	return texts
}

// set is a list without order and repetition, in the order of the plugin SDK:
// by the text of each element's hash.
func (p *policyReader) set(v *Value) []string {
	texts := p.list(v)
	slices.SortStableFunc(texts, func(a, b string) int { return compareHash(a+";", b+";") })
	return slices.Compact(texts)
}

func compareHash(a, b string) int {
	code := func(s string) string { return strconv.Itoa(int(crc32.ChecksumIEEE([]byte(s)))) }
	return cmp.Or(strings.Compare(code(a), code(b)), strings.Compare(a, b))
}

func (p *policyReader) blocks(v *Value) []*Value {
	if !p.see(v) {
		return nil
	}
	return v.Elems
}
