package secret

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Scanner finds the secrets of its rules. Safe for concurrent use.
type Scanner struct {
	rules    []*Rule
	words    *automaton
	of       []keyword // by the automaton's number
	everyone []int     // rules without keywords
	choosy   []int     // rules that are for some files
}

// keyword is one of a rule's.
type keyword struct {
	rule int
	text string
}

// NewScanner prepares rules. The rules must not be changed afterwards.
func NewScanner(rules []*Rule) *Scanner {
	s := &Scanner{rules: rules}
	var words []string
	for i, r := range rules {
		r.prepare()
		for _, k := range r.Keywords {
			words = append(words, k)
			s.of = append(s.of, keyword{i, k})
		}
		if r.Files != nil {
			s.choosy = append(s.choosy, i)
		}
		if len(r.Keywords) == 0 && r.Expr != "" {
			s.everyone = append(s.everyone, i)
		}
	}
	s.words = newAutomaton(words)
	return s
}

// MaxFound bounds the matches of one text. Where so many are returned, there may be
// more.
const MaxFound = 10000

// Lines around a keyword are searched as far as this, in bytes: minified files are
// one line.
const (
	before = 1 << 10
	after  = 8 << 10
)

// window is a part of a text in which a rule is asked.
type window struct{ rule, start, end int }

// Scan returns what stands in a text, sorted by place and rule. A match that lies
// within that of a rule of higher rank, or is the same as it, is left out.
func (s *Scanner) Scan(t Text) []Found { return s.scan(&t, 0) }

// Files returns the matches of rules whose match is the file itself, whatever it
// holds. They have no value.
func (s *Scanner) Files(t Text) []Found {
	var out []Found
	for _, i := range s.choosy {
		r := s.rules[i]
		f := Found{Rule: r.ID, Category: Credential, Form: r.Form}
		t.Data = ""
		if r.Expr == "" && r.Files(t.Name) && (r.Check == nil || r.Check(&t, []int{0, 0}, &f)) {
			out = append(out, f)
		}
	}
	return out
}

func (s *Scanner) scan(t *Text, depth int) []Found {
	var windows []window
	var others []int // rules that are not for the file
	for _, i := range s.choosy {
		if !s.rules[i].Files(t.Name) {
			others = append(others, i)
		}
	}
	var whole []int // rules that are asked about all of the text
	s.words.each(t.Data, func(word, start int) {
		k := s.of[word]
		r := s.rules[k.rule]
		if !r.Fold && t.Data[start:start+len(k.text)] != k.text {
			return
		}
		if len(others) > 0 && slices.Contains(others, k.rule) {
			return
		}
		if !r.Whole {
			low, high := around(t.Data, start, start+len(k.text))
			windows = append(windows, window{k.rule, low, high})
		} else if !slices.Contains(whole, k.rule) {
			whole = append(whole, k.rule)
			windows = append(windows, window{k.rule, 0, len(t.Data)})
		}
	})
	for _, r := range s.everyone {
		if !slices.Contains(others, r) {
			windows = append(windows, window{r, 0, len(t.Data)})
		}
	}
	var out []Found
	if len(windows) > 0 {
		slices.SortFunc(windows, func(a, b window) int { return cmp.Or(a.rule-b.rule, a.start-b.start, a.end-b.end) })
		for i := 0; i < len(windows); {
			w := windows[i]
			for i++; i < len(windows) && windows[i].rule == w.rule && windows[i].start <= w.end; i++ {
				w.end = max(w.end, windows[i].end)
			}
			out = s.ask(out, t, w)
		}
	}
	if depth < maxDepth {
		out = s.encoded(out, t, depth)
	}
	return settle(out)
}

// ask adds what one rule finds in a window.
func (s *Scanner) ask(out []Found, t *Text, w window) []Found {
	r := s.rules[w.rule]
	for _, m := range r.compile().FindAllStringSubmatchIndex(t.Data[w.start:w.end], MaxFound) {
		if len(out) == MaxFound {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += w.start
			}
		}
		group := 2 * r.Group
		if group+1 >= len(m) || m[group] < 0 {
			group = 0
		}
		f := Found{Rule: r.ID, Category: Credential, Form: r.Form, Value: t.Data[m[group]:m[group+1]], Start: m[group], End: m[group+1], rank: r.rank}
		if f.Value == "" || r.Entropy > 0 && Entropy(f.Value) < r.Entropy || r.Check != nil && !r.Check(t, m, &f) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// around is the line of a keyword, cut to a readable length.
func around(text string, start, end int) (int, int) {
	low, high := max(0, start-before), min(len(text), end+after)
	if i := strings.LastIndexByte(text[low:start], '\n'); i >= 0 {
		low += i + 1
	}
	if i := strings.IndexByte(text[end:high], '\n'); i >= 0 {
		high = end + i
	}
	return low, high
}

// settle sorts matches and leaves out what another says already: one of a generic
// rule beside that of a certain one, and equal ones.
func settle(all []Found) []Found {
	if len(all) < 2 {
		return all
	}
	slices.SortStableFunc(all, func(a, b Found) int {
		return cmp.Or(a.Start-b.Start, a.rank-b.rank, b.End-a.End, strings.Compare(a.Rule, b.Rule), strings.Compare(a.Value, b.Value))
	})
	var end [ranks]int // of the furthest match so far, by rank
	covered := make([]bool, len(all))
	for i, f := range all {
		for r := range f.rank {
			covered[i] = covered[i] || end[r] > f.Start
		}
		end[f.rank] = max(end[f.rank], f.End)
	}
	var next [ranks]int // the start of the nearest match behind, by rank
	for r := range next {
		next[r] = math.MaxInt
	}
	for i, f := range slices.Backward(all) {
		for r := range f.rank {
			covered[i] = covered[i] || next[r] < f.End
		}
		next[f.rank] = f.Start
	}
	var out []Found
	for i, f := range all {
		if !covered[i] && (i == 0 || f != all[i-1]) {
			out = append(out, f)
		}
	}
	return out
}
