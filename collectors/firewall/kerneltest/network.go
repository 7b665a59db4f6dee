//go:build linux

package kerneltest

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// Link is an interface of the host and its addresses.
type Link struct {
	Name      string
	Addresses []netip.Prefix
}

// Links are the host's interfaces but lo; behind docker0 is the container.
func Links() []Link {
	link := func(name string, list ...string) Link {
		l := Link{Name: name}
		for _, p := range list {
			l.Addresses = append(l.Addresses, netip.MustParsePrefix(p))
		}
		return l
	}
	return []Link{
		link("eth0", "192.0.2.10/24", "2001:db8:2::10/64"),
		link("eth1", "198.51.100.1/24", "2001:db8:51::1/64"),
		link("eth12", "203.0.113.129/25", "2001:db8:12::1/64"),
		link("docker0", "10.9.0.1/16", "fd00:9::1/64"),
	}
}

// Box are the addresses of the container; Gateways are routers behind eth0.
var (
	Box      = []netip.Prefix{netip.MustParsePrefix("10.9.0.2/16"), netip.MustParsePrefix("fd00:9::2/64")}
	Gateways = []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8:2::1")}
)

// marker is an interface whose packets say that all before them are done with.
const marker = "mark0"

// observer is what watches the host; no rule sees the packets that mark an end.
const observer = `
add table inet ` + Observer + `
add chain inet ` + Observer + ` pre { type filter hook prerouting priority -1000; }
add rule inet ` + Observer + ` pre iifname "` + marker + `" log group 7 prefix "S" drop
add chain inet ` + Observer + ` in { type filter hook input priority 1000; }
add rule inet ` + Observer + ` in log group 7 prefix "I"
add chain inet ` + Observer + ` post { type filter hook postrouting priority 1000; }
add rule inet ` + Observer + ` post log group 7 prefix "P"
add chain inet ` + Observer + ` out { type filter hook output priority -1000; policy drop; }
`

// Observer is the name of the table that watches; it is in every listing.
const Observer = "writ_observer"

// host is the lab itself. It is in the host's namespace, and has a thread in the
// container's and one where the wires lead.
type host struct {
	dir        string
	box, far   *place
	wires      map[string]*wire
	watches    []*watch // the host's, the container's
	conntrack  []*flusher
	used       map[string]bool // legacy tables, "iptables-legacy filter", and parts that have to be taken away
	serial     uint32
	translates bool // the rules that are loaded do
}

// place is a thread in a network namespace of its own.
type place struct {
	path string
	work chan func()
}

// newPlace makes a namespace.
func newPlace() (*place, error) {
	p := &place{work: make(chan func())}
	failed := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its goroutine
		err := unix.Unshare(unix.CLONE_NEWNET)
		p.path = fmt.Sprintf("/proc/%d/task/%d/ns/net", os.Getpid(), unix.Gettid())
		failed <- err
		for f := range p.work {
			f()
		}
	}()
	return p, <-failed
}

// do runs a function in the namespace.
func (p *place) do(f func() error) error {
	done := make(chan error)
	p.work <- func() { done <- f() }
	return <-done
}

