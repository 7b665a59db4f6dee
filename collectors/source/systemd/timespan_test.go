package systemd

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
)

func analyze(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed (make oracles): nothing was compared")
	}
	return program
}

func TestTimeSpan(t *testing.T) {
	for text, want := range map[string]string{
		"6month": "15778800000000", "6m": "360000000", "1M": "2629800000000", "1y": "31557600000000", "90": "90000000", "1.5h 30min": "7200000000", "5m3": "303000000",
		"infinity": "18446744073709551615", " infinity ": "18446744073709551615", "infinityx": "refused", "": "refused", " ": "refused", "3.sec": "refused", "1.5.2s": "refused",
		"12.34 .56": "12900000", ".5s": "500000", "+5": "5000000", "-5": "refused", "5S": "refused", "99999999999y": "refused", "1us 2µs": "3", "1.55us": "1",
	} {
		if got := spanned(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func spanned(text string) string {
	n, ok := TimeSpan(text)
	if !ok {
		return "refused"
	}
	return strconv.FormatUint(n, 10)
}

// Generated values are what systemd-analyze makes of them.
func TestTimeSpanOracle(t *testing.T) {
	program := analyze(t)
	refused := 0
	const most = 500
	for seed := range uint64(most) {
		r := rand.New(rand.NewPCG(seed, 11))
		var b strings.Builder
		for range 1 + r.IntN(3) {
			fmt.Fprint(&b, []string{"", " ", "+", "\t"}[r.IntN(4)], r.IntN(2000))
			if r.IntN(3) == 0 {
				fmt.Fprint(&b, ".", strings.Repeat("7", r.IntN(4)))
			}
			b.WriteString([]string{"", " "}[r.IntN(2)])
			if r.IntN(6) > 0 {
				b.WriteString(units()[r.IntN(len(units()))].name)
			}
			if r.IntN(12) == 0 {
				b.WriteString([]string{"x", ".", "S", "-", "infinity", "999999999999999999999", "e3"}[r.IntN(7)])
			}
		}
		want := "refused"
		out, err := exec.Command(program, "timespan", "--", b.String()).Output()
		if err == nil {
			_, want, _ = strings.Cut(string(out), "s: ")
			want, _, _ = strings.Cut(want, "\n")
		} else {
			refused++
		}
		if got := spanned(b.String()); got != want {
			t.Errorf("%q is %s, systemd says %s", b.String(), got, want)
		}
	}
	t.Logf("%d values, systemd refused %d", most, refused)
	if refused > most/2 {
		t.Error("the cases say little")
	}
}

// Generated trees with overrides, masks and drop-ins in every folder: the same files
// in the same order as systemd-analyze cat-config.
func TestConfigOracle(t *testing.T) {
	program := analyze(t)
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 5))
		dir := t.TempDir()
		put := func(name string) {
			at := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if r.IntN(5) == 0 {
				_ = os.Symlink("/dev/null", at)
				return
			}
			text := fmt.Sprintf("[Journal]\nMaxRetentionSec=%d\n%s", seed*100+uint64(r.IntN(100)), []string{"", "MaxRetentionSec=\n", "# x\n", "[Other]\nA=b\n"}[r.IntN(4)])
			if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, folder := range []string{"etc", "run", "usr/local/lib", "usr/lib"} {
			if folder == "etc" || r.IntN(3) == 0 {
				put(folder + "/systemd/journald.conf")
			}
			for _, name := range []string{"10-a.conf", "20-b.conf", "90-z.conf", "x.txt", ".hidden.conf"} {
				if r.IntN(2) == 0 {
					put(folder + "/systemd/journald.conf.d/" + name)
				}
			}
		}
		out, err := exec.Command(program, "--root="+dir, "cat-config", "systemd/journald.conf").Output()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var want []string
		last := ""
		for line := range strings.Lines(string(out)) {
			line = strings.TrimSuffix(line, "\n")
			if name, ok := strings.CutPrefix(line, "# "+dir+"/"); ok {
				if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
					want = append(want, name)
				}
			}
			if v, ok := strings.CutPrefix(line, "MaxRetentionSec="); ok {
				last = v
			}
		}
		host, err := collectors.OpenHost(dir)
		if err != nil {
			t.Fatal(err)
		}
		config, files := Config(host.Files, "systemd/journald.conf")
		host.Close()
		if diff := cmp.Diff(want, files); diff != "" {
			t.Errorf("seed %d (-systemd +ours)\n%s\n%s", seed, diff, out)
		}
		if got := config.Get("Journal", "MaxRetentionSec").Value; got != last || config.Reason != "" {
			t.Errorf("seed %d: MaxRetentionSec %q, systemd's last is %q; %s", seed, got, last, config.Reason)
		}
	}
}

func FuzzTimeSpan(f *testing.F) {
	f.Add("1h 30min")
	f.Add("infinity")
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := TimeSpan(s); ok && n == 0 && !strings.ContainsAny(s, "0123456789") {
			t.Errorf("%q is nothing", s)
		}
	})
}
