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
	found, at, unknown := []any{}, fact.Position{}, ""
	for _, p := range entries {
		reason := p.invalid["process"]
		var differ []any
		if reason == "" {
			differ, reason = s.differences(i, p.Process)
		}
		if reason != "" {
			unknown = reason
		}
		if len(found) == 0 {
			at = p.At("process")
		}
		found = append(found, differ...)
	}
	if len(found) == 0 && unknown != "" {
		s.gap(i, "process_mismatch", unknown, fact.Position{})
		return
	}
	if len(entries) > 0 {
		found = append(found, s.spoken(i)...)
	}
	slices.SortStableFunc(found, byField)
	s.set(i, "process_mismatch", found, at)
}

// spoken is a mismatch of the protocol: the executable is known for one, and another
// answers. Where nobody asked there is none.
func (s *sheet) spoken(i int) []any {
	wire, _ := s.doc.Items[i]["wire"].(map[string]any)
	known, _ := wire["conflict"].(string)
	name, _ := wire["name"].(string)
	if known == "" {
		return nil
	}
	return []any{mismatch("wire", known, name)}
}

func byField(a, b any) int {
	x, _ := a.(map[string]any)["field"].(string)
	y, _ := b.(map[string]any)["field"].(string)
	return strings.Compare(x, y)
}

// differences lists the fields that an owner does not match. One that differs is
// enough to tell, also where another is not known; that none does can be told only if
// every owner is known, else unknown is the reason.
func (s *sheet) differences(i int, want Process) (out []any, unknown string) {
	for _, f := range []struct{ name, glob string }{
		{"exe", want.Exe}, {"image_digest", want.ImageDigest}, {"unit", want.Unit}, {"user", want.User},
	} {
		if f.glob == "" {
			continue
		}
		differs, reason := s.differs(i, f.name, f.glob)
		if differs != nil {
			out = append(out, differs)
		} else if reason != "" && unknown == "" {
			unknown = reason
		}
	}
	if len(out) > 0 {
		unknown = ""
	}
	return out, unknown
}

// differs returns how the owners differ from a glob in one field, nil if they do not
// or if that is not known.
func (s *sheet) differs(i int, field, glob string) (differs any, unknown string) {
	owners, ok := s.doc.Items[i]["owners"].([]any)
	if !ok {
		return nil, s.reason(i, "owners")
	}
	if len(owners) == 0 {
		return mismatch(field, glob, ""), ""
	}
	for _, o := range owners {
		owner, _ := o.(map[string]any)
		text, ok := owner[field].(string)
		container, _ := owner["container"].(map[string]any)
		runtime, told := container["runtime"].(string)
		switch {
		case !ok:
			unknown = field + " of an owner is not known"
		case !Match(glob, text):
			return mismatch(field, glob, text), ""
		case field != "exe" || runtime != "" || owner["own_root"] == false:
		case owner["own_root"] == true && told:
			// The path names another file than the one the entry means.
			return mismatch(field, glob, text+" of another root"), ""
		default:
			unknown = "whether an owner's executable is the host's is not known"
		}
	}
	if unknown == "" && s.doc.Items[i]["owners_complete"] != true {
		unknown = "not every process that may hold the socket is known"
	}
	return nil, unknown
}

func mismatch(field, expected, actual string) any {
	return map[string]any{"field": field, "expected": expected, "actual": actual}
}
