package scan

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// epoll makes attempts with non-blocking sockets. A refusal by this machine comes at
// once, and its socket is used again for the next attempt: making one costs as much as
// the attempt.
type epoll struct {
	fd       int
	slots    []slot
	free     []int32
	fifo     []timer // by time: all attempts wait equally long
	head     int
	open     int
	timeout  time.Duration
	own      bool   // every address is this machine's
	spare    [2]int // sockets of IPv4 and IPv6 that were refused, -1 for none
	events   []unix.EpollEvent
	replies  []reply
	lo, hi   uint16 // ports that the kernel gives to clients
	sockaddr [2]unix.Sockaddr
	control  []byte
	data     []byte
}

type slot struct {
	probe
	fd      int
	udp     bool
	to      netip.AddrPort
	started time.Time
	turn    int32 // of the slot: an event or timer of another is stale
}

type timer struct {
	slot, turn int32
	at         time.Time
}

// room is how many attempts the limit on open files allows, with some left for others.
func room(wanted int) int {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil && limit.Cur < uint64(wanted)+64 {
		return max(1, int(limit.Cur)-64)
	}
	return wanted
}

func newProber(concurrency int, own bool) (prober, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("scan: epoll: %w", err)
	}
	e := &epoll{fd: fd, own: own, slots: make([]slot, concurrency), spare: [2]int{-1, -1}, events: make([]unix.EpollEvent, 256),
		sockaddr: [2]unix.Sockaddr{&unix.SockaddrInet4{}, &unix.SockaddrInet6{}}, control: make([]byte, 512), data: make([]byte, 2048)}
	for i := range e.slots {
		e.free = append(e.free, int32(len(e.slots)-1-i))
	}
	e.lo, e.hi = clientPorts()
	return e, nil
}

// clientPorts is the range that the kernel chooses source ports from; all of them if
// it does not say.
func clientPorts() (lo, hi uint16) {
	data, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if fields := strings.Fields(string(data)); err == nil && len(fields) == 2 {
		a, errA := strconv.ParseUint(fields[0], 10, 16)
		b, errB := strconv.ParseUint(fields[1], 10, 16)
		if errA == nil && errB == nil {
			return uint16(a), uint16(b)
		}
	}
	return 1, 65535
}

func (e *epoll) waiting() int             { return e.open }
func (e *epoll) patience(d time.Duration) { e.timeout, e.fifo, e.head = d, e.fifo[:0], 0 }

func (e *epoll) close() {
	for i := range e.slots {
		if s := &e.slots[i]; s.fd > 0 {
			unix.Close(s.fd)
		}
	}
	for _, fd := range e.spare {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
	unix.Close(e.fd)
}

func (e *epoll) start(p probe, to netip.AddrPort, payload []byte) (reply, outcome) {
	if len(e.free) == 0 {
		return reply{}, busy
	}
	r := reply{probe: p}
	started := time.Now()
	fd, err := e.socket(to.Addr(), payload != nil)
	if err == nil {
		err = e.connect(fd, to)
		if e.own && payload == nil && errors.Is(err, unix.EINPROGRESS) {
			// The answer of this machine is here already; asking again tells it, and
			// spares watching the socket.
			err = e.connect(fd, to)
		}
	}
	if err == nil && payload != nil {
		_, err = unix.Write(fd, payload)
		if err == nil {
			err = unix.EINPROGRESS
		}
	}
	switch {
	case err == nil:
		r.answer, r.rtt = SynAck, time.Since(started)
		e.check(&r, fd)
		unix.Close(fd)
		return r, done
	case errors.Is(err, unix.EINPROGRESS), errors.Is(err, unix.EALREADY), errors.Is(err, unix.EINTR):
		return e.pend(p, fd, payload != nil, to, started), pending
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EADDRNOTAVAIL) && e.open > 0, errors.Is(err, unix.ENOBUFS), errors.Is(err, unix.ENOMEM),
		errors.Is(err, unix.EMFILE), errors.Is(err, unix.ENFILE):
		if fd >= 0 {
			unix.Close(fd)
		}
		if e.open == 0 && p.again >= 8 {
			r.answer = NotSent
			return r, done
		}
		return r, busy
	}
	r.answer, r.rtt = e.cause(fd, err), time.Since(started)
	e.keep(fd, to.Addr(), payload != nil, r.answer)
	return r, done
}

// pend waits for the answer to an attempt.
func (e *epoll) pend(p probe, fd int, udp bool, to netip.AddrPort, started time.Time) reply {
	i := e.free[len(e.free)-1]
	e.free = e.free[:len(e.free)-1]
	s := &e.slots[i]
	*s = slot{probe: p, fd: fd, udp: udp, to: to, started: started, turn: s.turn + 1}
	events := uint32(unix.EPOLLOUT)
	if udp {
		events = unix.EPOLLIN
	}
	// A socket that cannot be watched times out, which says as much.
	unix.EpollCtl(e.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: events | unix.EPOLLONESHOT, Fd: i, Pad: s.turn})
	e.fifo = append(e.fifo, timer{i, s.turn, started.Add(e.timeout)})
	e.open++
	return reply{}
}

func (e *epoll) socket(a netip.Addr, udp bool) (int, error) {
	family, index, kind := unix.AF_INET, 0, unix.SOCK_STREAM
	if !a.Is4() {
		family, index = unix.AF_INET6, 1
	}
	if udp {
		kind = unix.SOCK_DGRAM
	} else if fd := e.spare[index]; fd >= 0 {
		e.spare[index] = -1
		return fd, nil
	}
	fd, err := unix.Socket(family, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if !udp { // a connection is reset, and leaves nothing behind on either side
		unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	}
	// ICMP messages are told apart.
	if family == unix.AF_INET {
		unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, 1)
	} else {
		unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1)
	}
	return fd, nil
}

