package logs

import (
	"strings"
	"testing"
	"time"

	"github.com/writ-policy/writ/collectors/source/nginx"
)

// What a format records is found in any text, and no text is a fault.
func FuzzFormats(f *testing.F) {
	for _, s := range []string{"$remote_addr ${request}$", "%h %{X}i %400,501{A}i %^FB %", "~(?P<ip>\\d+)\\. $ip", "%-10u%%h", "postgresql-%a-%H.log"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		apacheFormat(a)
		prefixHolds(a)
		strftime(a, testTime())
		v := &nginxVariables{defined: map[string][]*nginx.Directive{}, asked: map[string]bool{}}
		v.text(a)
		map1 := &nginx.Directive{Name: "map", Block: true, Args: []nginx.Arg{{Text: "$remote_addr"}, {Text: "$x"}}, Children: []*nginx.Directive{{Name: a, Args: []nginx.Arg{{Text: b}}}}}
		r := v.mapped("x", map1)
		// A value that is a whole address is never told to be less.
		if r.why == "" && strings.Contains(b, "$remote_addr") && len(nginxNames(b)) > 0 && nginxNames(b)[0] == "remote_addr" && r.parts["client_address"] != "full" {
			t.Errorf("%q %q: %v", a, b, r)
		}
	})
}

// Maps that keep more of an address than three numbers or groups are not taken for
// truncating ones, nor are expressions that are not read.
func TestNginxMaps(t *testing.T) {
	for _, one := range []struct{ of, key, value, want string }{
		{"$remote_addr", `~^(\d+\.\d+\.\d+)\.`, "$1.0", "truncated"},
		{"$remote_addr", `~(?P<ip>(\d+)\.(\d+)\.(\d+))\.\d+`, "$ip.0", "truncated"},
		{"$remote_addr", `~^(\d+)\.(\d+)`, "$1.$2.0.0", "truncated"},
		{"$remote_addr", `~(?P<ip>[^:]+:[^:]+):`, "$ip::", "truncated"},
		{"$remote_addr", `~^(\d+\.\d+\.\d+\.\d+)`, "$1", ""},
		{"$remote_addr", `~^(\d+\.\d+\.\d+\.\d)`, "$1", ""},
		{"$remote_addr", `~(\d+\.\d+\.\d+)$`, "0.$1", ""},
		{"$remote_addr", `~^(\d+)\.(\d+)\.(\d+)\.(\d+)$`, "$4.$1.$2", ""},
		{"$remote_addr", `~^(.*)$`, "$1", ""},
		{"$remote_addr", `~^([^:]+:[^:]+:[^:]+:[^:]+):`, "$1", ""},
		{"$remote_addr", `~^10\.1\.(\d+\.\d+)$`, "10.1.$1", ""},
		{"$remote_addr", `~^(\d+(?=\.))`, "$1", ""},
		{"$remote_addr", `~x`, "$remote_addr", "full"},
		{"$remote_addr", "default", "0.0.0.0", "none"},
		{"$http_x_forwarded_for", `~^(\d+\.\d+\.\d+)\.`, "$1.0", ""},
		{"$request_uri", `~^([^?]*)`, "$1", "none"},
		{"$request_uri", `~^(/[^ ]*)`, "$1", ""},
		{"$request_uri", `~([^?]*)$`, "$1", ""},
		{"$request_uri", `~^/s\?(.*)`, "$1", ""},
		{"$request", `~^(\S+) ([^?]*)`, "$1 $2", ""},
		{"$request", `~^([A-Z]+) ([^?]*)`, "$1 $2", "none"},
	} {
		v := &nginxVariables{defined: map[string][]*nginx.Directive{}, asked: map[string]bool{}}
		r := v.mapped("x", &nginx.Directive{Name: "map", Block: true, Args: []nginx.Arg{{Text: one.of}, {Text: "$x"}}, Children: []*nginx.Directive{{Name: one.key, Args: []nginx.Arg{{Text: one.value}}}}})
		got := "none"
		for _, form := range r.parts {
			got = form
		}
		if r.why != "" {
			got = ""
		}
		if got != one.want {
			t.Errorf("map %s { %s %s; }: %q (%s), want %q", one.of, one.key, one.value, got, r.why, one.want)
		}
	}
}

// Names that come again after their file's turn bound the age; others do not.
func TestPostgresAges(t *testing.T) {
	for _, one := range []struct {
		pattern     string
		minutes     int
		least, most int
	}{
		{"postgresql-%a.log", 1440, 6, 7}, {"postgresql-%a.log", 60, 6, 7}, {"postgresql-%a.log", 2 * 1440, 12, 14}, {"%H.log", 60, 0, 1}, {"%H.log", 1440, 999999, 999999},
		{"%d", 1440, 27, 61}, {"%m-%d", 1440, 999999, 999999}, {"server.log", 1440, 999999, 999999}, {"%Y-%m-%d", 1440, 999999, 999999}, {"%a-%H", 60, 6, 7},
	} {
		got := agesOf(one.pattern, one.minutes)
		if got.why != "" || got.least != one.least || got.most != one.most {
			t.Errorf("%s every %d minutes: %+v, want %d to %d", one.pattern, one.minutes, got, one.least, one.most)
		}
	}
	if got := agesOf("%Q", 1440); got.why == "" {
		t.Errorf("an unknown conversion: %+v", got)
	}
}

func testTime() time.Time { return time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC) }
