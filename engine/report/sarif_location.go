package report

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// anchor is the file for findings that belong to none, because GitHub refuses a
// whole upload for one result without a file: where the mend goes (the register)
// or where the facts are, else where a project file would be.
func anchor(run *finding.Run, opts Options) string {
	uri, _ := fileURI(anchorPath(run, opts))
	return uri
}

// anchorPath is the anchor as a path.
func anchorPath(run *finding.Run, opts Options) string {
	candidates := []string{opts.Anchor}
	for _, s := range run.Supplied {
		if s.What == "register" {
			candidates = append(candidates, sourceFile(s.Source))
		}
	}
	for _, s := range run.Sources {
		if ext := path.Ext(s); ext == ".json" || ext == ".jsonl" {
			candidates = append(candidates, s)
		}
	}
	for _, c := range candidates {
		if _, ok := fileURI(c); ok {
			return path.Clean(c)
		}
	}
	return "writ.hcl"
}

// sourceFile takes line and column off "file:line:column".
func sourceFile(s string) string {
	return lineSuffix.ReplaceAllString(s, "")
}

var (
	lineSuffix = regexp.MustCompile(`(:[0-9]+){1,2}$`)
	schemeLike = regexp.MustCompile(`^[[:alpha:]][[:alnum:]+.-]*:`)
)

// longestPath is Linux's PATH_MAX.
const longestPath = 4096

// fileURI renders a path within the repository as a relative reference. It
// refuses what is not one: absolute paths, paths out of the tree, names with a
// scheme ("proc:net/tcp"), and those that a consumer might choke on, since that
// would take every other finding down with it.
func fileURI(p string) (uri string, ok bool) {
	if p == "" || len(p) > longestPath || schemeLike.MatchString(p) || strings.HasPrefix(p, "/") || visible(p) != p {
		return "", false
	}
	p = path.Clean(p)
	if p == "." || slices.Contains(strings.FieldsFunc(p, func(r rune) bool { return r == '/' || r == '\\' }), "..") {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch {
		case c == '/', c == '-', c == '.', c == '_', c == '~', '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z':
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String(), true
}

// inTree reports whether the sources of a target are files of the repository,
// and not of a host that has an etc/ too.
func inTree(target string) bool {
	return target == "register" || strings.HasPrefix(target, "config/")
}

// locations returns the one place of f: its own, else that of the first value
// read from a file, else the anchor. The subject stands beside it, since the
// file alone does not name a host.
func locations(f *finding.Finding, anchor string) []sarifLocation {
	at := sarifLocation{Physical: physical(f, anchor)}
	name := f.Subject.ID
	if name == "" {
		name = f.Target
	}
	full := strings.Trim(strings.Join([]string{f.Target, f.Subject.Kind, f.Subject.ID}, "/"), "/")
	at.Logical = []sarifLogical{{Name: visible(name), FullyQualifiedName: visible(full), Kind: "resource"}}
	return []sarifLocation{at}
}

func physical(f *finding.Finding, anchor string) sarifPhysical {
	if l := f.Location; l != nil {
		if uri, ok := fileURI(l.URI); ok {
			at := region(uri, l.StartLine, l.Column, l.EndLine)
			at.Context = context(l)
			return at
		}
	}
	if inTree(f.Target) {
		for _, e := range f.Evidence {
			if uri, ok := fileURI(e.Source); ok && e.Line > 0 {
				return region(uri, e.Line, e.Column, 0)
			}
		}
	}
	return region(anchor, 1, 0, 0)
}

// region counts from 1: a file as a whole is shown at its first line, because
// code scanning demands a line.
func region(uri string, line, column, end int) sarifPhysical {
	r := &sarifRegion{StartLine: max(1, line), StartColumn: max(0, column)}
	if end >= r.StartLine {
		r.EndLine = end
	}
	return sarifPhysical{Artifact: sarifArtifact{URI: uri}, Region: r}
}

// context returns the snippet if it covers the region, as the standard demands.
func context(l *finding.Location) *sarifRegion {
	last := l.SnippetLine + len(l.Snippet) - 1
	if len(l.Snippet) == 0 || l.SnippetLine < 1 || l.SnippetLine > l.StartLine || last < max(l.StartLine, l.EndLine) {
		return nil
	}
	return &sarifRegion{
		StartLine: l.SnippetLine, EndLine: last,
		Snippet: &sarifMessage{Text: visibleText(strings.Join(l.Snippet, "\n"))},
	}
}

// mostRelated is how many places of evidence a result shows; GitHub shows 100.
const mostRelated = 50

// related returns the further places that values were read from.
func related(f *finding.Finding) []sarifLocation {
	if !inTree(f.Target) {
		return nil
	}
	var all []sarifLocation
	seen := map[fact.Position]bool{}
	if l := f.Location; l != nil {
		seen[fact.Position{Source: l.URI, Line: l.StartLine, Column: l.Column}] = true
	}
	for _, e := range f.Evidence {
		pos := fact.Position{Source: e.Source, Line: e.Line, Column: e.Column}
		uri, ok := fileURI(e.Source)
		if !ok || e.Line < 1 || seen[pos] || len(all) == mostRelated {
			continue
		}
		seen[pos] = true
		all = append(all, sarifLocation{
			ID: len(all) + 1, Physical: region(uri, e.Line, e.Column, 0),
			Message: &sarifMessage{Text: sarifText(attribute(e.Pointer))},
		})
	}
	return all
}

func diagnosticLocations(pos fact.Position) []sarifLocation {
	uri, ok := fileURI(pos.Source)
	if !ok {
		return nil
	}
	return []sarifLocation{{Physical: region(uri, pos.Line, pos.Column, pos.EndLine)}}
}
