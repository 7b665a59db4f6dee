package logtime

import (
	"bytes"
	"time"
)

// names are what programs call the time of a record, the surest first.
func names() []string {
	return []string{"@timestamp", "timestamp", "time", "ts", "t", "datetime", "date", "__REALTIME_TIMESTAMP", "eventTime", "requestReceivedTimestamp"}
}

// member finds a member of a JSON object that is named for a time. The object need not
// be whole: what is looked at ends somewhere.
func member(b []byte, zone *time.Location) (Stamp, bool) {
	for _, name := range names() {
		key := []byte(`"` + name + `"`)
		for from := 0; ; {
			at := bytes.Index(b[from:], key)
			if at < 0 {
				break
			}
			from += at + len(key)
			rest := bytes.TrimLeft(b[from:], " \t")
			if len(rest) == 0 || rest[0] != ':' {
				continue // a value that reads like a name
			}
			if s, ok := begins(bytes.TrimLeft(rest[1:], " \t"), zone); ok {
				return s, true
			}
		}
	}
	return Stamp{}, false
}

// named finds name=TIME, auditd's msg=audit(TIME:serial), and MySQL's "# Time: ".
func named(b []byte, zone *time.Location) (Stamp, bool) {
	if at := bytes.Index(b, []byte("msg=audit(")); at >= 0 {
		s := scan{b: b[at+len("msg=audit("):], zone: zone}
		return epoch(&s)
	}
	for _, prefix := range []string{"# Time: ", "Start-Date: ", "# at "} {
		if rest, ok := bytes.CutPrefix(b, []byte(prefix)); ok {
			return begins(rest, zone)
		}
	}
	for _, name := range names() {
		key := []byte(name + "=")
		at := bytes.Index(b, key)
		if at < 0 || at > 0 && b[at-1] != ' ' {
			continue
		}
		if s, ok := begins(b[at+len(key):], zone); ok {
			return s, true
		}
	}
	return Stamp{}, false
}
