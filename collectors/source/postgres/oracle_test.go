package postgres

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// server gives how to ask the server of a configuration in a folder: as nobody where
// the test runs as root, which the server refuses to.
func server(t *testing.T) (dir string, ask func(name string) (string, error)) {
	t.Helper()
	programs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(programs) == 0 {
		t.Skip("postgres is not installed (make oracles): nothing was compared")
	}
	dir, err := os.MkdirTemp("", "writ-postgres-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	attr := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	return dir, func(name string) (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := exec.CommandContext(ctx, programs[len(programs)-1], "-D", dir, "-C", name)
		c.SysProcAttr, c.Dir, c.Env = attr, dir, []string{"LC_ALL=C"}
		var said strings.Builder
		c.Stderr = &said
		out, err := c.Output()
		if err != nil {
			return "", fmt.Errorf("%w: %s", err, said.String())
		}
		return strings.TrimSuffix(string(out), "\n"), nil
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// randomSetting writes a line for log_line_prefix, whose value may be any text.
func randomSetting(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	value := pick("on", "a-b", "a.b:c/d", "_x", "12", "-3kB", "0x1f", "1.5", "1e3", "1.5e-3", ".5", "5.", "+7min", "é", "a.b", "'%m [%p] '", `'it''s'`, `'a\'b'`, `'\101\n\q'`, "''", "'#'",
		"a b", "'open", "'a' 'b'", "%m", "a=b", "1.5MB", "a$", "'a\\", "", "1a2", "0xg", "--1", "a..b")
	return pick("log_line_prefix", "LOG_Line_Prefix", "log_line_prefix", " \tlog_line_prefix") + pick(" = ", "=", " ", "  =", "= ", " = = ") + value + pick("", "", " # c", "\t", "\r", ";", "#x", " x")
}

// What the server takes is read, and what it refuses is refused.
func TestOracleGrammar(t *testing.T) {
	dir, ask := server(t)
	taken := 0
	for seed := range uint64(160) {
		r := rand.New(rand.NewPCG(seed, 5))
		text := randomSetting(r)
		if r.IntN(3) == 0 {
			text = "# c\n\n" + text + "\n" + randomSetting(r)
		}
		if r.IntN(2) == 0 {
			text += "\n"
		}
		write(t, filepath.Join(dir, "postgresql.conf"), text)
		said, err := ask("log_line_prefix")
		c := Load(os.DirFS(dir), "postgresql.conf")
		if (err == nil) != (c.Refused == "") {
			t.Errorf("seed %d: the server says %v, we %q, of\n%s", seed, err, c.Refused, text)
			continue
		}
		if err != nil {
			continue
		}
		taken++
		if s, ok := c.Last("log_line_prefix"); !ok || s.Value != said {
			t.Errorf("seed %d: the server reads %q, we %q, of\n%s", seed, said, s.Value, text)
		}
	}
	t.Logf("160 compared, the server took %d", taken)
	if taken < 30 || taken > 150 {
		t.Errorf("the server took %d of 160: the cases say little", taken)
	}
}

// Values are taken, rounded and refused as the server does.
func TestOracleValues(t *testing.T) {
	dir, ask := server(t)
	taken, asked := 0, 0
	for _, one := range []struct {
		name   string
		least  int
		most   int
		values []string
		unit   Unit
		yes    bool
	}{
		{name: "log_min_duration_statement", least: -1, most: math.MaxInt32, unit: Milliseconds, values: []string{
			"0", "-1", "-2", "250", "250ms", "1s", "1 s", "1.5s", "2min", "1h", "1d", "1us", "500us", "1500us", "2500us", "1S", "1m", "0x10", "0X10", "010", "08", "0o7", "1e3", "1e3ms", " 5", "5 ", "5 ms ", "+5", "2147483647", "2147483648", "24d", "25d",
			"1_000", "", "on", "-1ms", "-0.4", "-0.6", "1.", ".5", "1,5", "5ms5", "1e", "0x", "1e400",
		}},
		{name: "log_parameter_max_length", least: -1, most: math.MaxInt32 / 2, unit: Bytes, values: []string{"-1", "0", "8", "8B", "1kB", "1KB", "1MB", "1.5kB", "0.4B", "1GB", "1TB", "1ms", "0x7f"}},
		{name: "log_rotation_age", most: math.MaxInt32 / 60, unit: Minutes, values: []string{"0", "-1", "1d", "90s", "30s", "29s", "1h", "1440", "35791394", "35791395", "60000ms", "1kB"}},
		{name: "log_connections", yes: true, values: []string{"on", "ON", "of", "o", "off", "t", "tr", "truee", "1", "0", "2", "y", "n", "yes", "nO", "", " on", "on ", "01"}},
	} {
		for _, value := range one.values {
			asked++
			write(t, filepath.Join(dir, "postgresql.conf"), one.name+" = '"+value+"'\n")
			said, err := ask(one.name)
			got, ok := "", false
			if one.yes {
				var b bool
				b, ok = Bool(value)
				got = map[bool]string{true: "on", false: "off"}[b]
			} else {
				var n int
				n, ok = Int(value, one.unit)
				ok = ok && n >= one.least && n <= one.most
				got = strconv.Itoa(n)
			}
			if ok != (err == nil) || ok && got != said {
				t.Errorf("%s = '%s': the server says %q %v, we %q %v", one.name, value, said, err, got, ok)
			}
			if ok {
				taken++
			}
		}
	}
	t.Logf("%d values compared, the server took %d", asked, taken)
}

// Includes are read in the server's order, and the last value counts.
func TestOracleIncludes(t *testing.T) {
	dir, ask := server(t)
	names := []string{"a.conf", "b.conf", "d/10.conf", "d/9.conf", "d/.hidden.conf", "d/x.txt", "d/B.conf", "d/sub/c.conf"}
	for _, d := range []string{"d/sub", "empty"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	refused := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 9))
		for _, n := range append(slices.Clone(names), "postgresql.conf") {
			var b strings.Builder
			for range r.IntN(4) {
				switch r.IntN(7) {
				case 0:
					fmt.Fprintf(&b, "include '%s'\n", []string{"a.conf", "b.conf", "sub/c.conf", "d/9.conf", "none.conf", filepath.Join(dir, "b.conf")}[r.IntN(6)])
				case 1:
					fmt.Fprintf(&b, "Include_If_Exists = '%s'\n", []string{"a.conf", "none.conf", "../b.conf", "d/sub/c.conf"}[r.IntN(4)])
				case 2:
					fmt.Fprintf(&b, "include_dir '%s'\n", []string{"d", "empty", "d/sub", "nowhere"}[r.IntN(4)])
				default:
					fmt.Fprintf(&b, "log_line_prefix = '%d'\n", r.IntN(1000))
				}
			}
			write(t, filepath.Join(dir, n), b.String())
		}
		write(t, filepath.Join(dir, "postgresql.auto.conf"), []string{"", "", "log_line_prefix = 'auto'\n"}[r.IntN(3)])
		said, err := ask("log_line_prefix")
		c := Load(os.DirFS("/"), strings.TrimPrefix(filepath.Join(dir, "postgresql.conf"), "/"))
		c.Append(os.DirFS("/"), strings.TrimPrefix(filepath.Join(dir, "postgresql.auto.conf"), "/"))
		if (err == nil) != (c.Refused == "") {
			t.Errorf("seed %d: the server says %v, we %q", seed, err, c.Refused)
			continue
		}
		if err != nil {
			refused++
			continue
		}
		got := "%m [%p] "
		if s, ok := c.Last("log_line_prefix"); ok {
			got = s.Value
		}
		if got != said {
			t.Errorf("seed %d: the server reads %q, we %q", seed, said, got)
		}
	}
	t.Logf("60 trees compared, the server refused %d", refused)
}

