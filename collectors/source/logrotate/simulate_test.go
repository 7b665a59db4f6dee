package logrotate

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

// simulated is a log that is written twice a day, at noon and in the second of the run,
// for some days, and the stanza that rotates it.
type simulated struct {
	dir, text    string
	quietAfter   int // days
	settings     Settings
	interval     Interval
	first        time.Time
	written      []time.Time
	oldest, gone float64 // the highest age before a run; the lowest age of what is missing after one
}

// stanza writes one whose interval is to be measured.
func (s *simulated) stanza(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	lines := []string{
		pick("daily", "daily", "weekly", "weekly", "weekly 3", "weekly 7", "monthly", "hourly", "size 0", "size 1G", "yearly"),
		"rotate " + pick("0", "1", "2", "4", "7", "14", "0x4", "-1"),
		pick("create", "copytruncate", "create 0600", "copytruncate", "renamecopy", "copy"),
	}
	if r.IntN(6) > 0 && lines[2] == "copy" {
		lines[2] = "create"
	}
	if r.IntN(3) == 0 {
		lines = append(lines, "maxage "+pick("3", "7", "010", "30", "45"))
	}
	lines = append(lines, pick("", "", "notifempty", "minsize 1", "minsize 1G", "maxsize 1", "maxsize 1G", "start 0"), pick("", "", "", "compress", "compress\n\tdelaycompress"),
		pick("", "", "dateext", "dateext\n\tdateformat -%Y-%m-%d", "dateext\n\tdateformat -%s"), pick("", "", "", "olddir old", "missingok", "postrotate\n\ttrue\n\tendscript"))
	s.text = s.dir + "/app.log {\n\t" + strings.Join(lines, "\n\t") + "\n}\n"
	if r.IntN(6) == 0 {
		s.quietAfter = 20
	}
	return s.text
}

func (s *simulated) write(t *testing.T, at time.Time) {
	t.Helper()
	name := s.dir + "/app.log"
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(f, at.Unix())
	f.Close()
	os.Chtimes(name, at, at)
	s.written = append(s.written, at)
}

// present are the records that are on the disk.
func (s *simulated) present(t *testing.T) map[int64]bool {
	t.Helper()
	out := map[int64]bool{}
	files, _ := filepath.Glob(s.dir + "/app.log*")
	old, _ := filepath.Glob(s.dir + "/old/*")
	for _, name := range append(files, old...) {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var in io.Reader = f
		if strings.HasSuffix(name, ".gz") {
			if in, err = gzip.NewReader(f); err != nil {
				t.Fatal(err)
			}
		}
		for lines := bufio.NewScanner(in); lines.Scan(); {
			if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
				out[n] = true
			}
		}
		f.Close()
	}
	return out
}

// settle gives files that a run made the time of the run, which the kernel does not know.
func (s *simulated) settle(now time.Time) {
	for _, pattern := range []string{"/app.log*", "/old/*"} {
		names, _ := filepath.Glob(s.dir + pattern)
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && info.ModTime().Year() > 2024 {
				os.Chtimes(name, now, now)
			}
		}
	}
}

// look compares what is there with the interval: before a run the oldest, after it what
// is missing.
func (s *simulated) look(t *testing.T, now time.Time, after bool) {
	t.Helper()
	there := s.present(t)
	for i, at := range s.written {
		age := now.Sub(at).Hours() / 24
		if there[at.Unix()] {
			if !after {
				s.oldest = max(s.oldest, age)
			}
			s.written = s.written[i:]
			return
		}
		if after {
			s.gone = min(s.gone, age)
		}
	}
	s.written = nil
}

