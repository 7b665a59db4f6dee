package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// rule is what the statements of one policy have in common.
type rule struct {
	resource *terraform.Resource
	typ, of  string
	at       fact.Position
	// identities are whom an identity's policy is attached to.
	identities aws.Answer[[]string]
	// both are the principals that a key policy lets administer and use the key.
	both aws.Answer[[]string]
}

// rules writes one item per statement, and one that is wholly unknown if the
// policy cannot be read to its end.
func (c *collection) rules(id string, r rule, p aws.Policy) {
	r.identities = c.identities(r)
	r.both = bothDuties(r.typ, p)
	on := c.on(r)
	for _, s := range p.Statements {
		c.statement(c.unique(id+"/"+s.ID), r, s, on)
	}
	if p.Opaque != "" {
		c.b.Incomplete(id + ": statements: " + p.Opaque)
		c.opaque(c.unique(id), r, p.Opaque, on)
	}
}

// statement writes one statement.
func (c *collection) statement(id string, r rule, s aws.Statement, on aws.Answer[[]string]) {
	if s.Opaque != "" {
		c.opaque(id, r, s.Opaque, on)
		return
	}
	pos := s.Pos
	if pos.IsZero() {
		pos = r.at
	}
	item := c.b.Add(id, "declared", pos)
	item.Set("type", r.typ, pos)
	s.Effect.Put(item, "effect")
	everyone := s.Everyone()
	if r.typ == "iam" {
		r.identities.Put(item, "principals")
		everyone = aws.Declared(false, pos)
	} else {
		c.texts(s.Principals).Put(item, "principals")
	}
	c.texts(s.Actions).Put(item, "actions")
	c.texts(s.Resources).Put(item, "resources")
	w := item.Object("wildcards", pos)
	everyone.Put(w, "principal")
	open(s.Actions, wideAction).Put(w, "action")
	open(s.Resources, wideResource).Put(w, "resource")
	writeConditions(item, s)
	s.Restricted().Put(item, "restricted")
	writeDuties(item, r, s)
	delegates(r, s).Put(item, "delegates")
	plain(item)
	writeSources(item, s)
	c.covered(r, s, on).Put(item, "store")
}

// open reports whether a part is open: negated, or an element that says so.
func open(p aws.Part, wide func(string) bool) aws.Answer[bool] {
	if p.Negated {
		return aws.Declared(true, p.Pos)
	}
	return p.Any(wide)
}

func wideAction(a string) bool { return a == "*" || strings.HasSuffix(a, ":*") }

// wideResource reports whether a resource is every one, of all services or one:
// arn:aws:s3:::*, arn:aws:dynamodb:*:*:table/*.
func wideResource(text string) bool {
	if text == "*" {
		return true
	}
	parts := strings.SplitN(text, ":", 6)
	if len(parts) != 6 {
		return false
	}
	rest := parts[5]
	if parts[2] == "s3" || parts[2] == "*" {
		return strings.Trim(rest, "*/") == ""
	}
	i := strings.LastIndexAny(rest, "/:")
	return strings.Trim(rest, "*/") == "" || i >= 0 && strings.Trim(rest[i+1:], "*") == "" && !strings.ContainsAny(rest[:i], "/:")
}

// texts renders a part: known elements as they are, references by address, a
// negated list with ! before each. Anything else makes it unknown.
func (c *collection) texts(p aws.Part) aws.Answer[[]string] {
	out := aws.Declared([]string{}, p.Pos)
	if p.Opaque != "" {
		return aws.NotKnown[[]string](p.Opaque, p.Pos)
	}
	for _, v := range p.Values {
		one := aws.Render(v)
		if !one.Known() {
			return aws.NotKnown[[]string](one.Reason, one.Pos)
		}
		if p.Negated {
			one.Value = "!" + one.Value
		}
		out.Value = append(out.Value, one.Value)
	}
	return out
}

