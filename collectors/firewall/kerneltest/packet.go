//go:build linux

package kerneltest

import (
	"encoding/binary"
	"net"
	"net/netip"

	"golang.org/x/sys/unix"
)

// wire is the end of a pair of interfaces that packets are put on.
type wire struct {
	fd      int
	address unix.SockaddrLinklayer
}

// newWire opens an interface of the thread's namespace.
func newWire(name string) (*wire, error) {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return &wire{fd, unix.SockaddrLinklayer{Ifindex: i.Index}}, nil
}

func (w *wire) put(frame []byte) error { return unix.Sendto(w.fd, frame, 0, &w.address) }

// frame is a probe with its number: the sequence number of TCP, the data of UDP.
func (p *Probe) frame(link int, number uint32) []byte {
	b := make([]byte, 0, 96)
	b = append(b, nearMAC(link)...)
	b = append(b, farMAC(link)...)
	var segment []byte
	segment = binary.BigEndian.AppendUint16(segment, p.SourcePort)
	segment = binary.BigEndian.AppendUint16(segment, p.DestPort)
	at := 16
	if p.Protocol == unix.IPPROTO_TCP {
		segment = binary.BigEndian.AppendUint32(segment, number)
		segment = append(segment, 0, 0, 0, 0, 5<<4, 2, 0xff, 0xff, 0, 0, 0, 0)
	} else {
		at = 6
		segment = append(segment, 0, 12, 0, 0)
		segment = binary.BigEndian.AppendUint32(segment, number)
	}
	src, dst := p.Source.AsSlice(), p.Dest.AsSlice()
	pseudo := append(append([]byte{}, src...), dst...)
	pseudo = append(pseudo, 0, 0, byte(len(segment)>>8), byte(len(segment)), 0, 0, 0, p.Protocol)
	sum := checksum(append(pseudo, segment...))
	if sum == 0 {
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(segment[at:], sum)
	if p.Source.Is4() {
		b = append(b, 8, 0)
		head := []byte{0x45, 0, 0, byte(20 + len(segment)), 0, 1, 0x40, 0, 64, p.Protocol, 0, 0}
		head = append(append(head, src...), dst...)
		binary.BigEndian.PutUint16(head[10:], checksum(head))
		b = append(b, head...)
	} else {
		b = append(b, 0x86, 0xdd, 0x60, 0, 0, 0, 0, byte(len(segment)), p.Protocol, 64)
		b = append(append(b, src...), dst...)
	}
	return append(b, segment...)
}

func checksum(b []byte) uint16 {
	var sum uint32
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	if len(b)%2 == 1 {
		sum += uint32(b[len(b)-1]) << 8
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// seen is a packet as it was when it was logged.
type seen struct {
	number uint32
	dest   netip.Addr
	port   uint16
}

// dissect reads a packet of the network layer; false for one that is no probe.
func dissect(b []byte) (s seen, ok bool) {
	if len(b) < 20 {
		return s, false
	}
	var protocol byte
	var segment []byte
	switch b[0] >> 4 {
	case 4:
		n := int(b[0]&15) * 4
		if len(b) < n {
			return s, false
		}
		protocol, segment = b[9], b[n:]
		s.dest, _ = netip.AddrFromSlice(b[16:20])
	case 6:
		if len(b) < 40 {
			return s, false
		}
		protocol, segment = b[6], b[40:]
		s.dest, _ = netip.AddrFromSlice(b[24:40])
	default:
		return s, false
	}
	at := map[byte]int{unix.IPPROTO_TCP: 4, unix.IPPROTO_UDP: 8}[protocol]
	if at == 0 || len(segment) < at+4 {
		return s, false
	}
	s.port = binary.BigEndian.Uint16(segment[2:])
	s.number = binary.BigEndian.Uint32(segment[at:])
	return s, true
}
