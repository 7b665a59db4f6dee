package access

import (
	"net/netip"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// writeSources writes from where a statement admits and whether it demands a
// second factor, as far as its conditions say.
func writeSources(item *fact.ItemBuilder, s aws.Statement) {
	sources, scope := aws.Declared([]string{}, s.Pos), aws.Declared("none", s.Pos)
	mfa := aws.Declared(false, s.Pos)
	for _, c := range s.Conditions {
		if c.Opaque != "" {
			sources, scope = aws.NotKnown[[]string](c.Opaque, s.Pos), aws.NotKnown[string](c.Opaque, s.Pos)
			mfa = aws.Or(mfa, aws.NotKnown[bool](c.Opaque, s.Pos))
			continue
		}
		switch strings.ToLower(c.Key) {
		case "aws:sourceip", "aws:vpcsourceip":
			if strings.EqualFold(c.Operator, "IpAddress") {
				sources, scope = addresses(c, s.Pos)
			}
		case "aws:multifactorauthpresent":
			if strings.EqualFold(c.Operator, "Bool") {
				mfa = aws.Or(mfa, aws.Part{Values: c.Values, Pos: s.Pos}.Any(func(v string) bool { return strings.EqualFold(v, "true") }))
			}
		case "aws:multifactorauthage":
			mfa = aws.Or(mfa, aws.Declared(strings.EqualFold(c.Operator, "NumericLessThan"), s.Pos))
		}
	}
	sources.Put(item, "sources")
	scope.Put(item, "source_scope")
	mfa.Put(item, "mfa")
}

// addresses reads networks; the scope is internal if all are private.
func addresses(c aws.Condition, at fact.Position) (aws.Answer[[]string], aws.Answer[string]) {
	out, scope := aws.Declared([]string{}, at), aws.Declared("internal", at)
	for _, v := range c.Values {
		if v.Kind != terraform.String {
			return aws.Unknown[[]string](v), aws.Unknown[string](v)
		}
		prefix, err := netip.ParsePrefix(v.Text)
		if err != nil {
			addr, err := netip.ParseAddr(v.Text)
			if err != nil {
				return aws.NotKnown[[]string](v.Text+" is not an address", at), aws.NotKnown[string](v.Text+" is not an address", at)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		prefix = prefix.Masked()
		out.Value = append(out.Value, prefix.String())
		if !prefix.Addr().IsPrivate() {
			scope.Value = "internet"
		}
	}
	return out, scope
}
