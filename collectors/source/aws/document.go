package aws

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// readDocument reads a data source aws_iam_policy_document from its arguments,
// with those it is merged from: source documents come first, a statement
// replaces an earlier one of the same Sid, override documents win over all.
func (x *Index) readDocument(r *terraform.Resource, depth int) Policy {
	p := Policy{Pos: r.Pos}
	for _, v := range elements(r.Body.Get("source_policy_documents")) {
		p.merge(x.readPolicy(v, depth+1))
	}
	p.merge(x.readPolicy(r.Body.Get("source_json"), depth+1))
	own := Policy{Pos: r.Pos}
	blocks, reason := Blocks(r.Body, "statement")
	own.Opaque = reason
	for _, block := range blocks {
		if block.Kind == terraform.Unknown {
			continue
		}
		own.Statements = append(own.Statements, blockStatement(block, len(own.Statements)))
	}
	if !r.KnownCount {
		own.Opaque = countReason(r)
	}
	p.merge(own)
	for _, v := range elements(r.Body.Get("override_policy_documents")) {
		p.merge(x.readPolicy(v, depth+1))
	}
	p.merge(x.readPolicy(r.Body.Get("override_json"), depth+1))
	return p
}

// elements returns what a list holds, an unknown list as its one element.
func elements(v *terraform.Value) []*terraform.Value {
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return nil
	case terraform.List:
		return v.Elems
	}
	return []*terraform.Value{v}
}

// merge appends the statements of another policy, replacing those of the same
// Sid.
func (p *Policy) merge(other Policy) {
	if p.Opaque == "" {
		p.Opaque = other.Opaque
	}
	for _, s := range other.Statements {
		replaced := false
		for i := range p.Statements {
			if s.named() && p.Statements[i].ID == s.ID {
				p.Statements[i], replaced = s, true
			}
		}
		if !replaced {
			if !s.named() {
				s.ID = strconv.Itoa(len(p.Statements))
			}
			p.Statements = append(p.Statements, s)
		}
	}
}

// named reports whether the statement's id is a Sid; a Sid made of digits alone
// is taken for a number, so such statements add up instead of replacing.
func (s Statement) named() bool {
	_, err := strconv.Atoi(s.ID)
	return err != nil
}

func blockStatement(block *terraform.Value, number int) Statement {
	s := Statement{ID: strconv.Itoa(number), Pos: block.Pos}
	if sid := block.Get("sid"); sid.Kind == terraform.String && sid.Text != "" {
		s.ID = sid.Text
	}
	s.Effect = effect(Text(block, "Allow", "effect"))
	part := func(p *Part, name string, negated bool) {
		if v := block.Get(name); !v.Unset() {
			if v.Kind == terraform.List && len(v.Elems) == 0 {
				return
			}
			p.add(v, negated)
		}
	}
	part(&s.Actions, "actions", false)
	part(&s.Actions, "not_actions", true)
	part(&s.Resources, "resources", false)
	part(&s.Resources, "not_resources", true)
	s.blockPrincipals(block, "principals", false)
	s.blockPrincipals(block, "not_principals", true)
	conditions, reason := Blocks(block, "condition")
	if reason != "" {
		s.Conditions = append(s.Conditions, Condition{Opaque: reason})
	}
	for _, c := range conditions {
		var values Part
		values.add(text(c.Get("values")), false)
		test, key := Text(c, "", "test"), Text(c, "", "variable")
		condition := Condition{Operator: test.Value, Key: key.Value, Values: values.Values, Opaque: values.Opaque}
		if !test.Known() || !key.Known() {
			condition.Opaque = test.Reason + key.Reason
		}
		s.Conditions = append(s.Conditions, condition)
	}
	s.sortConditions()
	return s
}

func (s *Statement) blockPrincipals(block *terraform.Value, name string, negated bool) {
	blocks, reason := Blocks(block, name)
	if reason != "" {
		s.Principals.Opaque, s.Principals.Pos = reason, block.Pos
	}
	for _, p := range blocks {
		if p.Kind == terraform.Unknown {
			continue
		}
		s.Principals.add(p.Get("identifiers"), negated)
	}
}