func writeConditions(item *fact.ItemBuilder, s aws.Statement) {
	if len(s.Conditions) == 0 {
		item.Set("conditions", []any{}, fact.Position{})
		return
	}
	for _, cond := range s.Conditions {
		o := item.Append("conditions", fact.Position{})
		named(o, "operator", cond.Operator, cond.Opaque)
		named(o, "key", cond.Key, cond.Opaque)
		values := aws.Texts(&terraform.Value{Kind: terraform.Object, Fields: []terraform.Field{{Name: "values", Value: &terraform.Value{Kind: terraform.List, Elems: cond.Values}}}}, "values")
		if cond.Opaque != "" {
			values = aws.NotKnown[[]string](cond.Opaque, s.Pos)
		}
		values.Put(o, "values")
		cond.Restricts(s.Pos).Put(o, "restricts")
	}
}

// named writes a part of a condition; one without text is not known.
func named(o *fact.ItemBuilder, name, text, reason string) {
	if text == "" && reason != "" {
		o.Gap(name, reason, fact.Position{})
		return
	}
	o.Set(name, text, fact.Position{})
}

// opaque writes an item for what cannot be read.
func (c *collection) opaque(id string, r rule, reason string, on aws.Answer[[]string]) {
	item := c.b.Add(id, "declared", r.at)
	item.Set("type", r.typ, r.at)
	for _, name := range []string{"effect", "principals", "actions", "resources", "conditions", "restricted", "duties", "both_duties", "delegates"} {
		item.Gap(name, reason, r.at)
	}
	item.Object("wildcards", r.at).Gap("principal", reason, r.at).Gap("action", reason, r.at).Gap("resource", reason, r.at)
	none := fact.Position{}
	item.Gap("sources", reason, r.at).Gap("source_scope", reason, r.at).Set("method", "", none).Gap("mfa", reason, r.at)
	item.Set("recorded", true, none).Set("reachable", true, none).Set("error", "", none)
	if r.typ == "iam" || !on.Known() {
		item.Gap("store", reason, r.at)
		return
	}
	on.Put(item, "store")
}

// identities finds whom an identity's policy is attached to.
func (c *collection) identities(r rule) aws.Answer[[]string] {
	if r.typ != "iam" {
		return aws.Declared([]string{}, r.at)
	}
	if r.of != "" {
		return c.named(r.resource.Body.Get(r.of), "aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_ssoadmin_permission_set")
	}
	if r.resource.Type != "aws_iam_policy" {
		return aws.Declared([]string{r.resource.Address}, r.at)
	}
	out := aws.Declared([]string{}, r.at)
	for _, typ := range fact.SortedKeys(attachments) {
		for _, l := range c.x.Attached(r.resource, typ, "policy_arn") {
			if l.Reason != "" {
				return aws.NotKnown[[]string](l.Reason, l.Pos)
			}
			for _, argument := range attachments[typ] {
				out = aws.Union(out, c.named(l.Body.Get(argument), "aws_iam_role", "aws_iam_user", "aws_iam_group"))
			}
		}
	}
	return out
}

// named renders identities: the address where it is in the root, else the name.
func (c *collection) named(v *terraform.Value, types ...string) aws.Answer[[]string] {
	out := aws.Declared([]string{}, v.Pos)
	for _, e := range elements(v) {
		links := c.x.Named(e, types...)
		switch {
		case len(links) == 1 && links[0].Reason == "":
			out.Value = append(out.Value, links[0].Address)
		case len(links) > 0:
			return aws.NotKnown[[]string](links[0].Reason, v.Pos)
		default:
			one := aws.Render(e)
			if !one.Known() {
				return aws.NotKnown[[]string](one.Reason, one.Pos)
			}
			out.Value = append(out.Value, one.Value)
		}
	}
	slices.Sort(out.Value)
	return out
}

// attachments are the arguments that name identities, by type of attachment.
var attachments = map[string][]string{
	"aws_iam_role_policy_attachment":  {"role"},
	"aws_iam_user_policy_attachment":  {"user"},
	"aws_iam_group_policy_attachment": {"group"},
	"aws_iam_policy_attachment":       {"roles", "users", "groups"},
}
