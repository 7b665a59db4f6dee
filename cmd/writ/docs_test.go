package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// pages are those whose code blocks are executed; a new page is one by itself.
var pages = []string{"*.md", "docs/*.md", "docs/*/*.md", "examples/*/README.md", "policies/*.md"}

// notRun are the blocks that nothing executes, with the reason; page and language.
var notRun = map[string]string{
	"docs/scan.md":                       "asks the ports of hosts that are not there",
	"docs/moving-from-checkov.md python": "a check of Checkov's in Python, quoted: nothing here reads Python",
}

// TestDocs holds that the pages are true: each code block is a file that is read, or
// commands that are run and print what the page says. -update rewrites what they print.
func TestDocs(t *testing.T) {
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, pattern := range pages {
		found, err := filepath.Glob(filepath.Join(repo, filepath.FromSlash(pattern)))
		if err != nil || len(found) == 0 && pattern != "docs/*/*.md" {
			t.Fatalf("%s: %d pages: %v", pattern, len(found), err)
		}
		for _, name := range found {
			rel, err := filepath.Rel(repo, name)
			if err != nil {
				t.Fatal(err)
			}
			rel = filepath.ToSlash(rel)
			if notRun[rel] != "" {
				used[rel] = true
				continue
			}
			t.Run(rel, func(t *testing.T) {
				page, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				p := player{t: t, repo: repo, page: rel, used: used}
				p.fixture(filepath.Join(repo, "testdata", "docs", strings.ReplaceAll(strings.TrimSuffix(rel, ".md"), "/", "-")+".txtar"))
				now := p.play(string(page))
				if *update && now != string(page) {
					if err := os.WriteFile(name, []byte(now), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				for _, problem := range p.problems {
					t.Errorf("%s:%s", rel, problem)
				}
			})
		}
	}
	for name := range notRun {
		if !used[name] {
			t.Errorf("%s is said not to be run, and is not there", name)
		}
	}
}

// player plays a page: its files and commands, one after the other, in one folder that
// is a repository of its own, until the page says that a new one begins.
type player struct {
	t          *testing.T
	repo, page string
	used       map[string]bool // what of notRun was there

	files    []txtar.File // what is in each folder from the start
	bin, dir string       // stand-ins of programs that are not there, and the folder
	status   int          // of the last command
	problems []string     // LINE: what is wrong
}

// fixture reads what a page takes for granted: files, and below bin programs that
// stand in for those which a test cannot have.
func (p *player) fixture(name string) {
	p.bin = p.t.TempDir()
	archive, err := txtar.ParseFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range archive.Files {
		program, is := strings.CutPrefix(f.Name, "bin/")
		if !is {
			p.files = append(p.files, f)
			continue
		}
		if err := os.WriteFile(filepath.Join(p.bin, program), f.Data, 0o755); err != nil {
			p.t.Fatal(err)
		}
	}
}

// play returns the page with what its commands really print.
func (p *player) play(page string) string {
	list, err := blocks(page)
	if err != nil {
		p.problems = append(p.problems, err.Error())
		return page
	}
	p.newFolder()
	lines := strings.Split(page, "\n")
	for _, b := range slices.Backward(p.playAll(list)) {
		n := strings.Count(b.text, "\n")
		lines = slices.Replace(lines, b.line, b.line+n, strings.Split(strings.TrimSuffix(b.file, "\n"), "\n")...)
	}
	return strings.Join(lines, "\n")
}

// playAll returns the blocks whose output is another one, with the text they should
// have as file.
func (p *player) playAll(list []block) []block {
	var wrong []block
	for _, b := range list {
		problem := func(format string, args ...any) {
			p.problems = append(p.problems, fmt.Sprintf("%d: ", b.line)+fmt.Sprintf(format, args...))
		}
		known, err := b.parse()
		if err != nil {
			problem("%s: %v", b.language, err)
		}
		switch {
		case b.language == newFolder:
			p.newFolder()
		case b.language == "console":
			steps, err := b.steps()
			if err != nil {
				problem("%v", err)
				continue
			}
			var text strings.Builder
			same := true
			for _, s := range steps {
				output := printed(p.run(s.command))
				if missing := unprinted(s.output, output); len(missing) > 0 {
					problem("$ %s\nprints no\n%s\nbut\n%s", s.command, strings.Join(missing, "\n"), strings.Join(output, "\n"))
					same, s.output = false, output
				}
				fmt.Fprintf(&text, "$ %s\n", s.command)
				for _, line := range s.output {
					fmt.Fprintln(&text, line)
				}
			}
			if !same {
				wrong = append(wrong, block{line: b.line, text: b.text, file: text.String()})
			}
		case b.language == "sh":
			for _, command := range strings.Split(strings.ReplaceAll(strings.TrimSpace(b.text), "\\\n", ""), "\n") {
				if output := p.run(command); p.status != 0 && p.status != 1 && p.status != 3 {
					problem("$ %s\nends with status %d:\n%s", command, p.status, output)
				}
			}
		case b.file != "":
			p.write(b.file, b.text)
		case known:
		case notRun[p.page+" "+b.language] != "":
			p.used[p.page+" "+b.language] = true
		default:
			problem("a block of %q that nothing executes: name the file in the line before it, or make it a console", b.language)
		}
	}
	return wrong
}

func (p *player) newFolder() {
	p.dir = tree(p.t, nil)
	if folder := path.Dir(p.page); strings.HasPrefix(folder, "examples/") { // the page is about it
		if err := os.CopyFS(filepath.Join(p.dir, filepath.FromSlash(folder)), os.DirFS(filepath.Join(p.repo, filepath.FromSlash(folder)))); err != nil {
			p.t.Fatal(err)
		}
	}
	for _, f := range p.files {
		p.write(f.Name, string(f.Data))
	}
}

func (p *player) write(name, text string) {
	if !filepath.IsLocal(name) {
		p.t.Fatalf("%s leads out of the folder", name)
	}
	put(p.t, filepath.Join(p.dir, filepath.FromSlash(name)), text)
}

// run gives a command to sh, for which writ and conftest are this program, and returns
// what it prints.
func (p *player) run(command string) string {
	cmd := exec.Command("sh", "-c", fmt.Sprintf("(exit %d)\n%s", p.status, command))
	cmd.Dir = p.dir
	cmd.Env = []string{
		"PATH=" + p.bin + string(filepath.ListSeparator) + os.Getenv("PATH"),
		"HOME=" + p.bin, "REPO=" + p.repo, "PAGE=" + p.page,
	}
	output, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		p.t.Fatalf("%s: %v", command, err)
	}
	p.status = cmd.ProcessState.ExitCode()
	return string(output)
}
