package rsyslog

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite golden files")

func shown(list []Statement) string {
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, "%d:%d %s %s", s.Pos.Line, s.Pos.Column, [...]string{"action", "directive", "object", "include", "opaque"}[s.Kind], s.Name)
		if s.Text != "" {
			fmt.Fprintf(&b, " %q", s.Text)
		}
		for _, p := range s.Params {
			fmt.Fprintf(&b, " %s=%q", p.Name, p.Values)
			if p.Opaque {
				b.WriteString("?")
			}
		}
		if s.Filter != "" {
			fmt.Fprintf(&b, " filter %s", s.Filter)
		}
		if s.Conditional {
			b.WriteString(" conditional")
		}
		if s.Reason != "" {
			fmt.Fprintf(&b, " (%s)", s.Reason)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// What files say. A file whose name ends with ".bad" is refused by rsyslogd, and
// something in it is opaque.
func TestParse(t *testing.T) {
	const name = "testdata/files.txtar"
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	out := txtar.Archive{Comment: a.Comment}
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".want") {
			continue
		}
		got := shown(Parse("f", f.Data))
		if bad := strings.HasSuffix(f.Name, ".bad"); bad != strings.Contains(got, " opaque ") {
			t.Errorf("%s: %s", f.Name, got)
		}
		out.Files = append(out.Files, f, txtar.File{Name: f.Name + ".want", Data: []byte(got)})
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(&out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(txtar.Format(a)), string(txtar.Format(&out))); diff != "" && !*update {
		t.Error(diff)
	}
}

// rsyslogd itself takes the files, and refuses those that are to be refused.
func TestOracle(t *testing.T) {
	program, err := exec.LookPath("rsyslogd")
	if err != nil {
		if program = "/usr/sbin/rsyslogd"; exec.Command(program, "-v").Run() != nil {
			t.Skip("rsyslogd is not installed: the files were not shown to it")
		}
	}
	a, err := txtar.ParseFile("testdata/files.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".want") {
			continue
		}
		at := filepath.Join(t.TempDir(), "rsyslog.conf")
		if err := os.WriteFile(at, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		said, _ := exec.Command(program, "-N1", "-f", at).CombinedOutput()
		refused := strings.Contains(string(said), "error during parsing file") || strings.Contains(string(said), "syntax error") || strings.Contains(string(said), "invalid character")
		if bad := strings.HasSuffix(f.Name, ".bad"); bad != refused {
			t.Errorf("%s: %s", f.Name, said)
		}
	}
}

// Whatever a file holds, reading it ends, and every statement has a place in it.
func FuzzParse(f *testing.F) {
	a, err := txtar.ParseFile("testdata/files.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range a.Files {
		f.Add(file.Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := strings.Count(string(data), "\n") + 1
		for _, s := range Parse("f", data) {
			if s.Pos.Line < 1 || s.Pos.Line > lines+1 || s.Pos.Column < 1 {
				t.Errorf("%+v of %d lines", s, lines)
			}
		}
	})
}
