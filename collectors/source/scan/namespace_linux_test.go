package scan

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// inNamespace runs a function in a network namespace that the test makes and removes,
// with the commands run there first; it skips where that cannot be had.
func inNamespace(t *testing.T, commands []string, run func()) {
	t.Helper()
	name := fmt.Sprintf("writ-scan-%d", unix.Getpid())
	ip := func(args ...string) error {
		out, err := exec.Command("ip", args...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, out)
		}
		return nil
	}
	if err := ip("netns", "add", name); err != nil {
		t.Skipf("no namespace, so no filter was asked: %v", err)
	}
	t.Cleanup(func() { ip("netns", "delete", name) })
	for _, c := range commands {
		if err := ip(append([]string{"netns", "exec", name}, strings.Fields(c)...)...); err != nil {
			t.Skipf("no filter was asked: %v", err)
		}
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends here
		fd, err := unix.Open("/run/netns/"+name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			err = unix.Setns(fd, unix.CLONE_NEWNET)
			unix.Close(fd)
		}
		if err == nil {
			run()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Skipf("no filter was asked: %v", err)
	}
}

// What a packet filter does with a port is told apart, for both families.
func TestFiltered(t *testing.T) {
	rules := "nft add rule inet f i tcp dport"
	inNamespace(t, []string{
		"ip link set lo up",
		"nft add table inet f",
		"nft add chain inet f i { type filter hook input priority 0 ; }",
		rules + " 7001 drop", rules + " 7002 reject", rules + " 7003 reject with tcp reset", rules + " 7004 reject with icmpx type admin-prohibited",
		rules + " 7005 reject with icmpx type host-unreachable",
		"nft add rule inet f i udp dport 7001 drop", "nft add rule inet f i udp dport 7004 reject with icmpx type admin-prohibited",
	}, func() {
		for _, address := range []string{"127.0.0.1", "::1"} {
			l := listenHere(t, address, "7000")
			defer l()
			found := sweeping(t, "["+address+"]:6999-7005,7001/udp,7002/udp,7004/udp?timeout=30ms", false, 1)
			var got []string
			for _, f := range found {
				for _, p := range f.Ports {
					got = append(got, fmt.Sprintf("%d %v %s %s", p.Number, f.UDP, p.State, p.Answer))
				}
			}
			want := []string{
				"6999 false closed refused", "7000 false open syn_ack", "7001 false filtered timeout", "7002 false filtered port_unreachable",
				"7003 false closed refused", "7004 false filtered prohibited", "7005 false filtered host_unreachable",
				"7001 true unknown timeout", "7002 true closed port_unreachable", "7004 true filtered prohibited",
			}
			for i := range want {
				if i >= len(got) || got[i] != want[i] {
					t.Errorf("%s:\n got %s\nwant %s", address, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
					break
				}
			}
			if p := found[0].Probes; p.TimedOut != 3 || p.Retried != 2 || !found[0].Complete() {
				t.Errorf("%s: %+v", address, p)
			}
		}
	})
}

// A network that loses a part of the packets is noticed, and silence in it is not
// taken for a filter.
func TestLoss(t *testing.T) {
	inNamespace(t, []string{
		"ip link set lo up",
		"nft add table inet f",
		"nft add chain inet f i { type filter hook input priority 0 ; }",
		"nft add rule inet f i tcp flags syn numgen random mod 100 < 40 drop",
	}, func() {
		found := sweeping(t, "127.0.0.1:1000-1400?timeout=20ms&retries=1", false, 1)
		f := found[0]
		if f.Complete() || !f.Lossy || f.Probes.Loss() < 0.1 {
			t.Errorf("lossy %v, loss %.2f, %+v", f.Lossy, f.Probes.Loss(), f.Probes)
		}
		for _, p := range f.Ports {
			if p.State == Filtered {
				t.Errorf("%d is called filtered", p.Number)
			}
		}
	})
}

// listenHere opens a port on the calling thread: of its network namespace.
func listenHere(t *testing.T, address, port string) func() {
	family := unix.AF_INET
	var at unix.Sockaddr = &unix.SockaddrInet4{Port: 7000, Addr: [4]byte{127, 0, 0, 1}}
	if strings.Contains(address, ":") {
		family = unix.AF_INET6
		at = &unix.SockaddrInet6{Port: 7000, Addr: [16]byte{15: 1}}
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err == nil {
		if err = unix.Bind(fd, at); err == nil {
			err = unix.Listen(fd, 10)
		}
	}
	if err != nil {
		t.Errorf("listen on %s %s: %v", address, port, err)
	}
	return func() { unix.Close(fd) }
}
