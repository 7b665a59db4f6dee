package finding

import "github.com/writ-policy/writ/engine/fact"

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
		f.Evidence[i].Value = r.Value(f.Evidence[i].Value)
	}
	if f.Location != nil {
		for i, line := range f.Location.Snippet {
			f.Location.Snippet[i] = r.Line(line)
		}
	}
}

func mask(r *fact.Redactor, list []string) {
	for i, s := range list {
		list[i] = r.Redact(s)
	}
}
