package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// weakerFirst orders what a tree supplied to its own check: what loosens it, the
// rest, and last what has no effect.
func weakerFirst(all []finding.Supply) []finding.Supply {
	class := func(s finding.Supply) int {
		switch {
		case s.Inert:
			return 2
		case s.Weaker:
			return 0
		}
		return 1
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b finding.Supply) int { return class(a) - class(b) })
	return sorted
}

// unasked are the controls on one kind that one more source would feed.
type unasked struct {
	kind, source string
	controls     []string
}

func (u unasked) String() string {
	s := fmt.Sprintf("%s on %s", plural(len(u.controls), "control"), u.kind)
	if u.source != "" {
		s += ": needs " + u.source
	}
	return s
}

// byKind gathers controls in the order of the first of each kind.
func byKind(all []finding.NotAsked) []unasked {
	type key struct{ kind, source string }
	var kinds []unasked
	index := map[key]int{}
	for _, n := range all {
		k := key{n.Kind, n.Source}
		i, ok := index[k]
		if !ok {
			i = len(kinds)
			index[k] = i
			kinds = append(kinds, unasked{kind: n.Kind, source: n.Source})
		}
		kinds[i].controls = append(kinds[i].controls, n.Control)
	}
	return kinds
}

func fileCounts(f finding.Files) string {
	s := fmt.Sprintf("read %d, skipped %d", f.Read, f.Skipped)
	var why []string
	for _, r := range f.Reasons {
		why = append(why, fmt.Sprintf("%d %s", r.Count, r.Reason))
	}
	if why != nil {
		s += ": " + strings.Join(why, ", ")
	}
	return s
}

// openArticles states what no control of ours could ever support.
func openArticles(articles []string) string {
	return "Art. " + strings.Join(articles, ", ") + ": technical facts cannot show these"
}
