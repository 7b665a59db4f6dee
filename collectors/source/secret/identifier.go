package secret

import (
	"slices"
	"strings"
)

// identifier is a number of people whose check digits tell it from other numbers.
type identifier struct {
	rule string
	// shapes are the ways to write it, as the lengths of its groups: {4, 4, 4, 4}.
	// The same sign, blank, dot or dash stands between all groups.
	shapes [][]int
	// seps are the signs that may stand between groups.
	seps string
	// valid judges the number without separators.
	valid func(string) bool
	// strong says which numbers say by themselves what they are: one in thousands
	// has their form by chance. Others count where the file names them, or most of
	// the numbers of their shape are valid.
	strong strength
	// words name it, in lower case, letters only.
	words []string
}

type strength uint8

const (
	never   strength = iota
	grouped          // where it is written in groups
	always
)

// run is a maximal sequence of groups of digits and capital letters.
type run struct{ groups []group }

type group struct{ start, end int }

// candidate is a number in the form of an identifier.
type candidate struct {
	id         int // of identifiers
	start, end int
	number     string
	groups     int
	valid      bool
}

// weakCount and weakShare say when numbers of a form make a column of identifiers:
// that many are valid, and that share of all. Of random numbers one in ten is, or
// fewer.
const (
	weakCount = 4
	weakShare = 0.75
)

// Identifiers returns the personal identifiers in a text whose check digits are
// right, sorted by place. Published test numbers are none. Lists of dependencies
// and their digests have none by rule.
func Identifiers(name, data string) []Found {
	if lockFile(name) {
		return nil
	}
	all := identifiers()
	var found []candidate
	eachRun(data, func(r run) {
		found = candidates(found, all, data, r)
	})
	var out []Found
	if len(found) > 0 {
		var words []string
		for i, id := range all {
			if mine := slices.DeleteFunc(slices.Clone(found), func(c candidate) bool { return c.id != i }); len(mine) > 0 {
				if words == nil {
					words = lettersOf(data)
				}
				out = accept(out, id, mine, words, data)
			}
		}
	}
	out = append(out, addresses(name, data)...)
	return disjoint(out)
}

// accept adds the candidates of one identifier that count.
func accept(out []Found, id identifier, mine []candidate, words []string, data string) []Found {
	valid, written, groups := 0, 0, 0
	for _, c := range mine {
		if c.groups > 1 {
			groups++
		}
		if c.valid {
			valid++
			if c.groups > 1 {
				written++
			}
		}
	}
	if valid == 0 {
		return out
	}
	named := slices.ContainsFunc(id.words, func(w string) bool { _, ok := slices.BinarySearch(words, w); return ok })
	column := valid >= weakCount && float64(valid) >= weakShare*float64(len(mine))
	for _, c := range mine {
		// Groups of a table are mostly not valid where they have the form.
		certain := id.strong == always || id.strong == grouped && c.groups > 1 && 2*written >= groups
		if c.valid && (named || column || certain) {
			out = append(out, Found{Rule: id.rule, Category: Identifier, Form: Literal, Value: data[c.start:c.end], Start: c.start, End: c.end})
		}
	}
	return out
}

