package collectors

import (
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
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
	text = strings.TrimPrefix(text, "\ufeff")
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

// manyStars are as good as two.
var manyStars = regexp.MustCompile(`\*{3,}`)

// ignorePattern translates a pattern: with a slash inside it is anchored at its
// folder, else it matches at any depth.
func ignorePattern(p string) string {
	anchored := strings.Contains(strings.TrimPrefix(p, "/"), "/") || strings.HasPrefix(p, "/")
	p = manyStars.ReplaceAllString(strings.TrimPrefix(p, "/"), "**")
	if p == "**" {
		return "" // everything
	}
	var b strings.Builder
	b.WriteString("^")
	if !anchored {
		b.WriteString("(?:.*/)?")
	}
	for i := 0; i < len(p); i++ {
		switch {
		case strings.HasPrefix(p[i:], "**/") && (i == 0 || p[i-1] == '/'):
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
			class, size := ignoreClass(p[i:])
			b.WriteString(class)
			i += size - 1
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

// ignoreClass translates the bracket expression that p begins with, and returns
// how much of p it is. A "]" that comes first stands for itself, and no class
// matches a slash. One that does not end is an ordinary bracket.
func ignoreClass(p string) (class string, size int) {
	var b strings.Builder
	i := 1
	negated := i < len(p) && (p[i] == '!' || p[i] == '^')
	if negated {
		i++
	}
	for first := true; i < len(p); first = false {
		switch {
		case p[i] == ']' && !first:
			if negated {
				return "[^/" + b.String() + "]", i + 1
			}
			if b.Len() == 0 {
				return `[^\x00-\x{10FFFF}]`, i + 1 // nothing
			}
			return "[" + b.String() + "]", i + 1
		case strings.HasPrefix(p[i:], "[:") && strings.Contains(p[i+2:], ":]"):
			end := i + 4 + strings.Index(p[i+2:], ":]")
			b.WriteString(p[i:end])
			i = end
			continue
		}
		low, n := classRune(p[i:])
		i += n
		high := low
		if i+1 < len(p) && p[i] == '-' && p[i+1] != ']' {
			high, n = classRune(p[i+1:])
			i += 1 + n
		}
		// Around the slash, which only negation excludes by itself.
		for _, part := range [][2]rune{{low, min(high, '/'-1)}, {max(low, '/'+1), high}} {
			if part[0] <= part[1] {
				b.WriteString(`\x{` + strconv.FormatInt(int64(part[0]), 16) + `}-\x{` + strconv.FormatInt(int64(part[1]), 16) + `}`)
			}
		}
	}
	return `\[`, 1
}

// classRune reads one character of a class, escaped or not.
func classRune(p string) (r rune, size int) {
	skip := 0
	if p[0] == '\\' && len(p) > 1 {
		skip = 1
	}
	r, size = utf8.DecodeRuneInString(p[skip:])
	return r, size + skip
}
