package finding

import (
	"cmp"

	"github.com/writ-policy/writ/engine/fact"
)

// Mask masks the secrets that a redactor knows in everything that comes from facts.
// A finding that was made when all of them were known stays as it is.
func (f *Finding) Mask(r *fact.Redactor) {
	mask(r, f.Advice)
	mask(r, f.Reasons)
	f.Message, f.Key, f.Remediation = r.Redact(f.Message), r.Redact(f.Key), r.Redact(f.Remediation)
	f.Expected, f.Actual = r.Value(f.Expected), r.Value(f.Actual)
	if f.Custom != nil {
		f.Custom, _ = r.Value(f.Custom).(map[string]any)
	}
	for i := range f.Evidence {
		maskEvidence(r, f.Subject.Kind, &f.Evidence[i])
	}
	if f.Location != nil {
		for i, line := range f.Location.Snippet {
			f.Location.Snippet[i] = r.Line(line)
		}
	}
}

func maskEvidence(r *fact.Redactor, kind string, e *Evidence) {
	segments := fact.SplitPointer(e.Pointer)
	if len(segments) < 3 { // a parameter
		e.Value = r.Value(e.Value)
		return
	}
	k := fact.LookupKind(cmp.Or(e.Of.Kind, kind))
	e.Pointer, e.Value = r.Pointer(k, nil, e.Pointer), r.At(k, segments[2:], e.Value)
}

func mask(r *fact.Redactor, list []string) {
	for i, s := range list {
		list[i] = r.Redact(s)
	}
}
