//go:build linux

// Package sockettest makes what tests of listeners look at: network namespaces, and
// processes that hold sockets in them. A test binary that uses it calls [Main] first.
package sockettest

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// role is the environment variable that makes a test binary another program.
const role = "WRIT_SOCKETTEST"

// Main runs the program that the test binary was started as, if it was; others are
// further ones of the caller's.
func Main(others map[string]func()) {
	switch name := os.Getenv(role); name {
	case "":
		return
	case "hold":
		hold(os.Args[1:])
	default:
		others[name]()
	}
	os.Exit(0)
}

// Namespace makes a network namespace with a loopback interface that is up, and removes
// it with the test. The test is skipped where it cannot be made.
func Namespace(t testing.TB, suffix string) string {
	t.Helper()
	name := fmt.Sprintf("writ-%d-%s", os.Getpid(), suffix)
	if out, err := exec.Command("ip", "netns", "add", name).CombinedOutput(); err != nil {
		t.Skipf("no network namespace can be made here, so nothing was listed in one: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("ip", "netns", "del", name).CombinedOutput(); err != nil {
			t.Errorf("remove %s: %v %s", name, err, out)
		}
	})
	if out, err := Inside(name, "ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	return name
}

// Inside is a command in a namespace; "" is the caller's own.
func Inside(name, program string, args ...string) *exec.Cmd {
	if name == "" {
		return exec.Command(program, args...)
	}
	return exec.Command("ip", append([]string{"netns", "exec", name, program}, args...)...)
}

// Holder is a process that holds sockets.
type Holder struct {
	Cmd   *exec.Cmd
	Local []netip.AddrPort // what its sockets are bound to, in order
	PIDs  []int            // its own and those of its children
	in    io.WriteCloser
}

// Hold starts a process in a namespace that opens sockets and holds them until the test
// ends. A socket is "tcp4 127.0.0.1:0 WORD…", of tcp4, tcp6, udp4, udp6, mptcp4; words
// are dual, v6only, reuseport, device=NAME, backlog=N, connected, bound (it does not
// listen). "fork=N" as a socket starts N children with the same descriptors, "other=NAME"
// one in another namespace, "remove" removes the executable. Program is what is started, "" for the test binary.
func Hold(t testing.TB, namespace, program string, sockets ...string) *Holder {
	t.Helper()
	if program == "" {
		program = Self(t)
	}
	c := Inside(namespace, program, sockets...)
	c.Env = append(os.Environ(), role+"=hold")
	c.Stderr = os.Stderr
	h := &Holder{Cmd: c}
	var err error
	if h.in, err = c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Stop)
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ready" {
		if pid, ok := strings.CutPrefix(lines.Text(), "pid "); ok {
			n, err := strconv.Atoi(pid)
			if err != nil {
				t.Fatal(err)
			}
			h.PIDs = append(h.PIDs, n)
			continue
		}
		a, err := netip.ParseAddrPort(lines.Text())
		if err != nil {
			t.Fatalf("a process that holds sockets: %v", err)
		}
		h.Local = append(h.Local, a)
	}
	if lines.Text() != "ready" {
		t.Fatal("a process that was to hold sockets ended")
	}
	return h
}

// Stop ends the process and its children.
func (h *Holder) Stop() {
	h.in.Close()
	h.Cmd.Wait()
}

// Self is the path of the test binary.
func Self(t testing.TB) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// Copy copies the test binary to a name that every user may run, and removes it with the
// test.
func Copy(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "writ-sockettest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(Self(t))
	if err != nil {
		t.Fatal(err)
	}
	to := dir + "/" + name
	if err := os.WriteFile(to, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return to
}

// As starts the test binary as another program of [Main], as a user.
func As(program, name string, uid uint32) *exec.Cmd {
	c := exec.Command(program)
	c.Env = []string{role + "=" + name}
	c.Dir = "/"
	c.Stderr = os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	return c
}

// hold is the process that holds sockets.
func hold(sockets []string) {
	var files []*os.File
	fmt.Println("pid", os.Getpid())
	for _, s := range sockets {
		f := strings.Fields(s)
		name, value, _ := strings.Cut(f[0], "=")
		switch {
		case name == "fork":
			n, err := strconv.Atoi(value)
			check(err)
			for range n {
				defer share(exec.Command(own()), files).Close()
			}
		case name == "other":
			defer share(Inside(value, own()), files).Close()
		case f[0] == "remove":
			check(os.Remove(own()))
		default:
			files = append(files, open(f))
		}
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
}

func own() string {
	exe, err := os.Executable()
	check(err)
	return exe
}

// share starts a child with descriptors; it ends when what is returned is closed.
func share(c *exec.Cmd, files []*os.File) io.Closer {
	c.Env, c.ExtraFiles = append(os.Environ(), role+"=hold"), files
	in, err := c.StdinPipe()
	check(err)
	out, err := c.StdoutPipe()
	check(err)
	check(c.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	check(err)
	fmt.Println("pid", c.Process.Pid)
	return in
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "hold:", err)
		os.Exit(1)
	}
}

// open opens a socket and prints its address.
func open(f []string) *os.File {
	family, kind, protocol := unix.AF_INET, unix.SOCK_STREAM, 0
	if strings.HasSuffix(f[0], "6") {
		family = unix.AF_INET6
	}
	if strings.HasPrefix(f[0], "udp") {
		kind = unix.SOCK_DGRAM
	}
	if strings.HasPrefix(f[0], "mptcp") {
		protocol = unix.IPPROTO_MPTCP
	}
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, protocol)
	check(err)
	backlog, listens, connected := 16, kind == unix.SOCK_STREAM, false
	for _, word := range f[2:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "dual":
			check(unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0))
		case "v6only":
			check(unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1))
		case "reuseport":
			check(unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1))
		case "device":
			check(unix.BindToDevice(fd, value))
		case "backlog":
			backlog, err = strconv.Atoi(value)
			check(err)
		case "bound":
			listens = false
		case "connected":
			connected = true
		default:
			check(fmt.Errorf("%q is no word", word))
		}
	}
	a, err := netip.ParseAddrPort(f[1])
	check(err)
	check(unix.Bind(fd, sockaddr(family, a)))
	if listens {
		check(unix.Listen(fd, backlog))
	}
	if connected {
		check(unix.Connect(fd, sockaddr(family, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), 9))))
	}
	local, err := unix.Getsockname(fd)
	check(err)
	switch x := local.(type) {
	case *unix.SockaddrInet4:
		fmt.Println(netip.AddrPortFrom(netip.AddrFrom4(x.Addr), uint16(x.Port)))
	case *unix.SockaddrInet6:
		fmt.Println(netip.AddrPortFrom(netip.AddrFrom16(x.Addr), uint16(x.Port)))
	}
	return os.NewFile(uintptr(fd), f[0])
}

func sockaddr(family int, a netip.AddrPort) unix.Sockaddr {
	if family == unix.AF_INET {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
}
