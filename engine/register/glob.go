package register

import "strings"

// Match reports whether a glob covers a whole text. "*" stands for any text
// within a segment ("/" is the delimiter), "**" for any text at all; everything
// else, brackets and quotes included, stands for itself, so that a Terraform
// address (module.a["x"].aws_s3_bucket.logs[0]) is its own glob.
//
// The algorithm is the usual one with two places to come back to: between two
// "**" the number of delimiters is fixed, so the last star is always the one to
// widen, and if it meets a delimiter the last double star is. At most
// len(pattern) × len(text)² steps.
func Match(pattern, text string) bool {
	p, t := 0, 0
	star, starText := -1, 0     // after the last "*", and where it ends so far
	double, doubleText := -1, 0 // the same for "**"
	for {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			n := 1
			for p+n < len(pattern) && pattern[p+n] == '*' {
				n++
			}
			p += n
			if n > 1 {
				double, doubleText, star = p, t, -1
			} else {
				star, starText = p, t
			}
			continue
		case p == len(pattern) && t == len(text):
			return true
		case p < len(pattern) && t < len(text) && pattern[p] == text[t]:
			p++
			t++
			continue
		}
		switch {
		case star >= 0 && starText < len(text) && text[starText] != '/':
			starText++
			p, t = star, starText
		case double >= 0 && doubleText < len(text):
			doubleText++
			p, t, star = double, doubleText, -1
		default:
			return false
		}
	}
}

// matchAny reports whether one of several globs covers a text.
func matchAny(patterns []string, text string) bool {
	for _, p := range patterns {
		if Match(p, text) {
			return true
		}
	}
	return false
}

// overlap reports whether some text is covered by both globs.
func overlap(a, b string) bool {
	left, right := tokens(a), tokens(b)
	seen := make([]bool, (len(left)+1)*(len(right)+1))
	var meet func(i, j int) bool
	meet = func(i, j int) bool {
		at := i*(len(right)+1) + j
		if seen[at] { // asked before, and it was false: a true one ends the search
			return false
		}
		seen[at] = true
		switch {
		case i == len(left) && j == len(right):
			return true
		case i < len(left) && left[i].wild && meet(i+1, j):
			return true
		case j < len(right) && right[j].wild && meet(i, j+1):
			return true
		case i == len(left) || j == len(right):
			return false
		case left[i].wild:
			return !right[j].wild && left[i].takes(right[j].char) && meet(i, j+1)
		case right[j].wild:
			return right[j].takes(left[i].char) && meet(i+1, j)
		}
		return left[i].char == right[j].char && meet(i+1, j+1)
	}
	return meet(0, 0)
}

// token is a character of a glob, or a star.
type token struct {
	char   byte
	wild   bool
	double bool
}

func (t token) takes(c byte) bool { return t.double || c != '/' }

func tokens(pattern string) []token {
	var out []token
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '*' {
			out = append(out, token{char: pattern[i]})
			continue
		}
		n := 1
		for i+n < len(pattern) && pattern[i+n] == '*' {
			n++
		}
		out = append(out, token{wild: true, double: n > 1})
		i += n - 1
	}
	return out
}

// literals counts the characters of a glob that stand for themselves: the more,
// the more specific it is.
func literals(pattern string) int { return len(pattern) - strings.Count(pattern, "*") }

// anything reports whether a glob has nothing but stars and delimiters.
func anything(pattern string) bool { return strings.Trim(pattern, "*/") == "" }

// Place is where an entry of the register applies: a glob over target ids and,
// after "#", a glob over the ids of items there ("config/infra#aws_db_instance.orders").
// An item is also covered by a glob for a leading part of its id, up to a "/".
type Place string

// Target is the part before "#".
func (p Place) Target() string { t, _, _ := strings.Cut(string(p), "#"); return t }

// Item is the part after "#", "" if the whole target is meant.
func (p Place) Item() string { _, i, _ := strings.Cut(string(p), "#"); return i }

// Covers reports whether the place holds an item.
func (p Place) Covers(target, id string) bool {
	if !Match(p.Target(), target) {
		return false
	}
	item := p.Item()
	return item == "" || Match(item, id) || Match(item+"/**", id)
}

func (p Place) overlaps(q Place) bool {
	if !overlap(p.Target(), q.Target()) {
		return false
	}
	a, b := p.Item(), q.Item()
	return a == "" || b == "" || overlap(a, b) || overlap(a+"/**", b) || overlap(a, b+"/**")
}

func covers(places []Place, target, id string) bool {
	for _, p := range places {
		if p.Covers(target, id) {
			return true
		}
	}
	return false
}
