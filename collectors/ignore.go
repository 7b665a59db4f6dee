package collectors

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// ignore answers for .gitignore files, as gitignore(5) defines them: patterns of
// a folder apply below it, later ones win, "!" includes again.
type ignore struct {
	fsys  fs.FS
	rules map[string][]ignoreRule // by folder
}

type ignoreRule struct {
	re      *regexp.Regexp
	negated bool
	folders bool // matches folders only
}

func newIgnore(fsys fs.FS) *ignore { return &ignore{fsys: fsys, rules: map[string][]ignoreRule{}} }

// matches reports whether a path is ignored. Its folders are taken not to be.
func (g *ignore) matches(p string, folder bool) bool {
	ignored := false
	for _, dir := range parents(p) {
		rel := strings.TrimPrefix(strings.TrimPrefix(p, dir), "/")
		for _, r := range g.of(dir) {
			if (folder || !r.folders) && r.re.MatchString(rel) {
				ignored = !r.negated
			}
		}
	}
	return ignored
}

// parents lists the folders above a path, outermost first; the root is "".
func parents(p string) []string {
	dirs := []string{""}
	for i, c := range p {
		if c == '/' {
			dirs = append(dirs, p[:i])
		}
	}
	return dirs
}

func (g *ignore) of(dir string) []ignoreRule {
	if rules, ok := g.rules[dir]; ok {
		return rules
	}
	var rules []ignoreRule
	if data, err := ReadFile(g.fsys, path.Join(dir, ".gitignore"), 1<<20); err == nil {
		rules = parseIgnore(string(data))
	}
	g.rules[dir] = rules
	return rules
}

func parseIgnore(text string) []ignoreRule {
	var rules []ignoreRule
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if trimmed := strings.TrimRight(line, " "); !strings.HasSuffix(trimmed, `\`) {
			line = trimmed
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var r ignoreRule
		line, r.negated = strings.CutPrefix(line, "!")
		line, r.folders = strings.CutSuffix(line, "/")
		if re, err := regexp.Compile(ignorePattern(line)); err == nil {
			r.re = re
			rules = append(rules, r)
		}
	}
	return rules
}

// ignorePattern translates a pattern: with a slash inside it is anchored at its
// folder, else it matches at any depth.
func ignorePattern(p string) string {
	anchored := strings.Contains(strings.TrimPrefix(p, "/"), "/") || strings.HasPrefix(p, "/")
	p = strings.TrimPrefix(p, "/")
	var b strings.Builder
	b.WriteString("^")
	if !anchored {
		b.WriteString("(?:.*/)?")
	}
	for i := 0; i < len(p); i++ {
		switch {
		case strings.HasPrefix(p[i:], "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(p[i:], "/**") && i+3 == len(p):
			b.WriteString("/.*")
			i += 2
		case p[i] == '*':
			b.WriteString("[^/]*")
		case p[i] == '?':
			b.WriteString("[^/]")
		case p[i] == '[':
			end := strings.IndexByte(p[i+1:], ']')
			if end < 1 {
				b.WriteString(`\[`)
				continue
			}
			class := p[i+1 : i+1+end]
			if rest, negated := strings.CutPrefix(class, "!"); negated {
				class = "^" + rest
			}
			b.WriteString("[" + strings.ReplaceAll(class, `\`, `\\`) + "]")
			i += end + 1
		case p[i] == '\\' && i+1 < len(p):
			i++
			b.WriteString(regexp.QuoteMeta(p[i : i+1]))
		default:
			b.WriteString(regexp.QuoteMeta(p[i : i+1]))
		}
	}
	b.WriteString("$")
	return b.String()
}
