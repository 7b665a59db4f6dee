package socket

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
)

// What linux/netlink.h, linux/sock_diag.h and linux/inet_diag.h lay down.
const (
	nlHeader      = 16
	nlError       = 2
	nlDone        = 3
	nlRequest     = 1
	nlDump        = 0x300
	nlInterrupted = 0x10
	byFamily      = 20 // SOCK_DIAG_BY_FAMILY
	diagRequest   = 56 // sizeof(struct inet_diag_req_v2)
	diagMessage   = 72 // sizeof(struct inet_diag_msg)
	attrV6Only    = 11 // INET_DIAG_SKV6ONLY
	attrLocals    = 12 // INET_DIAG_LOCALS
	attrCgroup    = 21 // INET_DIAG_CGROUP_ID
	inet4         = 2
	inet6         = 10
	stateClose    = 7
	stateListen   = 10
)

// protocol is one that sockets are listed of.
type protocol struct {
	name   string // "" for one that is only counted
	number uint8
	state  uint8  // of those that wait for peers
	proc   string // its table below /proc/PID/net; that of IPv6 has a 6 behind
}

var protocols = [...]protocol{
	{"tcp", 6, stateListen, "tcp"},
	{"udp", 17, stateClose, "udp"},
	{"sctp", 132, stateListen, ""},
	{"", 136, stateClose, "udplite"},
	{"", 33, stateListen, ""}, // DCCP
}

// question is the request for all sockets of a protocol and family in a state. The
// order of bytes is the machine's.
func question(family, number, state uint8, sequence uint32) []byte {
	b := make([]byte, nlHeader+diagRequest)
	h := binary.NativeEndian
	h.PutUint32(b[0:], uint32(len(b)))
	h.PutUint16(b[4:], byFamily)
	h.PutUint16(b[6:], nlRequest|nlDump)
	h.PutUint32(b[8:], sequence)
	b[nlHeader], b[nlHeader+1] = family, number
	h.PutUint32(b[nlHeader+4:], 1<<state)
	return b
}

// answerError is one that the kernel gives in an answer.
type answerError int32

func (e answerError) Error() string { return fmt.Sprintf("the kernel answers with error %d", int32(e)) }

// errInterrupted says that the list changed in a way that may have hidden sockets.
var errInterrupted = errors.New("the list changed while it was read")

// parseAnswer reads one datagram of an answer and calls add for each socket in it. It
// reports whether the answer is at its end. A message that is not whole is an error:
// sockets may be missing.
func parseAnswer(data []byte, sequence uint32, add func(Socket)) (done bool, err error) {
	h := binary.NativeEndian
	var interrupted error
	for len(data) > 0 {
		if len(data) < nlHeader {
			return false, errors.New("an answer of netlink ends in a header")
		}
		n := int(h.Uint32(data))
		if n < nlHeader || n > len(data) {
			return false, fmt.Errorf("a message of netlink is %d bytes of %d", n, len(data))
		}
		kind, flags, number, body := h.Uint16(data[4:]), h.Uint16(data[6:]), h.Uint32(data[8:]), data[nlHeader:n]
		data = data[min(len(data), (n+3)&^3):]
		if number != sequence {
			continue // an answer to nothing that was asked
		}
		if flags&nlInterrupted != 0 {
			interrupted = errInterrupted
		}
		switch kind {
		case nlDone, nlError:
			if len(body) >= 4 {
				if code := int32(h.Uint32(body)); code != 0 {
					return true, answerError(-code)
				}
			} else if kind == nlError {
				return true, errors.New("an error of netlink is cut off")
			}
			return true, interrupted
		case byFamily:
			if err := parseSocket(body, add); err != nil {
				return false, err
			}
		}
	}
	return false, interrupted
}

// parseSocket reads an inet_diag_msg and its attributes. A socket of SCTP may be bound
// to several addresses: it is one socket for each.
func parseSocket(b []byte, add func(Socket)) error {
	if len(b) < diagMessage {
		return fmt.Errorf("a socket of sock_diag is %d bytes", len(b))
	}
	h := binary.NativeEndian
	s := Socket{
		Interface: h.Uint32(b[40:]), Cookie: uint64(h.Uint32(b[44:])) | uint64(h.Uint32(b[48:]))<<32,
		UID: h.Uint32(b[64:]), Inode: h.Uint32(b[68:]), Detailed: true,
	}
	state, port := b[1], binary.BigEndian.Uint16(b[4:])
	if state == stateListen {
		s.Backlog = h.Uint32(b[60:])
	}
	switch b[0] {
	case inet4:
		s.Local = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[8:12])), port)
	case inet6:
		s.Local = netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:24])), port)
	default:
		return fmt.Errorf("a socket of sock_diag has family %d", b[0])
	}
	var more []byte
	for rest := b[diagMessage:]; len(rest) > 0; {
		if len(rest) < 4 {
			return errors.New("an attribute of sock_diag is cut off")
		}
		n, kind := int(h.Uint16(rest)), h.Uint16(rest[2:])&0x3fff
		if n < 4 || n > len(rest) {
			return fmt.Errorf("an attribute of sock_diag is %d bytes of %d", n, len(rest))
		}
		value := rest[4:n]
		rest = rest[min(len(rest), (n+3)&^3):]
		switch {
		case kind == attrV6Only && len(value) >= 1:
			s.Both = Yes
			if value[0] != 0 {
				s.Both = No
			}
		case kind == attrCgroup && len(value) >= 8:
			s.Cgroup = h.Uint64(value)
		case kind == attrLocals:
			more = value
		}
	}
	addresses, err := parseLocals(more)
	if err != nil {
		return err
	}
	if len(addresses) == 0 {
		addresses = []netip.Addr{s.Local.Addr()}
	}
	for _, a := range addresses {
		one := s
		one.bind(netip.AddrPortFrom(a, port))
		add(one)
	}
	return nil
}

// bind sets the address, and what follows from it.
func (s *Socket) bind(to netip.AddrPort) {
	a := to.Addr()
	s.Local = netip.AddrPortFrom(a.Unmap(), to.Port())
	if !a.Is6() || a.Is4In6() || !a.IsUnspecified() {
		s.Both = No
	}
}

// parseLocals reads the sockaddr_storage array of a socket with several addresses.
func parseLocals(b []byte) ([]netip.Addr, error) {
	const size = 128
	var out []netip.Addr
	for ; len(b) >= size; b = b[size:] {
		switch family := binary.NativeEndian.Uint16(b); family {
		case inet4:
			out = append(out, netip.AddrFrom4([4]byte(b[4:8])))
		case inet6:
			out = append(out, netip.AddrFrom16([16]byte(b[8:24])))
		default:
			return nil, fmt.Errorf("an address of sock_diag has family %d", family)
		}
	}
	if len(b) > 0 {
		return nil, errors.New("an address of sock_diag is cut off")
	}
	return out, nil
}
