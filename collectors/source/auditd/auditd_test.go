package auditd

import (
	"strings"
	"testing"
)

// What auditd takes, and what it refuses to start with.
func TestParse(t *testing.T) {
	for _, c := range []struct{ text, name, want, refused string }{
		{"max_log_file = 8\n", "max_log_file", "8", ""},
		{"  MAX_LOG_FILE  =  8  \n", "max_log_file", "8", ""},
		{"max_log_file = 8\nmax_log_file = 9", "max_log_file", "9", ""},
		{"# max_log_file = 8\n##name = x\n\n", "max_log_file", "", ""},
		{"space_left_action = exec /usr/local/bin/free\n", "space_left_action", "exec", ""},
		{"max_log_file_action = Keep_Logs\n", "max_log_file_action", "Keep_Logs", ""},
		{"max_log_file=8\n", "", "", `there is no "=" between blanks`},
		{"max_log_file\t= 8\n", "", "", `there is no "=" between blanks`},
		{"max_log_file = 8 # small\n", "", "", "max_log_file takes one word"},
		{"max_log_file = 8M\n", "", "", "max_log_file is no number"},
		{"num_logs = 1000\n", "", "", "num_logs is no number up to 999"},
		{"num_logs =\n", "", "", "there is no value"},
		{"keep = 8\n", "", "", "auditd knows no such name"},
		{"disk_full_action = stop\n", "", "", "disk_full_action is none of ignore, syslog, rotate, email, exec, suspend, single, halt"},
		{"name = " + strings.Repeat("x", 200) + "\n", "", "", "the line is longer than some versions of auditd read"},
	} {
		got := Parse("f", []byte(c.text))
		if got.Refused != c.refused {
			t.Errorf("%q: refused %q, want %q", c.text, got.Refused, c.refused)
		}
		if s, _ := got.Get(c.name); s.Value != c.want {
			t.Errorf("%q: %q, want %q", c.text, s.Value, c.want)
		}
	}
}

// A file is refused at a line that it has, or all it says is of its lines.
func FuzzParse(f *testing.F) {
	f.Add([]byte("log_file = /var/log/audit/audit.log\nmax_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\n"))
	f.Add([]byte("space_left_action = exec /a b\n= =\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := Parse("f", data)
		lines := strings.Count(string(data), "\n") + 1
		if c.At.Line < 1 || c.At.Line > lines {
			t.Errorf("line %d of %d", c.At.Line, lines)
		}
		for _, s := range c.settings {
			if s.Value == "" || !strings.Contains(string(data), s.Value) || s.Pos.Line > lines {
				t.Errorf("%+v", s)
			}
		}
	})
}
