package secrets

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/git"
	"github.com/writ-policy/writ/collectors/source/secret"
	"github.com/writ-policy/writ/collectors/source/toml"
)

// source is what one run searches.
type source struct {
	env     *collectors.Env
	scanner *secret.Scanner
	repo    *git.Repository // nil if there is none
	mu      sync.Mutex      // guards repo
	// reasons say why files may be missing; "" stands for all.
	reasons []reason
}

// reason says why a file was not searched.
type reason struct{ name, text string }

// file is one to search.
type file struct {
	name      string
	untracked bool
	missing   bool   // it is in the index alone
	id        git.ID // of what the index holds, if it is missing
}

func newSource(env *collectors.Env) *source { return &source{env: env, scanner: scannerOf(env)} }

// repository opens the repository around the source, if there is one.
func (s *source) repository() {
	env := s.env
	repo, err := git.Open(env.Tree.FS, folderOf(env.Tree))
	switch {
	case err == nil:
		s.repo = repo
	case !errors.Is(err, git.ErrNone):
		s.unread(err)
	}
}

// list is what a whole source has to search, found once for all its parts.
type list struct {
	files   []file
	reasons []reason
}

// listed returns what is to be searched here.
func (s *source) listed() []file {
	whole := s.env.Whole()
	all := whole.Once("files searched for secrets", func() any {
		s := newSource(whole)
		s.repository()
		defer s.close()
		return &list{s.files(), s.reasons}
	}).(*list)
	var files []file
	missing := false
	for _, f := range all.files {
		if s.env.Owns(f.name) {
			files = append(files, f)
			missing = missing || f.missing
		}
	}
	if missing || s.env.History {
		s.repository()
		s.reasons = nil // which the list has
	}
	for _, r := range all.reasons {
		if r.name == "" || s.env.Owns(r.name) {
			s.reasons = append(s.reasons, r)
		}
	}
	return files
}

// unread notes that the repository cannot tell which files are tracked: all that
// were discovered count as such, and others may be.
func (s *source) unread(err error) {
	hidden := slices.ContainsFunc(s.env.Tree.Skipped, func(k collectors.Skipped) bool { return strings.Contains(k.Reason, ".gitignore") })
	if hidden {
		s.reasons = append(s.reasons, reason{text: fmt.Sprintf("the repository cannot be read (%v): files that .gitignore names may be tracked", err)})
	}
}

func (s *source) close() {
	if s.repo != nil {
		s.repo.Close()
	}
}

// builtin searches for what is built in.
var builtin = sync.OnceValue(func() *secret.Scanner { return secret.NewScanner(secret.Builtin()) })

// scannerOf is the scanner of the built-in rules and of those that the command line
// names.
func scannerOf(env *collectors.Env) *secret.Scanner {
	if len(env.SecretRules) == 0 {
		return builtin()
	}
	env = env.Whole()
	return env.Once("secret rules", func() any {
		rules := secret.Builtin()
		standard := len(rules)
		for _, f := range env.SecretRules {
			docs, diagnostics := toml.Read(f.Name, f.Data)
			env.Diagnose(diagnostics...)
			for _, d := range docs {
				c, diagnostics := secret.ReadConfig(d)
				env.Diagnose(diagnostics...)
				c.Apply(rules[:standard])
				rules = append(rules, c.Rules...)
			}
		}
		return secret.NewScanner(rules)
	}).(*secret.Scanner)
}

// search returns the shapes of secrets in a text that stands in some file.
func search(text string) []secret.Found {
	return slices.DeleteFunc(builtin().Scan(secret.Text{Data: text}), func(f secret.Found) bool { return f.Rule == secret.Generic })
}

// files lists what is searched: the files that were discovered, and those of the
// index that they leave out, by whatever rule.
func (s *source) files() []file {
	tree := s.env.Tree
	var tracked map[string]git.Entry
	if s.repo != nil {
		entries, err := s.repo.Index()
		if err != nil {
			s.unread(err)
		} else {
			tracked = map[string]git.Entry{}
			for _, e := range entries {
				if name := path.Join(s.repo.Dir, e.Path); name == tree.Dir || collectors.Under(tree.Dir, name) {
					tracked[name] = e
				}
			}
		}
	}
	var out []file
	for _, name := range tree.Files {
		e, known := tracked[name]
		delete(tracked, name)
		if known && e.Link {
			continue // its content is a name
		}
		out = append(out, file{name: name, untracked: tracked != nil && !known && !s.nested(name)})
	}
	for name, e := range tracked {
		if e.Link || e.Module {
			continue
		}
		info, err := fs.Stat(tree.FS, name)
		out = append(out, file{name: name, missing: err != nil || !info.Mode().IsRegular(), id: e.ID})
	}
	for _, k := range tree.Skipped {
		_, known := tracked[k.Path]
		if k.Refused && !known && !strings.HasPrefix(k.Reason, "link") && k.Reason != "not a regular file" {
			s.reasons = append(s.reasons, reason{k.Path, k.Path + ": " + k.Reason + ", not searched for secrets"})
		}
	}
	slices.SortFunc(out, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return out
}

// nested reports whether a file is of another repository inside this one, which
// tracks it or not.
func (s *source) nested(name string) bool {
	for dir := path.Dir(name); dir != s.repo.Dir && dir != "."; dir = path.Dir(dir) {
		if _, err := fs.Stat(s.env.Tree.FS, path.Join(dir, ".git")); err == nil {
			return true
		}
	}
	return false
}

// blob reads what the index holds of a file.
func (s *source) blob(f file) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.repo.Blob(f.id)
	if err != nil {
		return nil, fmt.Errorf("not checked out, and its content is not there (%w)", err)
	}
	return data, nil
}

// carrierOf tells what kind of file carries a match.
func carrierOf(name string) string {
	base := path.Base(name)
	switch {
	case strings.Contains(name, ".github/workflows/"), base == ".gitlab-ci.yml", base == "Jenkinsfile", base == "bitbucket-pipelines.yml", strings.Contains(name, ".circleci/"),
		base == "azure-pipelines.yml", base == ".drone.yml", base == ".travis.yml":
		return "ci"
	case secret.EnvFile(name):
		return "env"
	}
	return "source"
}
