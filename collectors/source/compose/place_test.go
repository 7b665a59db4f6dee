package compose_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// TestPlaces holds that, whatever was merged, included and extended, each text of a
// project stands on the line of the file that its place names.
func TestPlaces(t *testing.T) {
	var names []string
	for _, pattern := range []string{"testdata/config/*.txtar", "testdata/projects/*.txtar"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no cases: %v", err)
		}
		names = append(names, found...)
	}
	checked := 0
	for _, name := range names {
		_, files, _ := archive(t, name, "want.txt", "config.json")
		for _, target := range compose.Targets(sourcetest.Env(files)) {
			for _, p := range target.Projects {
				for _, s := range p.Services {
					holds(t, name, files, s.Name, s.Pos)
					checked += places(t, name, files, s.Root)
				}
				for _, v := range []*compose.Value{p.Volumes, p.Networks, p.Secrets, p.Configs} {
					checked += places(t, name, files, v)
				}
			}
		}
	}
	if checked < 200 {
		t.Errorf("only %d texts were checked", checked)
	}
}

func places(t *testing.T, name string, files map[string]string, v *compose.Value) (checked int) {
	if v == nil {
		return 0
	}
	for i, e := range v.Elems {
		if len(v.Keys) > 0 && !v.Keys[i].Pos.IsZero() {
			holds(t, name, files, v.Keys[i].Name, v.Keys[i].Pos)
		}
		if e.Scalar() && e.Text != "" {
			holds(t, name, files, e.Text, e.Pos)
			checked++
		}
		checked += places(t, name, files, e)
	}
	return checked
}

// holds checks one place. A line with a variable holds another text than the value.
func holds(t *testing.T, name string, files map[string]string, text string, at fact.Position) {
	t.Helper()
	lines := strings.Split(files[at.Source], "\n")
	if at.Line < 1 || at.Line > len(lines) {
		t.Errorf("%s: %q stands at no line: %s", name, text, at)
		return
	}
	if line := lines[at.Line-1]; !strings.Contains(line, text) && !strings.Contains(line, "$") && !strings.Contains(line, "include") && !strings.Contains(line, "- path") {
		t.Errorf("%s: %q does not stand at %s: %s", name, text, at, line)
	}
}

// FuzzCompose holds that no text makes the reader panic or loop, and that what it
// reads stands in the text.
func FuzzCompose(f *testing.F) {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		_, files, _ := archive(f, name, "want.txt", "config.json")
		main := ""
		for _, file := range fact.SortedKeys(files) {
			if strings.Contains(file, "compose.y") {
				main = files[file]
			}
		}
		for _, file := range fact.SortedKeys(files) {
			f.Add(main, files[file], files[".env"])
		}
	}
	f.Fuzz(func(t *testing.T, main, over, vars string) {
		if len(main)+len(over)+len(vars) > 1<<14 {
			return
		}
		files := map[string]string{"compose.yaml": main, "compose.override.yaml": over, "other.yml": over, ".env": vars}
		for _, target := range compose.Targets(sourcetest.Env(files)) {
			for _, p := range target.Projects {
				for _, s := range p.Services {
					s.Ports()
					s.Mounts()
					s.Networks()
				}
			}
		}
	})
}

// TestTells holds that a project tells of every file that no other one of its folder
// has.
func TestTells(t *testing.T) {
	_, files, _ := archive(t, "testdata/projects/overlay.txtar", "want.txt")
	projects := compose.Targets(sourcetest.Env(files))[0].Projects
	overlay := projects[len(projects)-1]
	for name, want := range map[string]bool{"compose.yaml": false, "compose.prod.yaml": true, "monitoring/compose.yaml": true} {
		if got := overlay.Tells(fact.Position{Source: name}); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
