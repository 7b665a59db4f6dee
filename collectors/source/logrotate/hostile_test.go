package logrotate

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/writ-policy/writ/collectors"
)

// What is written to wear a reader out is read in bounded time, and what is left out
// makes the whole unknown.
func TestHostile(t *testing.T) {
	many := map[string]string{"etc/logrotate.conf": "include /etc/d\n"}
	for i := range 40 {
		many[fmt.Sprintf("etc/d/%d", i)] = "include /etc/d\n/var/log/a.log { \n daily\n}\n"
	}
	names := map[string]string{"etc/logrotate.conf": strings.Repeat("/var/*/*/*/* {\n}\n", 2000)}
	for i := range 30 {
		for j := range 30 {
			names[fmt.Sprintf("var/%d/%d/x/y", i, j)] = ""
		}
	}
	for name, c := range map[string]struct {
		files  map[string]string
		opaque bool
	}{
		"files that include each other":    {many, true},
		"a file that includes itself":      {map[string]string{"etc/logrotate.conf": "include /etc/logrotate.conf\n/var/log/a.log {\n}\n"}, false},
		"names without end":                {names, true},
		"braces":                           {map[string]string{"etc/logrotate.conf": strings.Repeat("{}", 1<<20)}, false},
		"a file that opens and never ends": {map[string]string{"etc/logrotate.conf": strings.Repeat("/a {\n", 1<<17)}, false},
		"scripts that never end":           {map[string]string{"etc/logrotate.conf": "/a {\n" + strings.Repeat("postrotate\n", 1<<17)}, false},
		"a pattern of stars":               {map[string]string{"etc/logrotate.conf": "/" + strings.Repeat("*a", 5000) + " {\n}\n", strings.Repeat("a", 5000): ""}, false},
		"bytes that are no text":           {map[string]string{"etc/logrotate.conf": "\x00\xff\xfe/a {\n\x00}\n/var/log/\xff\x1b[2J {\ndaily\n}\n"}, false},
		"numbers without end":              {map[string]string{"etc/logrotate.conf": "/a {\nrotate " + strings.Repeat("9", 1<<20) + "\n}\n"}, false},
		"taboos":                           {map[string]string{"etc/logrotate.conf": strings.Repeat("tabooext + .a,.b,.c\n", 3000) + "include /etc/d\n", "etc/d/x": ""}, false},
		"nothing":                          {map[string]string{"etc/logrotate.conf": ""}, false},
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan *Config)
			go func() { done <- Load(inMemory(c.files), "etc/logrotate.conf", Variant{Version: 21}) }()
			select {
			case config := <-done:
				if (config.Opaque != "") != c.opaque {
					t.Errorf("opaque: %q", config.Opaque)
				}
			case <-time.After(2 * time.Minute):
				t.Fatal("it does not end")
			}
		})
	}
}

// A pipe among the files is never opened, and a folder in a file's place is left out.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(dir+"/logrotate.conf", 0o644); err != nil {
		t.Skip(err)
	}
	h, err := collectors.OpenHost(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if c := Load(Host{Files: h.Files}, "logrotate.conf", Variant{Version: 21}); c.Opaque == "" {
		t.Error("the pipe makes nothing unknown")
	}
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"daily\nrotate 4\ninclude /etc/d\n/var/log/*.log {\n weekly 3\n postrotate\n x\n endscript\n}\n",
		"/a /b\n{ rotate = 010\n create 0640 root adm\n }", "weekly }\n}", "tabooext + .x\nsize 5k\n/\"a b\" {\nrotate \r\n}\r\n",
	} {
		f.Add([]byte(seed), []byte("rotate 9\n/var/log/b.log {\nsu\n}\n"), uint8(0))
	}
	f.Fuzz(func(t *testing.T, main, part []byte, version uint8) {
		host := inMemory(map[string]string{"etc/logrotate.conf": string(main), "etc/d/part": string(part), "var/log/a.log": "", "var/log/b.log": ""})
		v := Variant{Version: 21 + int(version%3), Locale: version > 100}
		c := Load(host, "etc/logrotate.conf", v)
		lines := 2 + strings.Count(string(main), "\n") + strings.Count(string(part), "\n")
		seen := map[string]bool{}
		for _, s := range c.Stanzas {
			if s.Skipped != nil || s.Pos.Line < 1 || s.Pos.Line > lines {
				t.Errorf("stanza %+v", s)
			}
			for _, log := range s.Logs {
				if seen[log.Path] {
					t.Errorf("%q has two stanzas", log.Path)
				}
				seen[log.Path] = true
			}
			if i := s.Interval(v, 1); i.Opaque == "" && (i.Least > i.Most || i.Bound == "" || i.Period <= 0) {
				t.Errorf("interval %+v of %+v", i, s.Settings)
			}
		}
		for _, s := range c.Skipped {
			if s.Skipped == nil {
				t.Errorf("stanza %+v is skipped for no reason", s)
			}
		}
	})
}

func FuzzState(f *testing.F) {
	f.Add([]byte("logrotate state -- version 2\n\"/var/log/a \\\\n.log\" 2026-11-22-6:25:1\n/b 1900-1-1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := State(data, time.UTC)
		if (state == nil) != (err != nil) {
			t.Errorf("%v, %v", state, err)
		}
	})
}
