package logs

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// rotated is what logrotate does on a host with a configuration, by the file. Change may
// change the tree, whose logs stand in srv/a and srv/b.
func rotated(t *testing.T, config string, change func(dir string)) map[string]*store {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"etc/logrotate.conf": config, "etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/group": "root:x:0:\n", "usr/sbin/logrotate": "",
		"srv/a/a.log": "", "srv/b/b.log": "",
	} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(dir)
	}
	host, err := collectors.OpenHost(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { host.Close() })
	env := &collectors.Env{Host: host, Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Version: "test", Redactor: fact.NewRedactor()}
	m := &machine{env: env, host: host, collection: &collection{byID: map[string]*store{}, sources: fact.NewBuilder("log.source", host.Target(), env.Envelope("logs", "files"), env.Now)}}
	m.logrotates(t.Context())
	return m.byID
}

// Where a folder is open to others, or a file has several names, logrotate leaves a log
// alone unless it is told otherwise.
func TestLeftAlone(t *testing.T) {
	mode := func(name string, mode os.FileMode) func(string) {
		return func(dir string) {
			if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	link := func(dir string) {
		if err := os.Link(filepath.Join(dir, "srv/a/a.log"), filepath.Join(dir, "srv/other")); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		config string
		change func(string)
		reason string
	}{
		"as it should be":      {"/srv/*/*.log {\ndaily\nrotate 2\n}\n", nil, ""},
		"open folder":          {"/srv/*/*.log {\ndaily\nrotate 2\n}\n", mode("srv/a", 0o777), "unsafe_folder: everybody may write to /srv/a, and there is no su"},
		"open folder, with su": {"/srv/*/*.log {\ndaily\nrotate 2\nsu root root\n}\n", mode("srv/a", 0o777), ""},
		"group of root":        {"/srv/*/*.log {\ndaily\nrotate 2\n}\n", mode("srv/a", 0o775), ""},
		"several names":        {"/srv/*/*.log {\ndaily\nrotate 2\n}\n", link, "hard_link: the file has several names, and there is no allowhardlink"},
		"several, allowed":     {"/srv/*/*.log {\ndaily\nrotate 2\nallowhardlink\n}\n", link, ""},
		"open configuration":   {"/srv/*/*.log {\ndaily\nrotate 2\n}\n", mode("etc/logrotate.conf", 0o666), "unsafe_mode: the file is writable by its group or by others, and not read (/etc/logrotate.conf:1)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := rotated(t, c.config, c.change)["/srv/a/a.log"]
			if s == nil || s.rotation == nil {
				t.Fatal("no rotation")
			}
			want := []string{}
			if c.reason != "" {
				want = append(want, c.reason)
			}
			if !s.rotation.effective.Known() || s.rotation.effective.Value != (c.reason == "") || !slices.Equal(s.rotation.reasons, want) {
				t.Errorf("effective %v, reasons %q", s.rotation.effective, s.rotation.reasons)
			}
			if bounded := s.most.Value < fact.Unbounded; bounded != (c.reason == "") {
				t.Errorf("at most %d days", s.most.Value)
			}
		})
	}
}

// What cannot be told makes what depends on it unknown, never absent.
func TestRotationUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		config string
		change func(string)
	}{
		"a user from elsewhere": {"/srv/*/*.log {\ndaily\nrotate 2\nsu app root\n}\n", func(dir string) {
			os.WriteFile(filepath.Join(dir, "etc/nsswitch.conf"), []byte("passwd: files sss # accounts\n"), 0o644)
		}},
		"names of old logs": {"/srv/*/*.log {\ndaily\nrotate 2\ndateext\ndateformat -%d\n}\n", nil},
		"a count below -1":  {"/srv/*/*.log {\ndaily\nrotate -5\n", nil},
		"too much to read":  {"/srv/*/*.log {\ndaily\nrotate 2\n}\ninclude /etc/large\n", func(dir string) { os.WriteFile(filepath.Join(dir, "etc/large"), make([]byte, 1<<24), 0o644) }},
		"how often it is run": {"/srv/*/*.log {\ndaily\nrotate 2\n}\n", func(dir string) {
			os.WriteFile(filepath.Join(dir, "etc/crontab"), []byte("*/9 3 * * * root logrotate\n"), 0o644)
		}},
		"an include in a rule": {"/srv/*/*.log {\ninclude /etc/none\ndaily\n}\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := rotated(t, c.config, c.change)["/srv/a/a.log"]
			if s == nil || s.rotation == nil {
				t.Fatal("no rotation")
			}
			if s.most.Known() || s.least.Known() || s.conditions.Known() || s.rotation.period.Known() {
				t.Errorf("%d to %d days %v, every %v", s.least.Value, s.most.Value, s.conditions, s.rotation.period)
			}
		})
	}
}

// How often a job runs.
func TestJobs(t *testing.T) {
	for line, want := range map[string]float64{
		"25 6 * * * root test -x /usr/sbin/logrotate": 1, "@hourly root logrotate /etc/x": 1.0 / 24, "17 * * * * root logrotate": 1.0 / 24,
		"*/5 * * * * root logrotate": 0, "0 3 * * 0 root logrotate": 7, "0 3 1 * * root logrotate": 0, "@reboot logrotate": 0, "logrotate": 0,
	} {
		if got := cronDays(line); got != want {
			t.Errorf("%s: got %v, want %v", line, got, want)
		}
	}
	for event, want := range map[string]float64{
		"daily": 1, "Hourly": 1.0 / 24, "*-*-* 03:00:00": 1, "*-*-* *:00:00": 1.0 / 24, "*:15": 1.0 / 24, "03:00": 1, "Mon *-*-* 03:00": 0, "*-*-* *:0/15": 0, "*-*-1 03:00": 0, "": 0,
	} {
		if got := calendarDays(event); got != want {
			t.Errorf("%s: got %v, want %v", event, got, want)
		}
	}
}
