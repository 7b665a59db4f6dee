package socket

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors/source/process"
	"github.com/writ-policy/writ/collectors/source/socket/sockettest"
)

// The kernel keeps the control group that a socket was opened in, and the unit follows
// from it, also where the process may not be read.
func TestControlGroups(t *testing.T) {
	top := ""
	for _, dir := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"} {
		var stat unix.Statfs_t
		if unix.Statfs(dir, &stat) == nil && stat.Type == unix.CGROUP2_SUPER_MAGIC {
			top = dir
		}
	}
	group := filepath.Join(top, fmt.Sprintf("writ-%d.slice", os.Getpid()))
	unit := filepath.Join(group, "web.service")
	if err := os.MkdirAll(unit, 0o755); top == "" || err != nil {
		t.Skipf("no control group of version 2 can be made here: %v", err)
	}
	t.Cleanup(func() {
		for range 50 { // until the process has left it
			if os.Remove(unit) == nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		os.Remove(group)
	})
	script := sockettest.Copy(t, "script")
	text := fmt.Sprintf("#!/bin/sh\necho $$ > %s/cgroup.procs || exit 1\nexec %s \"$@\"\n", unit, sockettest.Self(t))
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	h := sockettest.Hold(t, "", script, "tcp4 127.0.0.1:0", "udp4 127.0.0.1:0")
	defer h.Stop() // before its group is removed
	table, _ := list(t, "")
	groups, err := ControlGroups()()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, s := range table.Sockets {
		if !slices.Contains(h.Local, s.Local) || len(s.Holders) != 1 || s.Holders[0].PID != h.PIDs[0] {
			continue
		}
		seen++
		path, err := groups.Path(s.Cgroup)
		if err != nil || process.Unit(path) != "web.service" || path != strings.TrimPrefix(unit, top) {
			t.Errorf("%s: group %d is %q, %v", line(s), s.Cgroup, path, err)
		}
		if s.Holders[0].Unit != "web.service" {
			t.Errorf("its process is of unit %q", s.Holders[0].Unit)
		}
	}
	if seen != 2 {
		t.Errorf("%d of 2 sockets are listed", seen)
	}
	if _, err := groups.Path(1 << 60); err == nil {
		t.Error("a group that is not there has a path")
	}
}
