package logrotate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-policy/writ/engine/fact"
)

// inMemory is a host of text files; there are the users root and app.
func inMemory(files map[string]string) Host {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	find := func(name string) (bool, bool) { return name == "root" || name == "app", true }
	return Host{Files: m, Home: "/root", User: find, Group: find}
}

// Intervals of single stanzas, run every day.
func TestInterval(t *testing.T) {
	for _, c := range []struct {
		words   string
		version int
		want    string
	}{
		{"daily; rotate 14", 21, "14-15 time []"},
		{"weekly; rotate 4", 21, "28-35 time []"},
		{"weekly 3; rotate 4", 21, "22-35 time []"},
		{"weekly 7; rotate 4", 21, "28-35 time []"},
		{"weekly; rotate 10; notifempty", 21, "70-77 time [notifempty]"},
		{"monthly; rotate 12", 21, "365-397 time []"},
		{"monthly 15; rotate 2", 23, "28-47 time []"},
		{"monthly 31; rotate 1", 23, "28-62 time []"},
		{"monthly 30; rotate 2", 23, "29-61 time []"},
		{"yearly; rotate 1", 21, "365-731 time []"},
		{"hourly; rotate 24", 21, "24-25 time []"},
		{"minutes 1440; rotate 1", 23, "1-5 time []"},
		{"daily; rotate 0", 21, "0-1 time []"},
		{"daily", 21, "0-1 time []"},
		{"rotate 7", 21, "0-999999 size [size]"},
		{"size 0; rotate 7", 21, "7-8 time []"},
		{"size 1k; rotate 7; daily", 21, "7-8 time []"},
		{"daily; size 1k; rotate 7", 21, "0-999999 size [size]"},
		{"daily; rotate -1", 21, "999999-999999 none []"},
		{"daily; rotate 99999999999999999999", 21, "999999-999999 none []"},
		{"daily; rotate -1; maxage 7", 21, "7-9 time []"},
		{"daily; rotate -1; maxage 7", 22, "7-10 time []"},
		{"weekly; rotate -1; maxage 7", 21, "7-21 time []"},
		{"weekly; rotate -1; maxage 6", 21, "6-14 time []"},
		{"weekly; rotate -1; maxage 6", 22, "6-21 time []"},
		{"daily; rotate 30; maxage 010", 21, "8-10 time []"},
		{"daily; rotate 3; maxage 30", 21, "3-4 time []"},
		{"daily; rotate 7; minsize 1M; minage 3; notifempty", 21, "7-8 time [minage minsize notifempty]"},
		{"weekly; rotate 4; maxsize 10M", 21, "4-35 time []"},
		{"daily; rotate 7; copy", 21, "999999-999999 none []"},
		{"daily; rotate 7; copy; copytruncate", 21, "7-8 time []"},
		{"hourly; rotate 5; dateext; dateformat -%Y%m", 21, "150-184 time []"},
		{"daily; rotate 5; dateext; dateformat -%s", 21, "5-6 time []"},
		{"daily; rotate 5; dateext; dateformat -%d", 21, "opaque"},
		{"daily; rotate 5; dateformat -%d", 21, "5-6 time []"},
		{"daily; rotate 5; nonsense 5", 21, "5-6 time []"},
		{"daily; rotate 5; nocreate", 21, "5-6 time [nocreate notifempty]"},
		{"daily; rotate 5; nocreate; copytruncate", 21, "5-6 time []"},
		{"size 0; rotate 5; minsize 1M; minage 3", 21, "5-6 time []"},
	} {
		host := inMemory(map[string]string{"etc/logrotate.conf": "create\n/var/log/a.log {\n" + strings.ReplaceAll(c.words, "; ", "\n") + "\n}\n"})
		config := Load(host, "etc/logrotate.conf", Variant{Version: c.version})
		if len(config.Stanzas) != 1 {
			t.Errorf("%s: %v", c.words, config.Problems)
			continue
		}
		i := config.Stanzas[0].Interval(Variant{Version: c.version}, 1)
		got := fmt.Sprintf("%d-%d %s %v", i.Least, i.Most, i.Bound, i.Conditions)
		if i.Opaque != "" {
			got = "opaque"
		}
		if got != c.want {
			t.Errorf("%s (3.%d): got %s, want %s", c.words, c.version, got, c.want)
		}
	}
}

// intervals are those of every log that is rotated; of one that is not known, the widest.
func intervals(host Host, v Variant) map[string]Interval {
	out := map[string]Interval{}
	c := Load(host, "etc/logrotate.conf", v)
	for _, s := range c.Stanzas {
		for _, log := range s.Logs {
			i := s.Interval(v, 1)
			if i.Opaque != "" || c.Opaque != "" {
				i.Least, i.Most = 0, fact.Unbounded
			}
			out[log.Path] = i
		}
	}
	return out
}

// A line in a stanza that is not modelled never makes an interval narrower: nothing is
// younger when it is deleted, and nothing deleted that was not.
func TestOpaqueNeverNarrows(t *testing.T) {
	added := []string{"frobnicate", "frobnicate 5", "\tkeepfor = 3d", "create 0640 someone app", "su app someone", "rotate 5 # keep", "olddir /none", "include /etc/none", "9lives", "weekly }", "minutes", "tabooext .x", "size 10T", "maxage x"}
	changed := 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 9))
		g := grammar{Rand: r, logs: "/var/log", conf: "/etc", wild: 50}
		var lines []string
		for range 1 + g.IntN(3) {
			lines = append(lines, strings.Split(g.stanza(), "\n")...)
		}
		var inside []int // behind a line that opens a stanza
		for i, line := range lines {
			if strings.HasSuffix(line, "{") {
				inside = append(inside, i+1)
			}
		}
		if len(inside) == 0 {
			continue
		}
		at := inside[g.IntN(len(inside))]
		text := strings.Join(lines, "\n")
		with := strings.Join(lines[:at], "\n") + "\n" + added[g.IntN(len(added))] + "\n" + strings.Join(lines[at:], "\n")
		v := Variant{Version: 21 + g.IntN(3)}
		host := inMemory(map[string]string{"etc/logrotate.conf": text})
		before := intervals(host, v)
		host = inMemory(map[string]string{"etc/logrotate.conf": with})
		unsure := func(name string) (bool, bool) { return name == "root", name == "root" || name == "adm" }
		host.User, host.Group = unsure, unsure
		for path, i := range intervals(host, v) {
			old, ok := before[path]
			if !ok {
				continue // another stanza's, once the first is given up
			}
			if i.Least > old.Least && i.Most < fact.Unbounded || i.Most < old.Most && strings.Count(text, path) == 1 {
				t.Errorf("seed %d: %s: %d to %d, with a line more %d to %d:\n%s", seed, path, old.Least, old.Most, i.Least, i.Most, with)
			}
			if i.Most != old.Most {
				changed++
			}
		}
	}
	if changed == 0 {
		t.Error("no line changed anything")
	}
}