// The real program, run once a day under a clock that moves, keeps records for as long
// as the interval says. WRIT_LOGROTATE_SIMULATION says for how many stanzas; make
// logrotate-simulation asks for all of them, over 500 days.
func TestSimulation(t *testing.T) {
	const program, preload = "/usr/sbin/logrotate", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
	for _, name := range []string{program, preload} {
		if _, err := os.Stat(name); err != nil {
			t.Skip(name + " is not there (make oracles): nothing was simulated")
		}
	}
	count, days := 14, 60
	if n, err := strconv.Atoi(os.Getenv("WRIT_LOGROTATE_SIMULATION")); err == nil {
		count, days = n, 500
	}
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(7, 7))
	start := time.Date(2021, 1, 5, 0, 0, 0, 0, time.UTC)
	var logs []*simulated
	var text strings.Builder
	for i := range count {
		s := &simulated{dir: fmt.Sprintf("%s/%03d", dir, i), quietAfter: days, gone: 1e9, first: start}
		if err := os.MkdirAll(s.dir+"/old", 0o755); err != nil {
			t.Fatal(err)
		}
		text.WriteString(s.stanza(r))
		logs = append(logs, s)
	}
	main := dir + "/main"
	if err := os.WriteFile(main, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	version := Variant{Version: 21}
	config := Load(live(t), strings.TrimPrefix(main, "/"), version)
	if len(config.Stanzas) != count || len(config.Problems) > 0 {
		t.Fatalf("%d stanzas, %v", len(config.Stanzas), config.Problems)
	}
	for i, s := range config.Stanzas {
		logs[i].settings, logs[i].interval = s.Settings, s.Interval(version, 1)
	}
	for day := range days {
		now := start.AddDate(0, 0, day)
		for _, s := range logs {
			if day < s.quietAfter {
				if day > 0 { // the first run notes the log, and rotates nothing
					s.write(t, now.Add(-12*time.Hour))
				}
				s.write(t, now)
			}
			s.look(t, now, false)
		}
		run := exec.CommandContext(t.Context(), program, "-s", dir+"/state", main)
		run.Dir = "/"
		run.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=/usr/bin:/bin", "LD_PRELOAD=" + preload, "NO_FAKE_STAT=1", "FAKETIME=" + now.Format(time.DateTime)}
		if out, err := run.CombinedOutput(); err != nil {
			for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
				// A quiet log that was renamed away is missing.
				if !strings.Contains(line, "exists, skipping rotation") && !strings.Contains(line, "No such file or directory") {
					t.Fatalf("%v: %v\n%s", now, err, out)
				}
			}
		}
		for _, s := range logs {
			s.settle(now)
			s.look(t, now, true)
		}
	}
	inside, touched, grew, quiet := 0, 0, 0, 0
	for _, s := range logs {
		i := s.interval
		fail := func(what string) {
			t.Errorf("%s: measured %.1f to %.1f days, read %d to %d (%s %v, period %.2f):\n%s", what, s.gone, s.oldest, i.Least, i.Most, i.Bound, i.Conditions, i.Period, s.text)
		}
		still := s.quietAfter < days
		if s.gone < float64(i.Least) {
			fail("records are gone too early")
		}
		switch {
		case i.Opaque != "":
			fail("opaque " + i.Opaque)
		case s.settings.MinSize > 1<<20 && s.settings.Criterion != "size" || s.settings.Criterion == "size" && s.settings.Threshold > 1<<20 && s.settings.MaxSize != 1 || i.Bound == "none":
			// No traffic is ever enough, or nothing deletes.
			if s.oldest < float64(days-2) {
				fail("it does not grow")
			}
			if i.Most < fact.Unbounded && len(i.Conditions) == 0 {
				fail("no condition is told")
			}
			grew++
			continue
		case i.Bound == "size":
			continue
		case still && len(i.Conditions) > 0:
			quiet++ // the bound does not hold
			if days > 2*i.Most && s.oldest <= float64(i.Most) {
				fail("the condition is none")
			}
			continue
		}
		if s.oldest > float64(i.Most) {
			fail("records grow too old")
		}
		inside++
		if still || s.settings.MaxSize == 1 || float64(i.Most)+2*i.Period > float64(days) {
			continue
		}
		if s.oldest < float64(i.Most)-i.Period-1 || s.settings.MaxSize == 0 && s.gone > float64(i.Least)+i.Period+1 {
			fail("an end is not reached")
		}
		touched++
	}
	t.Logf("%d stanzas over %d days: %d inside, of which %d reach both ends; %d grow; %d are quiet under a condition", count, days, inside, touched, grew, quiet)
	if touched < count/5 || grew == 0 {
		t.Errorf("too little was measured")
	}
}
