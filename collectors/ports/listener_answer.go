package ports

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors/source/socket"
	"github.com/writ-policy/writ/collectors/source/wire"
	"github.com/writ-policy/writ/engine/fact"
)

// ask talks to the listeners, each in its own network namespace. Without --probe nothing
// is sent to any. What clients hold is not asked: nobody serves there.
func (x *inventory) ask(ctx context.Context, all []*listener) {
	if !x.env.Probe {
		return
	}
	x.asked = map[*listener]wire.Result{}
	bySpace := map[*socket.Namespace][]*listener{}
	var order []*socket.Namespace
	for _, l := range all {
		if l.notAsked() != "" {
			continue
		}
		if bySpace[l.Namespace] == nil {
			order = append(order, l.Namespace)
		}
		bySpace[l.Namespace] = append(bySpace[l.Namespace], l)
	}
	for _, n := range order {
		list := bySpace[n]
		x.env.Say("asking %d listeners what they speak", len(list))
		targets := make([]wire.Target, len(list))
		for i, l := range list {
			targets[i] = l.target()
		}
		dial := (&net.Dialer{}).DialContext
		if !n.Host {
			dial = within(n)
		}
		for i, r := range wire.Many(ctx, dial, targets, askedAtOnce, askedPerSecond) {
			x.asked[list[i]] = r
		}
	}
}

// notAsked is why a listener is left alone, empty if it is not.
func (l *listener) notAsked() string {
	switch {
	case l.protocol != "tcp" && l.protocol != "udp":
		return "it is not asked over " + l.protocol
	case l.protocol == "udp" && l.EphemeralReason == "" && l.port >= l.EphemeralFrom && l.port <= l.EphemeralTo:
		return "a port that clients get is not asked"
	}
	return ""
}

// target is where a listener is reached from its own machine: what is bound to every
// address is asked at loopback, or at another address where there is none.
func (l *listener) target() wire.Target {
	a := l.address
	if a.IsUnspecified() {
		loopback := netip.MustParseAddr("127.0.0.1")
		if a.Is6() {
			loopback = netip.IPv6Loopback()
		}
		a = loopback
		for _, link := range l.Links {
			if link.Loopback && !link.Up {
				for _, own := range l.Addresses {
					if p := own.Addr; p.Is4() == loopback.Is4() && !p.IsLoopback() && !p.IsLinkLocalUnicast() {
						a = p
					}
				}
			}
		}
	}
	if name, reason := l.device(); reason == "" && name != "" && a.IsLinkLocalUnicast() && a.Is6() {
		a = a.WithZone(name)
	}
	return wire.Target{Address: netip.AddrPortFrom(a, l.port), UDP: l.protocol == "udp", Process: l.program()}
}

// program is the executable of a listener's processes, empty if they are several or one
// is not known.
func (l *listener) program() string {
	exe := ""
	for _, p := range l.holders {
		if p.Exe == "" || exe != "" && exe != p.Exe {
			return ""
		}
		exe = p.Exe
	}
	return exe
}

// within opens connections in another network namespace. A thread that entered one does
// not come back: it ends with the connection that it made.
func within(n *socket.Namespace) wire.Dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		type opened struct {
			net.Conn
			err error
		}
		made := make(chan opened, 1)
		go func() {
			runtime.LockOSThread()
			if err := enter(n); err != nil {
				made <- opened{nil, err}
				return
			}
			conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
			made <- opened{conn, err}
		}()
		o := <-made
		return o.Conn, o.err
	}
}

// enter takes the calling thread into a namespace, by one of the files that lead there.
func enter(n *socket.Namespace) error {
	files := append([]string{}, n.Mounts...)
	for _, pid := range n.PIDs {
		files = append(files, fmt.Sprintf("/proc/%d/ns/net", pid))
	}
	err := errors.New("nothing leads to the namespace")
	for _, name := range files {
		var file *os.File
		if file, err = os.Open(name); err != nil {
			continue
		}
		var stat unix.Stat_t
		if err = unix.Fstat(int(file.Fd()), &stat); err == nil && n.Inode != 0 && stat.Ino != n.Inode {
			err = errors.New("the process that led to the namespace is another now")
		}
		if err == nil {
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
		}
		file.Close()
		if err == nil {
			return nil
		}
	}
	return err
}

// answers writes what a listener says when it is asked: wire, tls and authentication. One
// that is not asked is known by its executable alone, if that is known for one protocol.
func (x *inventory) answers(it *fact.ItemBuilder, l *listener) {
	r, asked := x.asked[l]
	reason := "it does not say"
	switch {
	case asked:
	case x.env.Probe:
		reason = l.notAsked()
	default:
		reason = "not asked: --probe"
	}
	if !asked {
		if r = wire.Guess(l.target()); r.Confidence != wire.ProcessName {
			it.Gap("wire", reason, l.at).Gap("tls", reason, l.at).Gap("authentication", reason, l.at)
			return
		}
	}
	writeWire(it, r, reason, l.at)
}
