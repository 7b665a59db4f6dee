package report

import (
	"bytes"
	"cmp"
	"compress/flate"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// groups hold rendered findings by target and control, most of them packed.
type groups struct {
	all    map[groupKey]*htmlGroup
	raw    int // bytes that are not packed
	listed int // findings that someone has to look at
	packer *flate.Writer
}

type groupKey struct{ target, control string }

// htmlGroup is what one control found on one target.
type htmlGroup struct {
	groupKey
	title       string
	gdpr        []string
	remediation string
	shelves     [shelves]shelf
}

// shelf holds findings of one urgency in the order they came.
type shelf struct {
	count  int
	raw    []byte
	packed [][]byte
}

// The shelves of a group, the most urgent first.
const (
	shelfCritical = iota
	shelfHigh
	shelfMedium
	shelfLow
	shelfFail // without a severity
	shelfError
	shelfUnknown
	shelfWaived
	shelfAdvice
	shelfPass
	shelfNone
	shelves
)

func shelfOf(f *finding.Finding) int {
	if f.Advisory {
		return shelfAdvice
	}
	switch f.Outcome {
	case finding.Fail:
		if n := f.Severity.Rank(); n > 0 {
			return finding.Critical.Rank() - n
		}
		return shelfFail
	case finding.Error:
		return shelfError
	case finding.Unknown:
		return shelfUnknown
	case finding.Waived:
		return shelfWaived
	}
	if len(f.Advice) > 0 {
		return shelfAdvice
	}
	if f.Outcome == finding.Pass {
		return shelfPass
	}
	return shelfNone
}

// mostRaw is how many bytes wait unpacked.
const mostRaw = 2 << 20

func newGroups() groups { return groups{all: map[groupKey]*htmlGroup{}} }

func (g *groups) add(f *finding.Finding, text string) {
	k := groupKey{f.Target, f.Control}
	group := g.all[k]
	if group == nil {
		group = &htmlGroup{groupKey: k, title: cmp.Or(f.Title, f.Control), gdpr: f.GDPR, remediation: f.Remediation}
		g.all[k] = group
	}
	s := &group.shelves[shelfOf(f)]
	s.count++
	s.raw = append(s.raw, text...)
	if !listedInBrief(f) {
		g.listed++
	}
	if g.raw += len(text); g.raw > mostRaw {
		g.pack()
	}
}

// pack compresses all that waits.
func (g *groups) pack() {
	if g.packer == nil {
		g.packer, _ = flate.NewWriter(io.Discard, flate.BestSpeed) // a level that exists
	}
	for _, group := range g.all {
		for i := range group.shelves {
			s := &group.shelves[i]
			if len(s.raw) == 0 {
				continue
			}
			var b bytes.Buffer
			g.packer.Reset(&b)
			g.packer.Write(s.raw) // a buffer takes everything
			g.packer.Close()
			s.packed, s.raw = append(s.packed, bytes.Clone(b.Bytes())), nil
		}
	}
	g.raw = 0
}

func (s *shelf) writeTo(w io.Writer) error {
	for _, p := range s.packed {
		if _, err := io.Copy(w, flate.NewReader(bytes.NewReader(p))); err != nil {
			return fmt.Errorf("report: unpack findings: %w", err)
		}
	}
	_, err := w.Write(s.raw)
	return err
}

// worst is the most urgent shelf that holds something.
func (g *htmlGroup) worst() int {
	return slices.IndexFunc(g.shelves[:], func(s shelf) bool { return s.count > 0 })
}

// groupedTarget is a target with its groups.
type groupedTarget struct {
	name   string
	groups []*htmlGroup
}

// sorted returns targets and groups, the most urgent first, then by name.
func (g *groups) sorted() []groupedTarget {
	index := map[string]int{}
	var targets []groupedTarget
	for k, group := range g.all {
		n, ok := index[k.target]
		if !ok {
			n, index[k.target] = len(targets), len(targets)
			targets = append(targets, groupedTarget{name: k.target})
		}
		targets[n].groups = append(targets[n].groups, group)
	}
	for _, t := range targets {
		slices.SortFunc(t.groups, func(a, b *htmlGroup) int {
			return cmp.Or(cmp.Compare(a.worst(), b.worst()), strings.Compare(a.control, b.control))
		})
	}
	slices.SortFunc(targets, func(a, b groupedTarget) int {
		return cmp.Or(cmp.Compare(a.groups[0].worst(), b.groups[0].worst()), strings.Compare(a.name, b.name))
	})
	return targets
}

// groupView heads a group.
type groupView struct {
	Control, Target, Title             string
	Description, Remediation, Supports string
	Chips                              []chip
	Open                               bool
}

type chip struct{ Class, Text string }

// mostOpen is up to how many findings a page begins unfolded.
const mostOpen = 100

func (r *htmlReport) group(g *htmlGroup) error {
	v := groupView{Control: g.control, Target: g.target, Title: g.title, Remediation: g.remediation, Open: g.worst() < shelfUnknown && r.groups.listed <= mostOpen}
	if c := r.controls[g.control]; c != nil {
		v.Title, v.Description, v.Remediation = cmp.Or(c.Title, v.Title), c.Description, c.Remediation
	}
	if len(g.gdpr) > 0 {
		v.Supports = strings.ToUpper(supports(g.gdpr)[:1]) + supports(g.gdpr)[1:]
	}
	for i, name := range [shelves]chip{
		{"critical", "critical"}, {"high", "high"}, {"medium", "medium"}, {"", "low"}, {"fail", "failed"},
		{"error", "error"}, {"unknown", "unknown"}, {"waived", "waived"}, {"", "with advice"}, {"pass", "passed"}, {"", "not applicable"},
	} {
		if n := g.shelves[i].count; n > 0 {
			v.Chips = append(v.Chips, chip{name.Class, fmt.Sprintf("%d %s", n, name.Text)})
		}
	}
	if err := r.part("group", v); err != nil {
		return err
	}
	for i := range g.shelves {
		s := &g.shelves[i]
		if s.count == 0 {
			continue
		}
		folded := i >= shelfPass
		if folded {
			fmt.Fprintf(r.w, `<details class="more"><summary>%d %s</summary>`+"\n", s.count, [...]string{"passed", "not applicable"}[i-shelfPass])
		}
		if err := s.writeTo(r.w); err != nil {
			return err
		}
		if folded {
			r.w.WriteString("</details>\n")
		}
	}
	r.w.WriteString("</details>\n")
	return nil
}
