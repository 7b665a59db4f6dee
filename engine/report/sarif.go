package report

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/engine/finding"
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// GitHub shows 5,000 results of a run and refuses a file with more than 25,000
// results or rules. What was cut is said in a notification.
const (
	mostResults  = 5000
	mostVerbose  = 25000
	mostRules    = 25000
	gdprTaxonomy = 0
)

// sarifReport writes SARIF 2.1.0 as code scanning takes it. By default results
// are what failed, what is waived (suppressed) and advice; Verbose adds passes,
// undecided and not applicable subjects. What could not be decided is always a
// notification. Held in memory are the results that will be written, at most.
type sarifReport struct {
	w         *bufio.Writer
	opts      Options
	run       *finding.Run
	short     shortlist
	undecided undecided

	anchor   string
	controls map[string]*finding.Control
	rules    []sarifRule
	index    map[string]int // of a control in rules
	articles map[string]int // of an article in the taxonomy
}

func newSARIF(w io.Writer, opts Options) finding.Handler {
	r := &sarifReport{w: bufio.NewWriter(w), opts: opts, short: shortlist{limit: mostResults}}
	if opts.Verbose {
		r.short.limit = mostVerbose
	}
	return r
}

func (r *sarifReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		r.run = m.Run
	case m.Finding != nil:
		r.undecided.add(m.Finding)
		if r.opts.Verbose || isResult(m.Finding) {
			r.short.add(m.Finding)
		}
	case m.Summary != nil:
		return r.write(m.Summary)
	}
	return nil
}

func isResult(f *finding.Finding) bool {
	return f.Outcome == finding.Fail || f.Outcome == finding.Waived
}

func (r *sarifReport) write(s *finding.Summary) error {
	results := r.short.all()
	r.anchor = anchor(r.run, r.opts)
	r.indexRules(results)
	taxa := r.indexArticles(results)

	driver := sarifDriver{
		Name: "writ", Version: visible(r.run.Version), InformationURI: home,
		ShortDescription:    &sarifMessage{Text: "Policy as code for the GDPR."},
		Rules:               r.rules,
		Notifications:       notificationKinds(),
		SupportedTaxonomies: []sarifComponentRef{{Name: "GDPR", Index: gdprTaxonomy}},
	}
	if v := strings.TrimPrefix(r.run.Version, "v"); semantic.MatchString(v) {
		driver.SemanticVersion = v
	}
	members := []struct {
		name  string
		value any
	}{
		{"tool", map[string]sarifDriver{"driver": driver}},
		{"columnKind", "unicodeCodePoints"},
		{"automationDetails", map[string]string{"id": category(r.run, r.opts)}},
		{"taxonomies", []sarifDriver{taxonomy(taxa)}},
		{"invocations", []sarifInvocation{r.invocation(s)}},
		{"properties", r.properties(s)},
	}
	fmt.Fprintf(r.w, "{\"$schema\":%q,\n\"version\":\"2.1.0\",\n\"runs\":[{", sarifSchema)
	for _, m := range members {
		value, err := marshal(m.value)
		if err != nil {
			return fmt.Errorf("report: encode %s: %w", m.name, err)
		}
		fmt.Fprintf(r.w, "\n%q:%s,", m.name, value)
	}
	r.w.WriteString("\n\"results\":[")
	for i, f := range results {
		line, err := marshal(r.result(f))
		if err != nil {
			return fmt.Errorf("report: encode finding %s: %w", f.ID, err)
		}
		if i > 0 {
			r.w.WriteByte(',')
		}
		r.w.WriteByte('\n')
		r.w.Write(line)
	}
	r.w.WriteString("\n]}]}\n")
	return r.w.Flush()
}

var semantic = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)

// indexRules lists the controls of the run, then those that only findings name;
// if they are too many, those that results need.
func (r *sarifReport) indexRules(results []*finding.Finding) {
	r.index = map[string]int{}
	add := func(c *finding.Control) {
		if _, ok := r.index[c.ID]; !ok {
			r.index[c.ID] = len(r.rules)
			r.rules = append(r.rules, rule(c))
		}
	}
	r.controls = map[string]*finding.Control{}
	for i := range r.run.Controls {
		r.controls[r.run.Controls[i].ID] = &r.run.Controls[i]
	}
	missing := 0
	for _, f := range results {
		if r.controls[f.Control] == nil {
			missing++
		}
	}
	if len(r.controls)+missing <= mostRules {
		for i := range r.run.Controls {
			add(&r.run.Controls[i])
		}
	}
	for _, f := range results {
		if c := r.controls[f.Control]; c != nil {
			add(c)
			continue
		}
		add(&finding.Control{
			ID: f.Control, Title: f.Title, Severity: f.Severity, GDPR: f.GDPR, Remediation: f.Remediation, Subject: f.Subject.Kind,
		})
	}
}

func (r *sarifReport) indexArticles(results []*finding.Finding) []string {
	var all []string
	add := func(articles []string) {
		for _, a := range articles {
			if a != "" {
				all = append(all, visible(a))
			}
		}
	}
	for i := range r.run.Controls {
		add(r.run.Controls[i].GDPR)
	}
	for _, f := range results {
		add(f.GDPR)
	}
	all = sortArticles(all)
	r.articles = map[string]int{}
	for i, a := range all {
		r.articles[a] = i
	}
	return all
}

// category keeps runs over different sources apart; what stands before the last
// slash is the category at GitHub.
func category(run *finding.Run, opts Options) string {
	if opts.Category != "" {
		return "writ/" + visible(opts.Category) + "/"
	}
	var names []string
	for _, s := range run.Sources {
		if path.IsAbs(s) {
			s = path.Base(s) // where a runner happens to check out must not matter
		}
		if s = strings.Trim(path.Clean(s), "/"); s != "." {
			names = append(names, unsafeCategory.ReplaceAllString(s, "_"))
		}
	}
	if len(names) == 0 {
		return "writ/"
	}
	slices.Sort(names)
	return "writ/" + strings.Join(names, "+") + "/"
}

var unsafeCategory = regexp.MustCompile(`[^[:alnum:]._/:-]+`)

// properties are what the record of a run says beyond its results.
func (r *sarifReport) properties(s *finding.Summary) map[string]any {
	return map[string]any{
		"now":  r.run.Now.UTC().Format(time.RFC3339),
		"gate": visible(r.run.Gate), "strict": r.run.Strict,
		"digests": map[string]string{
			"policies": visible(r.run.Digests.Policies), "register": visible(r.run.Digests.Register),
			"parameters": visible(r.run.Digests.Parameters), "documents": visible(r.run.Digests.Documents),
		},
		"outcomes": s.Outcomes, "advisory": s.Advisory, "subjects": s.Subjects,
	}
}
