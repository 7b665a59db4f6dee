package firewall

import (
	"regexp"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

var (
	temporaryWord = regexp.MustCompile(`(?i)\b(temp|tmp|temporary|temporarily|until|expires?|expiring)\b`)
	dateWord      = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2}))?\b`)
)

// Tags are looked up without regard to case, "-" and "_".
var (
	justificationTags = [...]string{"justification", "ticket", "change", "reason"}
	expiryTags        = [...]string{"expireson", "expires", "expiry", "validuntil"}
	temporaryTags     = [...]string{"temporary"}
)

// rationale is what a rule's description and tags say of it.
type rationale struct {
	comment, unknown string // why the comment is not known
	at               fact.Position
	tags             tagSet
	pos              fact.Position // of the rule
}

// writeReason fills what a rule's description and tags say: comment,
// justification, temporary, expires_on.
func writeReason(it *fact.ItemBuilder, r *vpc.Rule) {
	comment, unknown, at := text(r.Description, r.Pos)
	rationale{comment, unknown, at, readTags(r.Tags, r.Pos), r.Pos}.write(it)
}

func (r rationale) write(it *fact.ItemBuilder) {
	comment, commentReason, commentAt, tags := r.comment, r.unknown, r.at, r.tags
	if commentReason != "" {
		it.Gap("comment", commentReason, commentAt)
	} else {
		it.Set("comment", comment, commentAt)
	}

	justification := tags.find(justificationTags[:])
	switch {
	case justification.value != "":
		it.Set("justification", justification.value, justification.at)
	case commentReason != "":
		it.Gap("justification", commentReason, commentAt)
	case justification.reason != "":
		it.Gap("justification", justification.reason, justification.at)
	case tags.reason != "" && comment == "":
		it.Gap("justification", tags.reason, r.pos)
	default:
		it.Set("justification", comment, commentAt)
	}

	expiry, flag := tags.find(expiryTags[:]), tags.find(temporaryTags[:])
	saysSo := temporaryWord.MatchString(comment) || expiry.value != "" || truthy(flag.value)
	unknown := firstOf(commentReason, expiry.reason, flag.reason, tags.reason)
	at := commentAt
	if expiry.value != "" {
		at = expiry.at
	}
	switch {
	case saysSo:
		it.Set("temporary", true, at)
	case unknown != "":
		it.Gap("temporary", unknown, at)
	default:
		it.Set("temporary", false, at)
	}
	date := dateWord.FindString(expiry.value)
	if date == "" && temporaryWord.MatchString(comment) {
		date = dateWord.FindString(comment)
	}
	switch _, err := fact.ParseTime(date); {
	case date != "" && err == nil:
		it.Set("expires_on", date, at)
	case date != "":
		it.Gap("expires_on", err.Error(), at)
	case unknown != "":
		it.Gap("expires_on", unknown, at)
	default:
		it.Set("expires_on", "", at)
	}
}

func truthy(s string) bool {
	return s != "" && !strings.EqualFold(s, "false") && !strings.EqualFold(s, "no") && s != "0"
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// text is a string argument, "" if it is not written.
func text(v *terraform.Value, otherwise fact.Position) (s, reason string, at fact.Position) {
	at = otherwise
	if v != nil && !v.Pos.IsZero() {
		at = v.Pos
	}
	switch {
	case v.Unset():
		return "", "", at
	case v.Sensitive:
		return "", "the value is marked sensitive", at
	case v.Kind == terraform.String:
		return v.Text, "", at
	case v.Kind == terraform.Number:
		return v.Number, "", at
	case v.Kind == terraform.Bool && v.Bool:
		return "true", "", at
	case v.Kind == terraform.Bool:
		return "false", "", at
	case v.Kind == terraform.Unknown:
		return "", v.Reason, at
	}
	return "", "is not a text", at
}

// tagSet is a resource's tags; reason says why there may be more.
type tagSet struct {
	list   []tag
	reason string
}

type tag struct {
	name, value, reason string
	at                  fact.Position
}

func readTags(v *terraform.Value, otherwise fact.Position) tagSet {
	var set tagSet
	if v.Unset() {
		return set
	}
	if v.Kind == terraform.Unknown {
		set.reason = v.Reason
	}
	for _, f := range v.Fields {
		value, reason, at := text(f.Value, otherwise)
		set.list = append(set.list, tag{tagName(f.Name), value, reason, at})
	}
	return set
}

func tagName(s string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
}

func (s tagSet) find(names []string) tag {
	for _, name := range names {
		for _, t := range s.list {
			if t.name == name {
				return t
			}
		}
	}
	return tag{}
}
