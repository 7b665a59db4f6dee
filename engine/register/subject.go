package register

import (
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// Subject is a kind and a glob over the ids of its items, written "kind/id".
type Subject struct{ Kind, ID string }

func (s Subject) String() string {
	if s.Kind == "" {
		return ""
	}
	return s.Kind + "/" + s.ID
}

// Covers reports whether the subject names an item.
func (s Subject) Covers(kind, id string) bool {
	return s.Kind != "" && s.Kind == kind && id != "" && Match(s.ID, id)
}

func (b *block) subject(name string) Subject {
	l, ok := b.literal(name)
	if !ok {
		return Subject{}
	}
	text := b.asText(name, l)
	if b.entry.invalid[name] != "" {
		return Subject{}
	}
	kind, id, _ := strings.Cut(text, "/")
	names := []string{finding.RawKind}
	for _, k := range fact.Kinds() {
		names = append(names, k.Name)
	}
	switch {
	case kind == "" || strings.Contains(kind, "*"):
		b.refuse(name, l.at, shown(l)+" names no kind.", `Write "kind/id", for example "log.store/aws_cloudwatch_log_group.app".`)
	case fact.LookupKind(kind) == nil && kind != finding.RawKind:
		b.refuse(name, l.at, quote(kind)+" is not a kind.", suggest(kind, names))
	case id == "":
		b.refuse(name, l.at, shown(l)+" is a whole kind.", "Name the subject: "+quote(kind+"/ID")+".")
	case !b.glob(name, l):
	default:
		return Subject{kind, id}
	}
	return Subject{}
}
