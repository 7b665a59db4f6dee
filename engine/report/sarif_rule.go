package report

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/writ-policy/writ/engine/finding"
)

const (
	home         = "https://github.com/writ-policy/writ"
	controlsPage = home + "/blob/main/policies/CONTROLS.md"
	gdprText     = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"

	// GitHub's limits on a rule.
	longestName        = 255
	longestDescription = 1024
	mostTags           = 10
)

// level is what code scanning calls severity, rank what GitHub sorts by: over
// 9.0 critical, from 7.0 high, from 4.0 medium, above 0.0 low.
func level(s finding.Severity) (level, rank string) {
	switch s {
	case finding.Critical:
		return "error", "9.5"
	case finding.High:
		return "error", "8.0"
	case finding.Medium:
		return "warning", "5.5"
	case finding.Low:
		return "note", "2.0"
	}
	return "warning", ""
}

// rule describes a control.
func rule(c *finding.Control) sarifRule {
	level, rank := level(c.Severity)
	title := cmp.Or(c.Title, c.ID, "unnamed control")
	r := sarifRule{
		ID:               ruleID(c.ID),
		Name:             ruleName(c.ID),
		ShortDescription: &sarifMessage{Text: cut(title, longestDescription)},
		FullDescription:  &sarifMessage{Text: cut(cmp.Or(c.Description, title), longestDescription)},
		Help:             help(c, title),
		HelpURI:          helpURI(c),
		Configuration:    &sarifConfig{Level: level},
		Properties:       &sarifProperties{Tags: []string{"security", "privacy"}, Precision: "high", SecuritySeverity: rank},
	}
	if len(c.GDPR) > 0 {
		r.Properties.Tags = append(r.Properties.Tags, "gdpr")
	}
	for _, a := range c.GDPR {
		tag := "gdpr:" + visible(a)
		if a != "" && len(r.Properties.Tags) < mostTags && !slices.Contains(r.Properties.Tags, tag) {
			r.Properties.Tags = append(r.Properties.Tags, tag)
		}
	}
	return r
}

// ruleID is the control's name, which is the key of everything at GitHub.
func ruleID(control string) string {
	return visible(cmp.Or(control, "unnamed"))
}

// ruleName is the name as an identifier, "FirewallKnownSources", as the standard
// suggests; the first part, which all controls of one origin share, is left out.
func ruleName(control string) string {
	words := strings.FieldsFunc(control, func(r rune) bool { return r > unicode.MaxASCII || !unicode.In(r, unicode.L, unicode.N) })
	if len(words) > 1 {
		words = words[1:]
	}
	var b strings.Builder
	for _, w := range words {
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	name := b.String()
	return name[:min(len(name), longestName)]
}

// cut makes s a message of at most n characters.
func cut(s string, n int) string {
	runes := []rune(sarifText(s))
	if len(runes) <= n {
		return string(runes)
	}
	// An escape cut in two would be a placeholder again.
	return strings.TrimRight(string(runes[:n-1]), "{}") + "…"
}

// help says why, how to mend it, and on what the control rests.
func help(c *finding.Control, title string) *sarifMessage {
	var text, markdown []string
	add := func(name, s string) {
		if s == "" {
			return
		}
		if name == "" {
			text, markdown = append(text, sarifText(s)), append(markdown, sarifMarkdown(s))
			return
		}
		text = append(text, name+": "+sarifText(s))
		markdown = append(markdown, "**"+name+":** "+sarifMarkdown(s))
	}
	add("", cmp.Or(c.Description, title))
	add("Fix", c.Remediation)
	if len(c.GDPR) > 0 {
		add("GDPR", supports(c.GDPR))
	}
	add("Judges", c.Subject)
	add("References", strings.Join(c.References, ", "))
	return &sarifMessage{Text: strings.Join(text, "\n\n"), Markdown: strings.Join(markdown, "\n\n")}
}

// helpURI is the page of an embedded control, else the first web reference.
func helpURI(c *finding.Control) string {
	if strings.HasPrefix(c.ID, "gdpr.") && identifier.MatchString(c.ID) {
		return controlsPage + "#" + strings.ReplaceAll(c.ID, ".", "")
	}
	for _, ref := range c.References {
		u, err := url.Parse(ref)
		if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && visible(ref) == ref {
			return u.String()
		}
	}
	return ""
}

var identifier = regexp.MustCompile(`^[a-z0-9_.]+$`)

// taxonomy lists articles of the GDPR, in their order, as the thing that
// results are classified by.
func taxonomy(articles []string) sarifDriver {
	t := sarifDriver{
		Name: "GDPR", Organization: "European Union", Version: "2016/679", InformationURI: gdprText,
		ShortDescription: &sarifMessage{Text: "Articles of Regulation (EU) 2016/679 that controls support."},
	}
	for _, a := range articles {
		t.Taxa = append(t.Taxa, sarifRule{ID: a, ShortDescription: &sarifMessage{Text: cut("Art. "+a+" GDPR", longestDescription)}})
	}
	return t
}

// sortArticles orders "5(1)(e)" before "32(1)(b)" and drops repetitions.
func sortArticles(articles []string) []string {
	number := func(a string) int {
		digits := a[:len(a)-len(strings.TrimLeft(a, "0123456789"))]
		n, _ := strconv.Atoi(digits)
		return n
	}
	slices.SortFunc(articles, func(a, b string) int {
		return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a, b))
	})
	return slices.Compact(articles)
}
