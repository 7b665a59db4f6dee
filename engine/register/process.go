package register

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// process compares a socket's owners with what the entries expect that cover it.
// Every owner must match every field that an entry names. Entries never cover the
// same address, so all of them must be met: a dual-stack socket may have one for
// each family. No entry, or none that names a process, leaves nothing to compare.
func (a *annotator) process(s *sheet, i int, entries []*Port) {
	found, at := []any{}, fact.Position{}
	for _, p := range entries {
		reason := p.invalid["process"]
		var differ []any
		if reason == "" {
			differ, reason = s.differences(i, p.Process)
		}
		if reason != "" {
			s.gap(i, "process_mismatch", reason, fact.Position{})
			return
		}
		if len(found) == 0 {
			at = p.At("process")
		}
		found = append(found, differ...)
	}
	slices.SortStableFunc(found, byField)
	s.set(i, "process_mismatch", found, at)
}

func byField(a, b any) int {
	x, _ := a.(map[string]any)["field"].(string)
	y, _ := b.(map[string]any)["field"].(string)
	return strings.Compare(x, y)
}

// differences lists the fields that an owner does not match; unknown is the
// reason if an owner that matters is not known.
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