// Whole files of any parameters: what the server refuses by a name or a value is
// refused, and what it takes is taken, or said not to be certain.
func TestOracleParameters(t *testing.T) {
	dir, ask := server(t)
	lines := strings.Split(strings.TrimSpace(parameters), "\n")
	values := []string{"on", "off", "0", "1", "-1", "10", "100", "1.5", "8MB", "64kB", "5min", "30s", "10ms", "none", "all", "minimal", "replica", "'2GB'", "0.9", "1e3", "always", "99999999", "maybe"}
	taken, refused, opaque := 0, 0, 0
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 3))
		var b strings.Builder
		for range 1 + r.IntN(2) {
			f := strings.Split(lines[r.IntN(len(lines))], "\t")
			name, value := f[0], values[r.IntN(len(values))]
			if f[1] == "string" || r.IntN(12) == 0 && f[1] != "enum" {
				name, value = "log_line_prefix", "'x'"
				if r.IntN(3) == 0 {
					name = []string{"log_statements", "my.own", "block_size", "log_min_duration"}[r.IntN(4)]
				}
			}
			if f[5] != "" && r.IntN(2) == 0 {
				all := strings.Split(f[5], ",")
				value = "'" + all[r.IntN(len(all))] + "'"
			}
			fmt.Fprintf(&b, "%s = %s\n", name, value)
		}
		write(t, filepath.Join(dir, "postgresql.conf"), b.String())
		c := Load(os.DirFS(dir), "postgresql.conf")
		c.Check(15)
		_, err := ask("log_line_prefix")
		switch {
		case c.Refused != "":
			refused++
			if err == nil {
				t.Errorf("seed %d: we refuse what the server takes: %s, of\n%s", seed, c.Refused, b.String())
			}
		case c.Opaque != "":
			opaque++
		case err != nil:
			t.Errorf("seed %d: we take what the server refuses: %v, of\n%s", seed, err, b.String())
		default:
			taken++
		}
	}
	t.Logf("120 compared: %d taken, %d refused, %d not certain", taken, refused, opaque)
	if taken < 30 || refused < 30 {
		t.Error("the cases say little")
	}
}
