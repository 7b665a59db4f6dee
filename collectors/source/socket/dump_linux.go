package socket

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// datagram is more than the kernel puts in one answer.
const datagram = 1 << 17

// asker asks one network namespace, that of the thread it was made on.
type asker struct {
	fd       int
	sequence uint32
	buffer   []byte
}

func newAsker() (*asker, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, fmt.Errorf("open sock_diag: %w", err)
	}
	// The kernel always answers; a time limit all the same, since a seccomp filter or an
	// emulation of Linux may not.
	limit := unix.Timeval{Sec: 10}
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("open sock_diag: %w", err)
	}
	return &asker{fd: fd, buffer: make([]byte, datagram)}, nil
}

func (a *asker) close() { unix.Close(a.fd) }

// errAbsent says that the kernel does not have the protocol, or cannot list it.
var errAbsent = errors.New("the kernel lists no sockets of the protocol")

// sockets lists those of a protocol and family. A list that changed in a way that may
// have hidden some is asked for again.
func (a *asker) sockets(p protocol, family uint8) (found []Socket, err error) {
	for range 3 {
		found = found[:0]
		if err = a.once(p, family, func(s Socket) {
			s.Protocol = p.name
			found = append(found, s)
		}); err != errInterrupted {
			break
		}
	}
	var code answerError
	if errors.As(err, &code) && (unix.Errno(code) == unix.ENOENT || unix.Errno(code) == unix.EINVAL && p.name != "tcp") {
		return nil, errAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("sock_diag: %w", err)
	}
	return found, nil
}

func (a *asker) once(p protocol, family uint8, add func(Socket)) error {
	a.sequence++
	if err := unix.Sendto(a.fd, question(family, p.number, p.state, a.sequence), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	interrupted := false
	for {
		n, err := unix.Read(a.fd, a.buffer)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return err
		case n == 0:
			return io.ErrUnexpectedEOF
		}
		done, err := parseAnswer(a.buffer[:n], a.sequence, add)
		switch {
		case err == errInterrupted:
			interrupted = true
		case err != nil:
			return err
		}
		if done && interrupted {
			return errInterrupted
		}
		if done {
			return nil
		}
	}
}

// listed is what one namespace says.
type listed struct {
	sockets []*Socket
	reasons []string
}

// list asks the namespace of the calling thread for all its sockets, through sock_diag
// or, where that is refused, from the tables below a folder such as
// /proc/thread-self/net.
func (n *Namespace) list(tables string) listed {
	var out listed
	ask, err := newAsker()
	if err == nil {
		defer ask.close()
	}
	for _, p := range protocols {
		for _, family := range []uint8{inet4, inet6} {
			refused := err
			var found []Socket
			if refused == nil {
				found, refused = ask.sockets(p, family)
			}
			if refused != nil && (refused != errAbsent || p.name == "tcp" || p.name == "udp") {
				found, refused = table(tables, p, family, refused)
			}
			out.add(n, p, found, refused)
		}
	}
	n.Method = "sock_diag"
	if err != nil {
		n.Method = "proc"
	}
	return out
}

// add takes the sockets of a protocol, or notes that there may be some.
func (l *listed) add(n *Namespace, p protocol, found []Socket, err error) {
	switch {
	case err == errAbsent:
	case err != nil:
		name := p.name
		if name == "" {
			name = fmt.Sprintf("IP protocol %d", p.number)
		}
		l.reasons = append(l.reasons, fmt.Sprintf("sockets of %s cannot be listed: %v", name, err))
	case p.name == "" && len(found) > 0:
		l.reasons = append(l.reasons, fmt.Sprintf("sockets of IP protocol %d are there and not listed", p.number))
	case p.name != "":
		for i := range found {
			found[i].Namespace = n
			l.sockets = append(l.sockets, &found[i])
		}
	}
}

// table reads the sockets of a protocol from a folder of /proc. The reason says why the
// kernel was not asked.
func table(folder string, p protocol, family uint8, reason error) ([]Socket, error) {
	name := p.proc
	if p.proc == "" {
		if _, err := os.Stat(folder + "/sctp"); p.name == "sctp" && err == nil {
			return nil, reason
		}
		return nil, errAbsent // neither the kernel nor /proc knows of it
	}
	if family == inet6 {
		name += "6"
	}
	data, err := os.ReadFile(folder + "/" + name)
	if errors.Is(err, os.ErrNotExist) && (family == inet6 || p.name == "") {
		return nil, errAbsent // a kernel without IPv6
	}
	if err != nil {
		return nil, fmt.Errorf("%w; %w", reason, err)
	}
	var found []Socket
	if err := parseTable(data, p, func(s Socket) { found = append(found, s) }); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return found, nil
}
