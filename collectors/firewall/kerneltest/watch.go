//go:build linux

package kerneltest

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// netlink is a socket of nfnetlink in the namespace of the thread that opened it.
type netlink struct {
	fd     int
	buffer []byte
	serial uint32
}

func newNetlink() (*netlink, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_NETFILTER)
	if err != nil {
		return nil, err
	}
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1<<22)
	return &netlink{fd: fd, buffer: make([]byte, 1<<16)}, unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
}

// command sends a message of nfnetlink and waits for its acknowledgement.
func (n *netlink) command(kind uint16, family byte, resource uint16, attributes []byte) error {
	n.serial++
	b := make([]byte, 20, 20+len(attributes))
	binary.NativeEndian.PutUint32(b, uint32(20+len(attributes)))
	binary.NativeEndian.PutUint16(b[4:], kind)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST|unix.NLM_F_ACK)
	binary.NativeEndian.PutUint32(b[8:], n.serial)
	b[16] = family
	binary.BigEndian.PutUint16(b[18:], resource)
	b = append(b, attributes...)
	if err := unix.Sendto(n.fd, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	for {
		k, _, err := unix.Recvfrom(n.fd, n.buffer, 0)
		if err != nil {
			return err
		}
		for m := n.buffer[:k]; len(m) >= 20; {
			size := int(binary.NativeEndian.Uint32(m))
			if binary.NativeEndian.Uint16(m[4:]) == unix.NLMSG_ERROR && binary.NativeEndian.Uint32(m[8:]) == n.serial {
				if code := int32(binary.NativeEndian.Uint32(m[16:])); code != 0 {
					return unix.Errno(-code)
				}
				return nil
			}
			m = m[min(len(m), (size+3)&^3):]
		}
	}
}

func attribute(kind uint16, value []byte) []byte {
	b := make([]byte, 4, 8+len(value))
	binary.NativeEndian.PutUint16(b, uint16(4+len(value)))
	binary.NativeEndian.PutUint16(b[2:], kind)
	b = append(b, value...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// Numbers of <linux/netfilter/nfnetlink_log.h>.
const (
	logConfig    = unix.NFNL_SUBSYS_ULOG<<8 | 1
	logPacket    = unix.NFNL_SUBSYS_ULOG << 8
	configBind   = 1
	attrCommand  = 1
	attrMode     = 2
	attrBuffer   = 3
	attrLeast    = 5
	attrPayload  = 9
	attrPrefix   = 10
	copyPacket   = 2
	copiedBytes  = 128
	observeGroup = 7
)

// watch reads the log of packets of a namespace.
type watch struct{ *netlink }

func newWatch() (*watch, error) {
	n, err := newNetlink()
	if err != nil {
		return nil, err
	}
	w := &watch{n}
	for _, group := range []uint16{LogGroup, observeGroup} {
		if err := w.command(logConfig, 0, group, attribute(attrCommand, []byte{configBind})); err != nil {
			return nil, err
		}
		mode := []byte{0, 0, 0, copiedBytes, copyPacket, 0}
		attributes := append(attribute(attrMode, mode), attribute(attrBuffer, []byte{0, 0, 2, 0})...)
		attributes = append(attributes, attribute(attrLeast, []byte{0, 0, 0, 1})...)
		if err := w.command(logConfig, 0, group, attributes); err != nil {
			return nil, err
		}
	}
	return w, unix.SetNonblock(w.fd, true)
}

// event is a packet in the log; prefix is "I", "P" or "S" of the observer.
type event struct {
	group  uint16
	prefix byte
	seen
	known bool // it is a probe
}

var errLost = errors.New("packets of the log were lost")

// read returns what was logged until now.
func (w *watch) read(f func(event)) error {
	for {
		n, _, err := unix.Recvfrom(w.fd, w.buffer, 0)
		switch err {
		case nil:
		case unix.EAGAIN:
			return nil
		case unix.EINTR:
			continue
		case unix.ENOBUFS:
			return errLost
		default:
			return fmt.Errorf("read the log of packets: %w", err)
		}
		for m := w.buffer[:n]; len(m) >= 20; {
			size := int(binary.NativeEndian.Uint32(m))
			if size < 20 || size > len(m) {
				return errors.New("read the log of packets: a message cut short")
			}
			if binary.NativeEndian.Uint16(m[4:]) == logPacket {
				f(decodeEvent(m[:size]))
			}
			m = m[min(len(m), (size+3)&^3):]
		}
	}
}

func decodeEvent(m []byte) event {
	e := event{group: binary.BigEndian.Uint16(m[18:])}
	for a := m[20:]; len(a) >= 4; {
		size, kind := int(binary.NativeEndian.Uint16(a)), binary.NativeEndian.Uint16(a[2:])&0x3fff
		if size < 4 || size > len(a) {
			break
		}
		switch kind {
		case attrPayload:
			e.seen, e.known = dissect(a[4:size])
		case attrPrefix:
			if size > 4 {
				e.prefix = a[4]
			}
		}
		a = a[min(len(a), (size+3)&^3):]
	}
	return e
}

// flusher forgets all connections of a namespace.
type flusher struct{ *netlink }

func newFlusher() (*flusher, error) {
	n, err := newNetlink()
	return &flusher{n}, err
}

func (f *flusher) flush() error {
	const deleteAll = unix.NFNL_SUBSYS_CTNETLINK<<8 | 2
	if err := f.command(deleteAll, unix.AF_UNSPEC, 0, nil); err != nil {
		return fmt.Errorf("forget connections: %w", err)
	}
	return nil
}
