package aws

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// SecureTransport reports whether the bucket's policy denies every request that
// is not encrypted: a statement that denies everyone every action on every
// object where aws:SecureTransport is false, and under no other condition.
func (b Bucket) SecureTransport() Answer[bool] {
	denied := Default(false, b.Pos)
	read := func(v *terraform.Value, reason string) {
		p := b.x.ReadPolicy(v)
		one := Declared(false, v.Pos)
		for _, s := range p.Statements {
			one = Or(one, s.deniesPlain())
		}
		if p.Opaque != "" {
			one = Or(one, NotKnown[bool](p.Opaque, v.Pos))
		}
		if reason != "" {
			one = And(one, NotKnown[bool](reason, v.Pos))
		}
		denied = Or(denied, one)
	}
	if inline := b.Body.Get("policy"); !inline.Unset() {
		read(inline, "")
	}
	for _, l := range b.x.Attached(b.Resource, "aws_s3_bucket_policy", "bucket") {
		read(l.Body.Get("policy"), l.Reason)
	}
	return denied
}

// deniesPlain judges one statement. Resources need only name the objects: a
// statement on the bucket alone leaves them readable.
func (s Statement) deniesPlain() Answer[bool] {
	if s.Opaque != "" {
		return NotKnown[bool](s.Opaque, s.Pos)
	}
	if len(s.Conditions) != 1 || s.Actions.Negated || s.Resources.Negated || s.Principals.Negated {
		return Declared(false, s.Pos)
	}
	c := s.Conditions[0]
	if c.Opaque != "" {
		return NotKnown[bool](c.Opaque, s.Pos)
	}
	if !strings.EqualFold(c.Operator, "Bool") || !strings.EqualFold(c.Key, "aws:SecureTransport") || len(c.Values) != 1 {
		return Declared(false, s.Pos)
	}
	off := Part{Values: c.Values, Pos: s.Pos}.Any(func(v string) bool { return strings.EqualFold(v, "false") })
	all := s.Actions.Any(func(a string) bool { return a == "*" || strings.EqualFold(a, "s3:*") })
	return And(And(And(Then(s.Effect, func(e string) bool { return e == "deny" }), s.Everyone()), all), And(off, s.Resources.objects()))
}

// objects reports whether a part names every object of a bucket: *, an ARN that
// ends in /*, or a reference to one with /* behind it. A bare reference to the bucket names the bucket alone; text
// made of one may name anything in it.
func (p Part) objects() Answer[bool] {
	for _, v := range p.Values {
		if v.Kind == terraform.String && (v.Text == "*" || strings.HasSuffix(v.Text, "/*") || strings.HasSuffix(v.Text, ":::*")) {
			return Declared(true, v.Pos)
		}
	}
	for _, v := range p.Values {
		if namesObjects(v) {
			return Declared(true, v.Pos)
		}
	}
	if reason := p.Reason(); reason != "" && !p.direct() {
		return NotKnown[bool](reason, p.Pos)
	}
	return Declared(false, p.Pos)
}

// direct reports whether every unknown element is just an attribute.
func (p Part) direct() bool {
	for _, v := range p.Values {
		if v.Kind == terraform.Unknown && !v.Direct {
			return false
		}
	}
	return p.Opaque == ""
}
