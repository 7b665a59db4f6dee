package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Everyone reports whether the statement concerns everyone: the principal *, or
// everyone but some.
func (s Statement) Everyone() Answer[bool] {
	if s.Principals.Negated {
		return Declared(true, s.Principals.Pos)
	}
	return s.Principals.Any(func(p string) bool { return p == "*" })
}

// Restricted reports whether a condition narrows who is admitted. All conditions
// must hold, so one is enough.
func (s Statement) Restricted() Answer[bool] {
	out := Declared(false, s.Pos)
	for _, c := range s.Conditions {
		out = Or(out, c.Restricts(s.Pos))
	}
	return out
}

// Public reports whether the statement admits everyone without a condition that
// narrows it.
func (s Statement) Public() Answer[bool] {
	if s.Opaque != "" {
		return NotKnown[bool](s.Opaque, s.Pos)
	}
	allow := Then(s.Effect, func(e string) bool { return e == "allow" })
	return And(And(allow, s.Everyone()), Not(s.Restricted()))
}

// Public reports whether the policy admits everyone, and by which statements.
func (p Policy) Public() (Answer[bool], []string) {
	out, by := Declared(false, p.Pos), []string{}
	for _, s := range p.Statements {
		one := s.Public()
		if one.Known() && one.Value {
			by = append(by, s.ID)
		}
		out = Or(out, one)
	}
	if p.Opaque != "" {
		out = Or(out, NotKnown[bool](p.Opaque, p.Pos))
	}
	return out, by
}

// restrictingKeys are the condition keys that tie a request to an account, an
// organisation, a network or a resource. They follow the list by which Amazon S3
// calls a policy public ("The meaning of public" in the S3 User Guide), with the
// keys of KMS that name the calling account.
var restrictingKeys = []string{
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
	"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:userid", "aws:username",
	"aws:vpcsourceip", "kms:calleraccount", "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
}

// Restricts reports whether the condition narrows who is admitted: a positive
// comparison of such a key with values that do not admit everyone.
func (c Condition) Restricts(at fact.Position) Answer[bool] {
	if c.Opaque != "" {
		return NotKnown[bool](c.Opaque, at)
	}
	key := strings.ToLower(c.Key)
	operator := strings.ToLower(c.Operator)
	if !slices.Contains(restrictingKeys, key) && !strings.HasSuffix(key, ":sub") {
		return Declared(false, at)
	}
	operator = strings.TrimPrefix(operator, "foranyvalue:")
	// IfExists and ForAllValues hold where the key is absent.
	if strings.HasSuffix(operator, "ifexists") || strings.HasPrefix(operator, "forallvalues:") {
		return Declared(false, at)
	}
	switch operator {
	case "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress":
	default:
		return Declared(false, at)
	}
	if len(c.Values) == 0 {
		return Declared(false, at)
	}
	out := Declared(true, at)
	for _, v := range c.Values {
		if v.Kind != terraform.String {
			out = And(out, NotKnown[bool](orElse(v.Reason, "not a string"), v.Pos))
			continue
		}
		out = And(out, Declared(narrow(operator, key, v.Text), at))
	}
	return out
}

// narrow reports whether a value of a condition admits less than everyone. As S3
// does, it takes only fixed values, in an ARN up to the account, and networks no
// wider than /8 (IPv6: /32).
func narrow(operator, key, value string) bool {
	if operator != "ipaddress" {
		fixed := value
		if strings.HasPrefix(value, "arn:") {
			fixed = strings.Join(strings.SplitN(value, ":", 6)[:min(5, strings.Count(value, ":")+1)], ":")
		} else if strings.HasSuffix(key, ":sub") {
			fixed, _, _ = strings.Cut(value, "*")
		}
		return fixed != "" && !strings.ContainsAny(fixed, "*?")
	}
	prefix, err := netip.ParsePrefix(value)
	if err != nil {
		_, err := netip.ParseAddr(value)
		return err == nil
	}
	if prefix.Addr().Is4() {
		return prefix.Bits() >= 8
	}
	return prefix.Bits() >= 32
}