func (e *epoll) connect(fd int, to netip.AddrPort) error {
	if to.Addr().Is4() {
		sa := e.sockaddr[0].(*unix.SockaddrInet4)
		sa.Addr, sa.Port = to.Addr().As4(), int(to.Port())
		return unix.Connect(fd, sa)
	}
	sa := e.sockaddr[1].(*unix.SockaddrInet6)
	sa.Addr, sa.Port, sa.ZoneId = to.Addr().As16(), int(to.Port()), zone(to.Addr().Zone())
	return unix.Connect(fd, sa)
}

// keep has a refused socket used again.
func (e *epoll) keep(fd int, a netip.Addr, udp bool, answer Answer) {
	index := 0
	if !a.Is4() {
		index = 1
	}
	if udp || answer != Refused || e.spare[index] >= 0 {
		if fd >= 0 {
			unix.Close(fd)
		}
		return
	}
	e.spare[index] = fd
}

// check looks at who is connected with whom.
func (e *epoll) check(r *reply, fd int) {
	local, err := unix.Getsockname(fd)
	if err != nil {
		return
	}
	remote, err := unix.Getpeername(fd)
	if err != nil {
		// Connected and gone: it was accepted all the same.
		return
	}
	l, p := addrPort(local), addrPort(remote)
	r.self = l == p
	r.suspect = l.Addr() == p.Addr() && p.Port() >= e.lo && p.Port() <= e.hi
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port))
	}
	return netip.AddrPort{}
}

func (e *epoll) wait(d time.Duration) []reply {
	e.replies = e.replies[:0]
	now := time.Now()
	for e.head < len(e.fifo) && e.stale(e.fifo[e.head]) {
		e.head++
	}
	if e.head < len(e.fifo) {
		d = min(d, e.fifo[e.head].at.Sub(now))
	}
	ms := 0
	if d > 0 && e.open > 0 {
		ms = max(1, int(d/time.Millisecond))
	}
	n, err := unix.EpollWait(e.fd, e.events, ms)
	if err != nil {
		n = 0 // interrupted
	}
	now = time.Now()
	for _, ev := range e.events[:n] {
		if s := &e.slots[ev.Fd]; s.turn == ev.Pad && s.fd > 0 {
			e.event(ev, s, now)
		}
	}
	for ; e.head < len(e.fifo) && (e.stale(e.fifo[e.head]) || !e.fifo[e.head].at.After(now)); e.head++ {
		if t := e.fifo[e.head]; !e.stale(t) {
			s := &e.slots[t.slot]
			e.finish(t.slot, reply{probe: s.probe, answer: Timeout})
		}
	}
	return e.replies
}

func (e *epoll) stale(t timer) bool {
	s := &e.slots[t.slot]
	return s.turn != t.turn || s.fd == 0
}

// event settles an attempt that something came for.
func (e *epoll) event(ev unix.EpollEvent, s *slot, now time.Time) {
	r := reply{probe: s.probe, rtt: now.Sub(s.started)}
	code, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	switch {
	case err == nil && code != 0:
		r.answer = e.cause(s.fd, unix.Errno(code))
	case ev.Events&unix.EPOLLERR != 0:
		// No error of the socket, but a message about it.
		if r.answer = e.message(s.fd); r.answer == Unasked {
			r.answer = Timeout
		}
	case s.udp:
		r.answer = Datagram
	default:
		r.answer = SynAck
		e.check(&r, s.fd)
	}
	e.finish(ev.Fd, r)
}

func (e *epoll) finish(i int32, r reply) {
	s := &e.slots[i]
	unix.Close(s.fd) // which takes it out of the epoll set
	s.fd = 0
	e.free = append(e.free, i)
	e.open--
	e.replies = append(e.replies, r)
}

// cause says what an error of a connection means.
func (e *epoll) cause(fd int, err error) Answer {
	if fd >= 0 {
		if a := e.message(fd); a != Unasked {
			return a
		}
	}
	switch {
	case errors.Is(err, unix.ECONNREFUSED), errors.Is(err, unix.ECONNRESET):
		return Refused
	case errors.Is(err, unix.ETIMEDOUT):
		return Timeout
	}
	// No route, no such family, a broadcast address, our own filter.
	return NotSent
}

// message reads the ICMP message about a socket, Unasked if there is none.
func (e *epoll) message(fd int) Answer {
	_, n, _, _, err := unix.Recvmsg(fd, e.data, e.control, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	if err != nil {
		return Unasked
	}
	messages, err := unix.ParseSocketControlMessage(e.control[:n])
	if err != nil {
		return Unasked
	}
	for _, m := range messages {
		// struct sock_extended_err: errno (4), origin, type, code, pad.
		if len(m.Data) < 8 {
			continue
		}
		if a := icmp(m.Data[4], m.Data[5], m.Data[6]); a != Unasked {
			return a
		}
	}
	return Unasked
}

// icmp says what a message means, by its type and code in RFC 792, 1812 and 4443.
func icmp(origin, kind, code byte) Answer {
	switch origin {
	case unix.SO_EE_ORIGIN_ICMP:
		switch {
		case kind == 3 && code == 3:
			return PortUnreachable
		case kind == 3 && (code == 9 || code == 10 || code == 13):
			return Prohibited
		case kind == 3, kind == 11:
			return HostUnreachable
		}
	case unix.SO_EE_ORIGIN_ICMP6:
		switch {
		case kind == 1 && code == 4:
			return PortUnreachable
		case kind == 1 && (code == 1 || code == 5 || code == 6):
			return Prohibited
		case kind == 1, kind == 3:
			return HostUnreachable
		}
	}
	return Unasked
}
