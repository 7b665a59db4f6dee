package socket

import (
	"net"
	"net/netip"
	"os/exec"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

func mustListen() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	return l
}

// ownNamespace listens in a network namespace that a single thread of this process is
// in, until leave is called.
func ownNamespace(t *testing.T) (local netip.AddrPort, leave func()) {
	t.Helper()
	ready, done := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // it ends with the goroutine
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			err = exec.Command("ip", "link", "set", "lo", "up").Run()
		}
		var l net.Listener
		if err == nil {
			l, err = net.Listen("tcp4", "127.0.0.1:0")
		}
		if err == nil {
			local = l.Addr().(*net.TCPAddr).AddrPort()
			defer l.Close()
		}
		ready <- err
		<-done
	}()
	if err := <-ready; err != nil {
		close(done)
		t.Skipf("no network namespace can be made here, so none was looked for: %v", err)
	}
	return local, func() { close(done) }
}
