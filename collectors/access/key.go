package access

import (
	"regexp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Actions that stand for the two duties about a key: who may change or delete
// it, and who may encrypt and decrypt with it.
var (
	administer = []string{"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:UpdateAlias", "kms:DeleteImportedKeyMaterial", "kms:RevokeGrant"}
	use        = []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"}
)

// duties tells which duties a statement's actions reach. A negated list reaches
// what it does not name.
func duties(s aws.Statement) aws.Answer[[]string] {
	out := aws.Declared([]string{}, s.Actions.Pos)
	for _, duty := range []struct {
		name    string
		actions []string
	}{{"administer", administer}, {"use", use}} {
		reached := aws.Declared(false, s.Actions.Pos)
		for _, action := range duty.actions {
			one := s.Actions.Any(func(pattern string) bool { return match(strings.ToLower(pattern), strings.ToLower(action)) })
			if s.Actions.Negated {
				one = aws.Not(one)
			}
			reached = aws.Or(reached, one)
		}
		if !reached.Known() {
			return aws.NotKnown[[]string](reached.Reason, reached.Pos)
		}
		if reached.Value {
			out.Value = append(out.Value, duty.name)
		}
	}
	return out
}

// match reports whether a pattern of IAM (* any run, ? one character) covers a
// text. It goes back only to the last *, which is enough for such patterns.
func match(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func writeDuties(item *fact.ItemBuilder, r rule, s aws.Statement) {
	if r.typ != "key_policy" {
		item.Set("duties", []any{}, fact.Position{}).Set("both_duties", []any{}, fact.Position{})
		return
	}
	duties(s).Put(item, "duties")
	if !r.both.Known() {
		r.both.Put(item, "both_duties")
		return
	}
	own := []string{}
	for _, p := range s.Principals.Values {
		if name := principal(p); slices.Contains(r.both.Value, name) {
			own = append(own, name)
		}
	}
	item.Set("both_duties", fact.Strings(own), s.Principals.Pos)
}

// bothDuties finds the principals that the statements together let administer
// and use the key.
func bothDuties(typ string, p aws.Policy) aws.Answer[[]string] {
	out := aws.Declared([]string{}, p.Pos)
	if typ != "key_policy" {
		return out
	}
	if p.Opaque != "" {
		return aws.NotKnown[[]string](p.Opaque, p.Pos)
	}
	has := map[string]map[string]bool{}
	for _, s := range p.Statements {
		reached := duties(s)
		switch {
		case s.Opaque != "" || !s.Effect.Known() || !reached.Known():
			return aws.NotKnown[[]string](s.Opaque+s.Effect.Reason+reached.Reason, s.Pos)
		case s.Effect.Value != "allow":
			continue
		}
		for _, v := range s.Principals.Values {
			name := principal(v)
			if name == "" || s.Principals.Opaque != "" {
				return aws.NotKnown[[]string]("a principal is not known", s.Pos)
			}
			for _, duty := range reached.Value {
				if has[name] == nil {
					has[name] = map[string]bool{}
				}
				has[name][duty] = true
			}
		}
	}
	for _, name := range fact.SortedKeys(has) {
		if len(has[name]) == 2 {
			out.Value = append(out.Value, name)
		}
	}
	return out
}

// principal renders one principal, "" if it is not known.
func principal(v *terraform.Value) string { return aws.Render(v).Value }

var account = regexp.MustCompile(`^([0-9]{12}|arn:aws[a-z-]*:iam::[0-9]{12}:root)$`)

// delegates reports whether the statement admits a whole account, whose own
// policies then decide.
func delegates(r rule, s aws.Statement) aws.Answer[bool] {
	if r.typ == "iam" {
		return aws.Declared(false, s.Pos)
	}
	for _, v := range s.Principals.Values {
		if aws.IsAccount(v) {
			return aws.Declared(true, v.Pos)
		}
	}
	return s.Principals.Any(account.MatchString)
}
