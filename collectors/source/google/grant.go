package google

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Grant is one role given to members: a binding of an IAM policy.
type Grant struct {
	// ID is the address of the resource, with the number of the binding where it
	// holds a whole policy.
	ID       string
	Resource *terraform.Resource
	Role     aws.Answer[string]
	Members  aws.Part
	// Condition is the block of the condition, the zero value if there is none.
	Condition *terraform.Value
	// Opaque is why the grant cannot be read at all; "" if it can.
	Opaque string
	Pos    fact.Position
}

// IsGrant reports whether a resource type gives roles: google_*_iam_member,
// _binding and _policy.
func IsGrant(typ string) bool {
	return strings.HasPrefix(typ, "google_") &&
		(strings.HasSuffix(typ, "_iam_member") || strings.HasSuffix(typ, "_iam_binding") || strings.HasSuffix(typ, "_iam_policy"))
}

// Grants reads what one resource gives. A policy whose bindings cannot be seen is
// one opaque grant.
func (x Index) Grants(r *terraform.Resource) []Grant {
	if strings.HasSuffix(r.Type, "_iam_policy") {
		return x.policy(r, r.Body.Get("policy_data"))
	}
	g := Grant{ID: r.Address, Resource: r, Role: aws.Text(r.Body, "", "role"), Condition: aws.Block(r.Body, "condition"), Pos: r.Pos}
	if strings.HasSuffix(r.Type, "_iam_member") {
		g.Members = members(r.Body.Get("member"), r.Pos)
	} else {
		g.Members = members(r.Body.Get("members"), r.Pos)
	}
	return []Grant{g}
}

// members reads one member or a list of them.
func members(v *terraform.Value, at fact.Position) aws.Part {
	p := aws.Part{Pos: at}
	if !v.Pos.IsZero() {
		p.Pos = v.Pos
	}
	switch v.Kind {
	case terraform.Absent, terraform.Null:
	case terraform.List:
		p.Values = v.Elems
	case terraform.Unknown:
		if v.Elems != nil || len(v.Refs) == 0 && v.Parts == nil {
			p.Values, p.Opaque = v.Elems, v.Reason
		} else {
			p.Values = []*terraform.Value{v}
		}
	default:
		p.Values = []*terraform.Value{v}
	}
	return p
}

// policy reads a whole policy: a data source google_iam_policy, or JSON.
func (x Index) policy(r *terraform.Resource, v *terraform.Value) []Grant {
	opaque := func(reason string) []Grant {
		return []Grant{{ID: r.Address, Resource: r, Opaque: reason, Pos: r.Pos}}
	}
	if v.Direct && len(v.Refs) == 1 {
		if d := x.Resource(v.Refs[0].Address); d != nil && d.Mode == "data" && d.Type == "google_iam_policy" {
			if !d.KnownCount {
				return opaque(d.Address + ": how many instances there are is not known")
			}
			blocks, reason := aws.Blocks(d.Body, "binding")
			return bindings(r, blocks, reason)
		}
	}
	doc := v.Encodes
	switch {
	case doc != nil:
	case v.Kind == terraform.String && v.Text != "":
		parsed, err := aws.ParseJSON([]byte(v.Text), v.Pos)
		if err != nil {
			return opaque("the policy cannot be read: " + err.Error())
		}
		doc = parsed
	case v.Unset():
		return opaque("no policy is written")
	default:
		if v.Reason != "" {
			return opaque(v.Reason)
		}
		return opaque("the policy is not text")
	}
	blocks, reason := aws.Blocks(doc, "bindings")
	return bindings(r, blocks, reason)
}

func bindings(r *terraform.Resource, blocks []*terraform.Value, reason string) []Grant {
	var out []Grant
	for i, b := range blocks {
		g := Grant{ID: r.Address + "/" + strconv.Itoa(i), Resource: r, Pos: b.Pos}
		if b.Kind != terraform.Object {
			g.Opaque = "the binding is not known: " + b.Reason
			out = append(out, g)
			continue
		}
		g.Role = aws.Text(b, "", "role")
		g.Members = members(b.Get("members"), b.Pos)
		g.Condition = aws.Block(b, "condition")
		out = append(out, g)
	}
	if reason != "" && len(blocks) == 0 {
		out = append(out, Grant{ID: r.Address, Resource: r, Opaque: reason, Pos: r.Pos})
	}
	return out
}

// everyone are the members that stand for people without an account of the
// organisation: with and without any account of Google.
func everyone(member string) bool { return member == "allUsers" || member == "allAuthenticatedUsers" }

// Everyone reports whether the grant is to everyone, with or without an account
// of Google.
func (g Grant) Everyone() aws.Answer[bool] {
	if g.Opaque != "" {
		return aws.NotKnown[bool](g.Opaque, g.Pos)
	}
	out := aws.Declared(false, g.Members.Pos)
	if g.Members.Opaque != "" {
		out = aws.NotKnown[bool](g.Members.Opaque, g.Members.Pos)
	}
	for _, v := range g.Members.Values {
		switch {
		case v.Kind == terraform.String:
			out = aws.Or(out, aws.Declared(everyone(v.Text), v.Pos))
		case prefixed(v):
			// "serviceAccount:…" and the like, whatever follows.
		default:
			reason := v.Reason
			if reason == "" {
				reason = "a member is not text"
			}
			out = aws.Or(out, aws.NotKnown[bool](reason, v.Pos))
		}
	}
	return out
}

// prefixed reports whether an unknown member is certain to be a principal: text
// that begins with its type, or an attribute that holds one.
func prefixed(v *terraform.Value) bool {
	if v.Kind != terraform.Unknown {
		return false
	}
	if len(v.Parts) > 0 && v.Parts[0].Kind == terraform.String {
		kind, _, ok := strings.Cut(v.Parts[0].Text, ":")
		return ok && kind != ""
	}
	return v.Direct && len(v.Refs) == 1 && (v.Refs[0].Path == "member" || v.Refs[0].Path == "iam_member" || v.Refs[0].Path == "writer_identity")
}

// Conditional reports whether a condition is written.
func (g Grant) Conditional() aws.Answer[bool] {
	if g.Condition.Kind == terraform.Unknown {
		return aws.Unknown[bool](g.Condition)
	}
	return aws.Declared(!g.Condition.Unset(), g.Pos)
}

// Public reports whether the grant admits everyone. What a condition then leaves
// of it is not known here: its expression is not evaluated.
func (g Grant) Public() aws.Answer[bool] {
	open := g.Everyone()
	if open.Known() && !open.Value {
		return open
	}
	conditional := g.Conditional()
	if open.Known() && (!conditional.Known() || conditional.Value) {
		return aws.NotKnown[bool]("what the condition of "+g.ID+" leaves is not evaluated", g.Pos)
	}
	return open
}