func newHost() (h *host, err error) {
	h = &host{wires: map[string]*wire{}, used: map[string]bool{}}
	if h.dir, err = os.MkdirTemp("", "writ-kernel-"); err != nil {
		return nil, err
	}
	if h.box, err = newPlace(); err != nil {
		return nil, fmt.Errorf("make a namespace: %w", err)
	}
	if h.far, err = newPlace(); err != nil {
		return nil, fmt.Errorf("make a namespace: %w", err)
	}
	if err := h.wire(); err != nil {
		return nil, err
	}
	sysctl("net.ipv4.conf.all.send_redirects=0", "net.ipv4.conf.default.send_redirects=0")
	if err := h.far.do(func() error {
		for _, name := range append(linkNames(), marker) {
			if name == "docker0" {
				continue
			}
			w, err := newWire(far(name))
			if err != nil {
				return err
			}
			h.wires[name] = w
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if err := h.box.do(func() error {
		w, err := newWire("eth0")
		h.wires["docker0"] = w
		return err
	}); err != nil {
		return nil, err
	}
	listen := func() error {
		w, err := newWatch()
		if err != nil {
			return fmt.Errorf("listen to the log of packets: %w", err)
		}
		f, err := newFlusher()
		if err != nil {
			return fmt.Errorf("open conntrack: %w", err)
		}
		h.watches, h.conntrack = append(h.watches, w), append(h.conntrack, f)
		return nil
	}
	if err := listen(); err != nil {
		return nil, err
	}
	return h, h.box.do(listen)
}

func linkNames() []string {
	var list []string
	for _, l := range Links() {
		list = append(list, l.Name)
	}
	return list
}

// far is the name of the other end of a wire.
func far(name string) string { return "far" + name }

func nearMAC(i int) net.HardwareAddr { return net.HardwareAddr{2, 0, 0, 0, 0, byte(i + 1)} }
func farMAC(i int) net.HardwareAddr  { return net.HardwareAddr{2, 0, 0, 0, 1, byte(i + 1)} }

// wire makes the interfaces, addresses, routes and neighbours of all namespaces.
func (h *host) wire() error {
	sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
		"net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.accept_ra=0", "net.ipv6.conf.default.addr_gen_mode=1", "net.ipv6.conf.default.router_solicitations=0",
		"net.netfilter.nf_conntrack_log_invalid=0")
	var b strings.Builder
	b.WriteString("link set lo up\n")
	add := func(i int, name string) {
		other, where := far(name), h.far.path
		if name == "docker0" {
			other, where = "eth0", h.box.path
		}
		fmt.Fprintf(&b, "link add %s address %s type veth peer name %s address %s netns %s\n", name, nearMAC(i), other, farMAC(i), where)
	}
	for i, l := range Links() {
		add(i, l.Name)
	}
	add(len(Links()), marker)
	for _, name := range append(linkNames(), marker) {
		fmt.Fprintf(&b, "link set %s up\n", name)
	}
	for _, l := range Links() {
		for _, p := range l.Addresses {
			nodad := ""
			if p.Addr().Is6() {
				nodad = "nodad"
			}
			fmt.Fprintf(&b, "addr add %s dev %s %s\n", p, l.Name, nodad)
		}
	}
	for _, g := range Gateways {
		fmt.Fprintf(&b, "neigh replace %s lladdr %s dev eth0 nud permanent\n", g, farMAC(0))
	}
	for _, p := range Box {
		fmt.Fprintf(&b, "neigh replace %s lladdr %s dev docker0 nud permanent\n", p.Addr(), farMAC(len(Links())-1))
	}
	outside := func() error {
		var b strings.Builder
		for _, name := range append(linkNames(), marker) {
			if name != "docker0" {
				fmt.Fprintf(&b, "link set %s up\n", far(name))
			}
		}
		sysctl("net.ipv6.conf.default.addr_gen_mode=1", "net.ipv6.conf.all.disable_ipv6=1")
		return batch(b.String())
	}
	inside := func() error {
		var b strings.Builder
		sysctl("net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0", "net.ipv4.conf.eth0.rp_filter=0", "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.eth0.accept_dad=0", "net.ipv6.conf.eth0.addr_gen_mode=1", "net.ipv6.conf.eth0.accept_ra=0", "net.ipv6.conf.eth0.router_solicitations=0")
		b.WriteString("link set lo up\nlink set eth0 up\n")
		for i, p := range Box {
			gate := Links()[len(Links())-1].Addresses[i].Addr()
			nodad := ""
			if p.Addr().Is6() {
				nodad = "nodad"
			}
			fmt.Fprintf(&b, "addr add %s dev eth0 %s\nneigh replace %s lladdr %s dev eth0 nud permanent\nroute add default via %s dev eth0\n", p, nodad, gate, nearMAC(len(Links())-1), gate)
		}
		return batch(b.String())
	}
	if err := batch(b.String()); err != nil {
		return err
	}
	if err := h.far.do(outside); err != nil {
		return err
	}
	if err := h.box.do(inside); err != nil {
		return err
	}
	b.Reset()
	for _, g := range Gateways {
		fmt.Fprintf(&b, "route add default via %s dev eth0\n", g)
	}
	return batch(b.String())
}

// sysctl sets what can be set; what cannot shows in a packet's fate.
func sysctl(list ...string) {
	for _, s := range list {
		name, value, _ := strings.Cut(s, "=")
		os.WriteFile(filepath.Join("/proc/sys", strings.ReplaceAll(name, ".", "/")), []byte(value), 0)
	}
}

func batch(text string) error {
	cmd := exec.Command(program("ip"), "-batch", "-")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("ip -batch: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// lookPath finds a program where administrators have theirs too.
func lookPath(name string) (string, error) {
	for _, dir := range []string{"/usr/sbin", "/sbin", "/usr/bin", "/bin"} {
		p := filepath.Join(dir, name)
		if info, err := os.Stat(p); err == nil && info.Mode()&0o111 != 0 {
			return p, nil
		}
	}
	return "", fmt.Errorf("the program %s is not installed", name)
}

func program(name string) string {
	p, err := lookPath(name)
	if err != nil {
		return name
	}
	return p
}
