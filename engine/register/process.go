package register

import "github.com/writ-policy/writ/engine/fact"

// process compares a socket's owners with what the entries expect. Every owner
// must match every field that an entry names; of several entries one is enough.
// No entry, or none that names a process, leaves nothing to compare.
func (a *annotator) process(s *sheet, i int, entries []*Port) {
	var first []any
	at, unknown := fact.Position{}, ""
	for _, p := range entries {
		reason := p.invalid["process"]
		var differ []any
		if reason == "" {
			differ, reason = s.differences(i, p.Process)
		}
		switch {
		case reason != "":
			unknown = reason
		case len(differ) == 0:
			s.set(i, "process_mismatch", []any{}, p.At("process"))
			return
		case first == nil:
			first, at = differ, p.At("process")
		}
	}
	if unknown != "" {
		s.gap(i, "process_mismatch", unknown, fact.Position{})
		return
	}
	if first == nil {
		first = []any{}
	}
	s.set(i, "process_mismatch", first, at)
}

// differences lists the fields that an owner does not match, sorted by field;
// unknown is the reason if an owner that matters is not known.
func (s *sheet) differences(i int, want Process) (out []any, unknown string) {
	for _, f := range []struct{ name, glob string }{
		{"exe", want.Exe}, {"image_digest", want.ImageDigest}, {"unit", want.Unit}, {"user", want.User},
	} {
		if f.glob == "" {
			continue
		}
		owners, ok := s.doc.Items[i]["owners"].([]any)
		if !ok {
			return nil, s.reason(i, "owners")
		}
		if len(owners) == 0 {
			out = append(out, mismatch(f.name, f.glob, ""))
		}
		for _, o := range owners {
			owner, _ := o.(map[string]any)
			text, ok := owner[f.name].(string)
			if !ok {
				return nil, f.name + " of an owner is not known"
			}
			if !Match(f.glob, text) {
				out = append(out, mismatch(f.name, f.glob, text))
				break
			}
		}
	}
	return out, ""
}

func mismatch(field, expected, actual string) any {
	return map[string]any{"field": field, "expected": expected, "actual": actual}
}