// disjoint sorts matches and keeps the first of those that overlap.
func disjoint(all []Found) []Found {
	slices.SortStableFunc(all, func(a, b Found) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out, end := all[:0], -1
	for _, f := range all {
		if f.Start >= end {
			out, end = append(out, f), f.End
		}
	}
	return out
}

// Bytes of identifiers.
const (
	other   = iota
	numeral // digits
	capital
	joins // letters and what makes a number part of a word
)

var kinds = func() (k [256]uint8) {
	for c := range k {
		switch {
		case c >= '0' && c <= '9':
			k[c] = numeral
		case c >= 'A' && c <= 'Z':
			k[c] = capital
		case c >= 'a' && c <= 'z' || c == '_' || c >= 0x80:
			k[c] = joins
		}
	}
	return k
}()

// longestRun bounds the groups of a run: longer ones are tables.
const longestRun = 64

// eachRun calls yield for every run that holds at least six digits. Groups that
// touch a lower case letter are parts of words and end a run, as do capitals that
// no identifier is grouped by.
func eachRun(data string, yield func(run)) {
	var groups [longestRun]group
	n, digits := 0, 0
	flush := func() {
		if digits >= 6 {
			yield(run{groups[:n]})
		}
		n, digits = 0, 0
	}
	for i := 0; i < len(data); {
		if k := kinds[data[i]]; k != numeral && k != capital {
			i++
			continue
		}
		start, mine := i, 0
		for i < len(data) && (kinds[data[i]] == numeral || kinds[data[i]] == capital) {
			if kinds[data[i]] == numeral {
				mine++
			}
			i++
		}
		if start > 0 && kinds[data[start-1]] == joins || i < len(data) && kinds[data[i]] == joins {
			for i < len(data) && kinds[data[i]] != other {
				i++
			}
			flush()
			continue
		}
		if n == longestRun || n > 0 && (start != groups[n-1].end+1 || strings.IndexByte(" .-+", data[start-1]) < 0) {
			flush()
		}
		if mine == 0 && i-start > 4 {
			flush()
			continue
		}
		groups[n] = group{start, i}
		n++
		digits += mine
	}
	flush()
}

// candidates adds every part of a run that has the form of an identifier.
func candidates(out []candidate, all []identifier, data string, r run) []candidate {
	for i, id := range all {
		for _, shape := range id.shapes {
			for at := 0; at+len(shape) <= len(r.groups); at++ {
				if c, ok := fits(id, shape, data, r.groups[at:at+len(shape)]); ok {
					c.id = i
					if !slices.ContainsFunc(out[max(0, len(out)-longestRun):], func(o candidate) bool { return o.id == i && o.start < c.end && c.start < o.end }) {
						out = append(out, c)
					}
				}
			}
		}
	}
	return out
}

func fits(id identifier, shape []int, data string, groups []group) (candidate, bool) {
	for i, n := range shape {
		if groups[i].end-groups[i].start != n {
			return candidate{}, false
		}
	}
	first, last := groups[0], groups[len(groups)-1]
	if outside(data, first.start, last.end) {
		return candidate{}, false
	}
	number := data[first.start:last.end]
	if len(groups) > 1 {
		var b strings.Builder
		for i, g := range groups {
			if i > 0 && !strings.Contains(id.seps, data[g.start-1:g.start]) {
				return candidate{}, false
			}
			b.WriteString(data[g.start:g.end])
		}
		number = b.String()
	}
	c := candidate{start: first.start, end: last.end, number: number, groups: len(groups)}
	c.valid = id.valid(number) && !synthetic(number)
	return c, true
}

// outside reports whether a number is part of a longer one: a decimal, a version,
// a path of digits, an address.
func outside(data string, start, end int) bool {
	if start > 1 && strings.IndexByte(".+-/%&", data[start-1]) >= 0 && kinds[data[start-2]] != other {
		return true
	}
	return end+1 < len(data) && strings.IndexByte(".-/+%", data[end]) >= 0 && kinds[data[end+1]] == numeral
}

// lettersOf returns the words of a text, split at case changes too, in lower case,
// sorted; and pairs of neighbours joined, since names are written in many ways.
func lettersOf(data string) []string {
	seen := map[string]bool{}
	previous := ""
	for i := 0; i < len(data); {
		c := lower(data[i])
		if c < 'a' || c > 'z' {
			if data[i] == '\n' || data[i] == ',' || data[i] == ';' {
				previous = ""
			}
			i++
			continue
		}
		start := i
		for i++; i < len(data); i++ {
			c := data[i]
			if l := lower(c); l < 'a' || l > 'z' || c < 'a' && data[i-1] >= 'a' {
				break
			}
		}
		if i-start > 24 {
			previous = ""
			continue
		}
		w := strings.ToLower(data[start:i])
		seen[w], seen[previous+w] = true, true
		previous = w
	}
	out := make([]string, 0, len(seen))
	for w := range seen {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}
