package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"

	"github.com/writ-policy/writ/engine/finding"
)

// htmlReport writes one page that loads nothing: readers without scripts see all of
// it, a small script adds filters. Findings are rendered as they come and wait,
// packed, for their place; of a finding itself nothing is kept.
type htmlReport struct {
	w       *bufio.Writer
	verbose bool
	pages   *template.Template
	scratch bytes.Buffer

	run      *finding.Run
	controls map[string]*finding.Control
	tally    tally
	groups   groups
	drawing  drawing
}

//go:embed html/page.tmpl
var htmlPage string

//go:embed html/style.css
var htmlStyle string

//go:embed html/script.js
var htmlScript string

func newHTML(w io.Writer, opts Options) finding.Handler {
	return &htmlReport{w: bufio.NewWriter(w), verbose: opts.Verbose, pages: htmlPages(), tally: newTally(), groups: newGroups()}
}

// htmlPages parses the page on first use: most runs make none.
var htmlPages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"t": func(v any) string { return shorten(fmt.Sprint(v), longest) },
	}).Parse(htmlPage))
})

// Kinds are those that the page draws.
func (r *htmlReport) Kinds() []string { return drawnKinds() }

func (r *htmlReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		r.run, r.controls = m.Run, map[string]*finding.Control{}
		for i := range r.run.Controls {
			r.controls[r.run.Controls[i].ID] = &r.run.Controls[i]
		}
	case m.Finding != nil:
		return r.finding(m.Finding)
	case m.Item != nil:
		r.drawing.add(m.Item)
	case m.Summary != nil:
		return r.write(m.Summary)
	}
	return nil
}

func (r *htmlReport) finding(f *finding.Finding) error {
	r.tally.add(f)
	if !r.verbose && !concerns(f) {
		return nil
	}
	name := "finding"
	if listedInBrief(f) {
		name = "brief"
	}
	text, err := r.render(name, r.findingView(f))
	if err != nil {
		return err
	}
	r.groups.add(f, text)
	return nil
}

// listedInBrief reports whether one line says enough of f: it passed or does not
// apply, and nobody has to look at it.
func listedInBrief(f *finding.Finding) bool {
	return (f.Outcome == finding.Pass || f.Outcome == finding.NotApplicable) && len(f.Advice) == 0 && !f.Advisory
}

// render makes a part of the page. Whatever a browser would hide or reorder is
// shown as an escape, wherever it comes from.
func (r *htmlReport) render(name string, data any) (string, error) {
	r.scratch.Reset()
	if err := r.pages.ExecuteTemplate(&r.scratch, name, data); err != nil {
		return "", fmt.Errorf("report: render %s: %w", name, err)
	}
	return visibleText(r.scratch.String()), nil
}

func (r *htmlReport) write(s *finding.Summary) error {
	page := r.page(s)
	fmt.Fprintf(r.w, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", contentPolicy())
	if err := r.part("head", page); err != nil {
		return err
	}
	fmt.Fprintf(r.w, "<style>%s</style>\n</head>\n<body>\n", htmlStyle)
	if err := r.part("top", page); err != nil {
		return err
	}
	for n, t := range r.groups.sorted() {
		if err := r.part("target", targetView{N: n, Name: t.name}); err != nil {
			return err
		}
		for _, g := range t.groups {
			if err := r.group(g); err != nil {
				return err
			}
		}
		r.w.WriteString("</section>\n")
	}
	if err := r.part("bottom", page); err != nil {
		return err
	}
	fmt.Fprintf(r.w, "<script>%s</script>\n</body>\n</html>\n", htmlScript)
	return r.w.Flush()
}

func (r *htmlReport) part(name string, data any) error {
	text, err := r.render(name, data)
	if err != nil {
		return err
	}
	_, err = r.w.WriteString(text)
	return err
}

// contentPolicy allows the style and the script of this page and nothing else: no
// request, no frame, no form, no other script, should an escape ever fail.
func contentPolicy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(htmlStyle) + "; script-src " + hash(htmlScript) + "; base-uri 'none'; form-action 'none'"
}
