package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/engine/finding"
)

// A server that nobody wrote down is found, with the program that serves it; one that
// was is compared with what was written.
func TestUndocumentedListener(t *testing.T) {
	local, inode := serve(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	hostname, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	target, subject := "host/"+hostname, fmt.Sprintf("tcp/%s@net:[%d]", local, inode)
	judge := func(register string) map[string]*finding.Finding {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "register.hcl"), []byte(register), 0o644); err != nil {
			t.Fatal(err)
		}
		v := check(t, "host:", "--register", filepath.Join(dir, "register.hcl"), "--select", "gdpr.port.*", "-v")
		found := map[string]*finding.Finding{}
		for _, f := range v.Findings {
			if f.Target == target && f.Subject.ID == subject {
				found[f.Control] = f
			}
		}
		return found
	}
	found := judge("")
	f := found["gdpr.port.documented"]
	if f == nil || f.Outcome != finding.Fail || !strings.Contains(f.Message, exe) {
		t.Fatalf("documented: %+v", f)
	}
	if !slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool { return strings.HasSuffix(e.Pointer, "/register") }) {
		t.Errorf("evidence %+v", f.Evidence)
	}
	owners, _ := f.Custom["owners"].([]any)
	if len(owners) != 1 || owners[0].(map[string]any)["exe"] != exe {
		t.Errorf("owners %v", f.Custom)
	}
	if f := found["gdpr.port.cleartext_absent"]; f == nil || f.Outcome != finding.NotApplicable {
		t.Errorf("cleartext_absent on loopback: %+v", f)
	}
	documented := `service "probe" {
  targets = ["host/*"]
  owner   = "team-tests"
  purpose = "answers in a test"
  port "%d/tcp" {
    exposure = "loopback"
    process  = { exe = %q }
  }
}
`
	found = judge(fmt.Sprintf(documented, local.Port(), "/usr/sbin/other"))
	if f := found["gdpr.port.documented"]; f == nil || f.Outcome != finding.Pass {
		t.Errorf("documented: %+v", f)
	}
	if f := found["gdpr.port.served_as_declared"]; f == nil || f.Outcome != finding.Fail || f.Actual != exe {
		t.Errorf("served by another than declared: %+v", f)
	}
	// That nobody else holds it can only be told where every process may be read.
	found = judge(fmt.Sprintf(documented, local.Port(), exe))
	f = found["gdpr.port.served_as_declared"]
	unread := f != nil && f.Outcome == finding.Unknown && slices.ContainsFunc(f.Reasons, func(r string) bool { return strings.Contains(r, "not every process") })
	if f == nil || f.Outcome != finding.Pass && !unread {
		t.Errorf("served as declared: %+v", f)
	}
}

// serve listens on loopback in a network namespace of its own until the test ends.
func serve(t *testing.T) (local netip.AddrPort, inode uint64) {
	t.Helper()
	ready, done, ended := make(chan error), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread() // the thread ends with the goroutine, and the namespace with it
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			err = exec.Command("ip", "link", "set", "lo", "up").Run()
		}
		var l net.Listener
		if err == nil {
			l, err = net.Listen("tcp4", "127.0.0.1:0")
		}
		if err == nil {
			defer l.Close()
			local = l.Addr().(*net.TCPAddr).AddrPort()
			var link string
			if link, err = os.Readlink("/proc/thread-self/ns/net"); err == nil {
				_, err = fmt.Sscanf(link, "net:[%d]", &inode)
			}
		}
		ready <- err
		<-done
	}()
	t.Cleanup(func() { close(done); <-ended })
	if err := <-ready; err != nil {
		t.Skipf("no network namespace can be made here, so no server was looked for in one: %v", err)
	}
	return local, inode
}
