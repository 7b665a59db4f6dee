package logs

import (
	"time"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// directive is a line of configuration that sets an age.
type directive struct {
	at   fact.Position
	text string
}

// rotation is the rule that rotates the files of a store.
type rotation struct {
	at        fact.Position
	rule      string
	effective aws.Answer[bool]
	reasons   []string // why it is not carried out, sorted
	period    aws.Answer[float64]
	enabled   aws.Answer[bool]
	lastRun   aws.Answer[string] // RFC 3339, "" if it never ran
}

// access says who may read the files of a store. Modes are octal with a leading 0.
type access struct {
	at               fact.Position
	mode, createMode aws.Answer[string]
	owner, group     aws.Answer[string]
}

// observed is what stands on the disk.
type observed struct {
	at                               fact.Position
	oldest, newest, lastWrite, since aws.Answer[time.Time] // the zero time is none
	dated                            string
	files                            int
	bytes                            int64
	perDay                           float64
}

// onHost writes what is known of stores of a host: nothing of those that are only
// declared.
func (s *store) onHost(item *fact.ItemBuilder) {
	none := fact.Position{}
	item.Set("observed", []any{}, none).Set("rotation", []any{}, none).Set("access", []any{}, none)
	if o := s.observed; o != nil {
		in := item.Append("observed", o.at)
		for name, t := range map[string]aws.Answer[time.Time]{"oldest": o.oldest, "newest": o.newest, "last_write": o.lastWrite, "since": o.since} {
			aws.Then(t, stamp).Put(in, name)
		}
		in.Set("dated", o.dated, none).Set("files", o.files, none).Set("bytes", o.bytes, none).Set("bytes_per_day", o.perDay, none)
	}
	if s.rotation == nil && s.rotationUnknown != "" {
		item.Gap("rotation", s.rotationUnknown, s.at)
	}
	if r := s.rotation; r != nil {
		in := item.Append("rotation", r.at)
		in.Set("rule", r.rule, r.at).Set("reasons", fact.Strings(r.reasons), r.at)
		r.effective.Put(in, "effective")
		r.period.Put(in, "period_days")
		r.enabled.Put(in, "enabled")
		r.lastRun.Put(in, "last_run")
	}
	if a := s.access; a != nil {
		in := item.Append("access", a.at)
		a.mode.Put(in, "mode")
		a.createMode.Put(in, "create_mode")
		a.owner.Put(in, "owner")
		a.group.Put(in, "group")
	}
}

// stamp is a time as facts have it; the zero time is none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
