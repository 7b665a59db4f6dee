package aws

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// nameAttributes are the attributes that are an ARN, id or name which the
// provider gives to one thing, or the number of an account.
var nameAttributes = []string{
	"account_id", "arn", "bucket", "canonical_user_id", "dns_suffix", "iam_arn", "id", "key_id", "name", "partition", "region", "unique_id", "user_id",
}

// isName reports whether an unknown value is just such an attribute, or text
// around some that is more than a wildcard: "${bucket.arn}/*" names objects of
// one bucket, "arn:aws:iam::${account_id}:root" one account.
func isName(v *terraform.Value) bool {
	if v.Kind != terraform.Unknown || len(v.Refs) == 0 {
		return false
	}
	for _, ref := range v.Refs {
		if !slices.Contains(nameAttributes, ref.Path) {
			return false
		}
	}
	if v.Direct {
		return len(v.Refs) == 1
	}
	if v.Parts != nil {
		return atApply(v.Reason) && !slices.ContainsFunc(v.Parts, func(p *terraform.Value) bool { return p.Kind != terraform.String && !p.Direct })
	}
	return len(v.Literals) > 0 && atApply(v.Reason) && !slices.ContainsFunc(v.Literals, wild)
}

// around tries f on text around references, with a word in place of each. Where a
// fixed part alone satisfies it, the value may be a choice between several.
func around(v *terraform.Value, f func(string) bool) Answer[bool] {
	if v.Direct {
		return Declared(false, v.Pos)
	}
	if v.Parts != nil {
		return Declared(f(worded(v.Parts)), v.Pos)
	}
	parts := []string{}
	for _, l := range v.Literals {
		if f(l.Text) {
			return Unknown[bool](v)
		}
		parts = append(parts, l.Text)
	}
	text := strings.Join(parts, "x")
	for _, one := range []string{text, "x" + text, text + "x", "x" + text + "x"} {
		if f(one) {
			return Declared(true, v.Pos)
		}
	}
	return Declared(false, v.Pos)
}

// worded is the text of a template with a word in place of each reference.
func worded(parts []*terraform.Value) string {
	text := ""
	for _, p := range parts {
		if p.Kind == terraform.String {
			text += p.Text
		} else {
			text += "x"
		}
	}
	return text
}

// wild reports whether a fixed part of a text may be a wildcard of its own: a
// choice between "*" and something else has such a part.
func wild(v *terraform.Value) bool {
	return v.Kind != terraform.String || strings.HasPrefix(v.Text, "*") || strings.HasPrefix(v.Text, "?")
}

// atApply reports whether a value is unknown only because the provider makes it.
func atApply(reason string) bool {
	for _, one := range strings.Split(reason, "; ") {
		if one != "known only after apply" && !strings.HasSuffix(one, "is read at apply") {
			return false
		}
	}
	return true
}

// Filled returns text around the own account, region and partition with a word
// in place of each: they only say where, not what.
func Filled(v *terraform.Value) (string, bool) {
	if !isName(v) || v.Direct {
		return "", false
	}
	for _, ref := range v.Refs {
		if !strings.Contains(ref.Address, "data.aws_caller_identity.") && !strings.Contains(ref.Address, "data.aws_region.") && !strings.Contains(ref.Address, "data.aws_partition.") {
			return "", false
		}
	}
	if v.Parts != nil {
		text := worded(v.Parts)
		return text, strings.HasPrefix(text, "arn:")
	}
	parts := []string{}
	for _, l := range v.Literals {
		parts = append(parts, l.Text)
	}
	text := strings.Join(parts, "x")
	return text, len(parts) > len(v.Refs) && strings.HasPrefix(text, "arn:")
}

// Render returns a readable form of a value: a known string as it is, a reference
// by the address of its resource (of a data source with the attribute), text
// around references with the addresses in braces. It is not known otherwise.
func Render(v *terraform.Value) Answer[string] {
	switch {
	case v.Kind == terraform.String:
		return Declared(v.Text, v.Pos)
	case v.Kind != terraform.Unknown:
		return NotKnown[string]("not a string", v.Pos)
	case v.Direct && len(v.Refs) == 1:
		return Declared(address(v.Refs[0]), v.Pos)
	case !isName(v):
		return Unknown[string](v)
	}
	if v.Parts != nil {
		return rendered(v)
	}
	// Of other expressions the order of references is not kept.
	names := []string{}
	for _, ref := range v.Refs {
		names = append(names, address(ref))
	}
	if len(names) == 1 && len(v.Literals) == 1 && strings.ContainsAny(v.Literals[0].Text[:min(1, len(v.Literals[0].Text))], "/:") {
		return Declared(names[0]+v.Literals[0].Text, v.Pos)
	}
	if !strings.HasPrefix(v.Literals[0].Text, "arn:") {
		return Unknown[string](v)
	}
	parts := []string{}
	for _, l := range v.Literals {
		parts = append(parts, l.Text)
	}
	return Declared(strings.Join(parts, "{"+strings.Join(names, ", ")+"}"), v.Pos)
}

// rendered is the text of a template: an attribute with more behind it, or an ARN
// with references in braces.
func rendered(v *terraform.Value) Answer[string] {
	first, rest := v.Parts[0], ""
	for _, p := range v.Parts[1:] {
		if p.Direct {
			rest += "{" + address(p.Refs[0]) + "}"
		} else {
			rest += p.Text
		}
	}
	switch {
	case first.Direct && (strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, ":")):
		return Declared(address(first.Refs[0])+rest, v.Pos)
	case strings.HasPrefix(first.Text, "arn:"):
		return Declared(first.Text+rest, v.Pos)
	}
	return Unknown[string](v)
}

func address(ref terraform.Ref) string {
	if strings.HasPrefix(ref.Address, "data.") || strings.Contains(ref.Address, ".data.") {
		return ref.Address + "." + ref.Path
	}
	return ref.Address
}

// IsAccount reports whether an unknown value is the number of the own account or
// the ARN of its root.
func IsAccount(v *terraform.Value) bool {
	if v.Kind != terraform.Unknown || !isName(v) {
		return false
	}
	account := false
	for _, ref := range v.Refs {
		switch ref.Path {
		case "account_id":
			account = true
		case "partition":
		default:
			return false
		}
	}
	text := ""
	for _, l := range v.Literals {
		text += l.Text
	}
	return account && (v.Direct || text == "arn:aws:iam:::root" || text == "arn::iam:::root" || text == "arn:aws-cn:iam:::root" || text == "arn:aws-us-gov:iam:::root" || text == "arn:aws:iam::%s:root")
}

// namesObjects reports whether a value is a bucket's ARN followed by /*. Only a
// template says so: a function may do anything with an ARN and "/*".
func namesObjects(v *terraform.Value) bool {
	if len(v.Parts) != 2 || !isName(v) {
		return false
	}
	arn, rest := v.Parts[0], v.Parts[1]
	return arn.Direct && arn.Refs[0].Path == "arn" && rest.Kind == terraform.String && rest.Text == "/*"
}
