package logs

import (
	"bytes"
	"io/fs"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
)

// accounts names the owners of files as the host does. A person's account is told by its
// number alone.
type accounts struct{ users, groups map[uint32]string }

func accountsOf(host fs.FS) *accounts {
	return &accounts{users: namesIn(host, "etc/passwd"), groups: namesIn(host, "etc/group")}
}

// namesIn reads "name:x:NUMBER:…" lines; the first of a number counts.
func namesIn(host fs.FS, name string) map[uint32]string {
	out := map[uint32]string{}
	data, err := collectors.ReadFile(host, name, 8<<20)
	if err != nil {
		return out
	}
	for line := range bytes.Lines(data) {
		parts := strings.SplitN(string(line), ":", 4)
		if len(parts) < 4 || parts[0] == "" {
			continue
		}
		n, err := strconv.ParseUint(parts[2], 10, 32)
		if _, twice := out[uint32(n)]; err == nil && !twice {
			out[uint32(n)] = safe(parts[0])
		}
	}
	return out
}

func (a *accounts) user(n uint32) string  { return accountName(a.users, n) }
func (a *accounts) group(n uint32) string { return accountName(a.groups, n) }

// accountName is the name of an account of the system: below 1000, or nobody's (login.defs,
// UID_MIN).
func accountName(names map[uint32]string, n uint32) string {
	if name := names[n]; name != "" && (n < 1000 || n == 65534 || name == "root") {
		return name
	}
	return strconv.FormatUint(uint64(n), 10)
}
