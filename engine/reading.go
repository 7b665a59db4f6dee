package engine

import (
	"slices"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
)

// reading is what the clauses of a control read, put together once.
type reading struct {
	decides  control.Reads // which entries there are: bodies, keys, severities, helpers that may be undefined
	all      control.Reads // and what entries show
	excludes control.Reads // all that not_applicable clauses read
	exits    []exit        // those of them that are told by their entry
	// numbers of their paths of the subject
	decidesAt, allAt, excludesAt []int
	handles                      map[string]bool                     // members that hold references which only look facts up
	target                       bool                                // what input.target says may decide
	fields                       []string                            // members of the subject that are read; nil is all
	shows                        map[string]bool                     // sets of which an entry shows what does not decide
	marks                        map[string]map[string]*control.Rule // by set: the clauses that an entry betrays, by its mark
}

// exit is a not_applicable clause that holds wherever its text is among the entries.
type exit struct {
	text  string
	reads control.Reads
	at    []int
}

// reading is what a control's clauses read, computed once.
func (e *Engine) reading(c *control.Control) (*reading, error) {
	e.readsMu.RLock()
	r := e.readings[c]
	e.readsMu.RUnlock()
	if r != nil {
		return r, nil
	}
	rules, err := c.Rules()
	if err != nil {
		return nil, err
	}
	r = &reading{shows: map[string]bool{}, target: c.ReadsTarget(), handles: c.Handles()}
	for _, rule := range rules {
		r.decides.Add(rule.Decides)
		r.decides.Add(rule.Builds)
	}
	r.all.Add(r.decides)
	for _, rule := range rules {
		r.all.Add(rule.Shows)
		if rule.Set == control.NotApplicable {
			r.excludes.Add(rule.Decides)
			r.excludes.Add(rule.Builds)
			r.excludes.Add(rule.Shows)
		}
		if !r.decides.Holds(rule.Shows) {
			r.shows[rule.Set] = true
		}
	}
	r.fields = fields(r.all.Subject)
	r.marks = map[string]map[string]*control.Rule{}
	for _, set := range control.Sets {
		if marks, err := c.Marks(set); err == nil && c.Has[set] {
			r.marks[set] = marks
		}
	}
	// Which exclusions hold beside the one matters only where they are shown.
	if exits := r.marks[control.NotApplicable]; !e.opts.All && !c.Has[control.Warn] {
		for _, text := range fact.SortedKeys(exits) {
			var reads control.Reads
			reads.Add(exits[text].Decides)
			reads.Add(exits[text].Builds)
			if len(reads.Facts) == 0 {
				r.exits = append(r.exits, exit{text: text, reads: reads})
			}
		}
	}
	e.readsMu.Lock()
	defer e.readsMu.Unlock()
	for i := range r.exits {
		r.exits[i].at = e.numbers(r.exits[i].reads.Subject)
	}
	r.decidesAt, r.allAt, r.excludesAt = e.numbers(r.decides.Subject), e.numbers(r.all.Subject), e.numbers(r.excludes.Subject)
	e.readings[c] = r
	return r, nil
}

// numbers gives each path one number for the whole run.
func (e *Engine) numbers(paths []control.Path) []int {
	out := make([]int, len(paths))
	for i, p := range paths {
		name := p.String()
		n, ok := e.pathNumbers[name]
		if !ok {
			n = len(e.pathNumbers)
			e.pathNumbers[name] = n
		}
		out[i] = n
	}
	return out
}

// fields are the members of a subject that paths begin with; nil if one of them
// reads the subject as a whole.
func fields(paths []control.Path) []string {
	names := []string{}
	for _, p := range paths {
		if len(p) == 0 || p[0] == "*" || p[0] == "#" {
			return nil
		}
		if !slices.Contains(names, p[0]) {
			names = append(names, p[0])
		}
	}
	return names
}
