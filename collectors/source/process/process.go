// Package process says who a process is: its executable, user, start, service unit and
// container, as Linux tells in /proc/PID. Arguments and environments are never read.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Process is one, as it was when it was read. A field with a reason is not known.
type Process struct {
	PID int
	// Started is when it began, to the second; with PID it tells it from all others.
	Started       time.Time
	StartedReason string
	// UID is its effective user, as this user namespace counts.
	UID       uint32
	UIDReason string
	// User is its name in the container it runs in; "" if it runs in none, or has none.
	User string
	// Exe is its executable, by the name in the mount namespace it runs in.
	Exe        string
	ExeDeleted bool
	ExeReason  string
	// OwnRoot says that Exe is a file of another root than ours.
	OwnRoot       bool
	OwnRootReason string
	// Unit is its service unit, "" if it is in none.
	Unit       string
	UnitReason string
	Container  Container
	// Network is the inode of its network namespace, 0 if that is not known.
	Network uint64
}

// Ticks is USER_HZ: how many ticks of /proc are a second.
const Ticks = 100

// parseStart reads the start of a process from /proc/PID/stat, in ticks since boot. Its
// name may hold anything, brackets too.
func parseStart(stat []byte) (uint64, error) {
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 {
		return 0, errors.New("stat has no name")
	}
	f := bytes.Fields(stat[end+1:])
	if len(f) < 20 {
		return 0, fmt.Errorf("stat has %d fields", len(f)+2)
	}
	return strconv.ParseUint(string(f[19]), 10, 63)
}

// parseBoot reads when the machine started from /proc/stat.
func parseBoot(stat []byte) (time.Time, error) {
	for line := range bytes.Lines(stat) {
		if text, ok := strings.CutPrefix(string(line), "btime "); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
			return time.Unix(n, 0).UTC(), err
		}
	}
	return time.Time{}, errors.New("no btime")
}

// parseUser reads the effective user from /proc/PID/status.
func parseUser(status []byte) (uint32, error) {
	for line := range bytes.Lines(status) {
		text, ok := bytes.CutPrefix(line, []byte("Uid:"))
		if !ok {
			continue
		}
		f := bytes.Fields(text)
		if len(f) != 4 {
			break
		}
		n, err := strconv.ParseUint(string(f[1]), 10, 32)
		return uint32(n), err
	}
	return 0, errors.New("no user")
}

// Users are the names of users by number.
type Users map[uint32]string

// ParseUsers reads /etc/passwd. Of two names for a number the first is used, as getpwuid
// does; lines that name none are left out.
func ParseUsers(passwd []byte) Users {
	users := Users{}
	for line := range bytes.Lines(passwd) {
		f := strings.Split(strings.TrimSpace(string(line)), ":")
		if len(f) < 4 || f[0] == "" || strings.HasPrefix(f[0], "#") {
			continue
		}
		n, err := strconv.ParseUint(f[2], 10, 32)
		if _, taken := users[uint32(n)]; err == nil && !taken {
			users[uint32(n)] = f[0]
		}
	}
	return users
}

// Name is the name of a user, the number if it has none.
func (u Users) Name(uid uint32) string {
	if name := u[uid]; name != "" {
		return name
	}
	return strconv.FormatUint(uint64(uid), 10)
}

// within maps a user of ours to one of a user namespace, by /proc/PID/uid_map.
func within(table []byte, uid uint32) (uint32, bool) {
	for line := range bytes.Lines(table) {
		var inside, outside, count uint64
		if n, _ := fmt.Sscan(string(line), &inside, &outside, &count); n != 3 {
			continue
		}
		if u := uint64(uid); u >= outside && u-outside < count && inside+u-outside < 1<<32 {
			return uint32(inside + u - outside), true
		}
	}
	return 0, false
}

// remote reports whether a root is on a file system that another program or machine
// answers for, which may never answer; also if that is not told.
func remote(mountinfo []byte) bool {
	for line := range bytes.Lines(mountinfo) {
		f := strings.Fields(string(line))
		if len(f) < 10 || f[4] != "/" {
			continue
		}
		for i, x := range f {
			if x == "-" && i+1 < len(f) {
				kind := f[i+1]
				return !strings.HasPrefix(kind, "ext") && kind != "overlay" && kind != "xfs" && kind != "btrfs" && kind != "tmpfs" && kind != "zfs" && kind != "squashfs" && kind != "f2fs"
			}
		}
	}
	return true
}
