// Package secret finds credentials and personal identifiers in the text of files:
// keys and tokens in the formats that their issuers publish, private keys,
// passwords in URLs and connection strings, values of high entropy under the name
// of a secret, and identifiers of people whose checksum is right.
//
// A [Scanner] walks a text once with an automaton over the keywords of all rules
// and asks a rule's regular expression only around its keywords, so that a text
// without any costs one pass. What it finds holds the value: it must not leave
// the memory of whoever asked.
package secret

import (
	"regexp"
	"sync"
)

// Categories and forms of what is found, as the kind secret.match spells them.
const (
	Credential = "credential"
	Identifier = "personal_identifier"

	Literal   = "literal"
	Reference = "reference"
	Encrypted = "encrypted"
)

// Found is one match in a text.
type Found struct {
	Rule, Category, Form string
	// Value is the secret itself.
	Value string
	// Start and End are byte offsets of the match in the text. What was found in
	// encoded text has those of the encoded text.
	Start, End int

	rank int // of its rule
}

// Rule finds one type of secret. A rule with an expression but without keywords is
// asked about every text.
type Rule struct {
	// ID is snake_case; it is part of a match's id and never changes.
	ID string
	// Form is literal unless said.
	Form string
	// Keywords of which every match holds one, or stands in a line with one.
	Keywords []string
	// Fold ignores the case of keywords, which are then in lower case.
	Fold bool
	// Expr is the regular expression (RE2), and Group the part that is secret.
	Expr  string
	Group int
	// Whole asks the expression about the text as a whole instead of the lines
	// that hold a keyword.
	Whole bool
	// Entropy is the least Shannon entropy of the value, in bits per character.
	Entropy float64
	// Files, if not nil, is asked whether the rule is for a file. Without an
	// expression the file itself is the match.
	Files func(name string) bool
	// Check refuses a match, or refines what was found: its form, value and end.
	Check func(t *Text, m []int, f *Found) bool

	// rank orders rules that may find one value: what knows the format of a value
	// (0) comes before what knows where it stands, and that before what knows its
	// name.
	rank    int
	compile func() *regexp.Regexp
}

// Ranks of rules.
const (
	byFormat = iota
	byURL
	byPlace
	byName
	ranks
)

// Text is what is scanned.
type Text struct {
	Name string
	// Commit that the text is of, "" for a file that is checked out.
	Commit string
	Data   string
}

// prepare makes a rule ready: its expression is compiled when it is first asked.
func (r *Rule) prepare() {
	if r.Form == "" {
		r.Form = Literal
	}
	if r.compile == nil {
		expr := r.Expr
		r.compile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
	}
}
