package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"
)

// probe is one datagram, and what recognises its answer.
type probe struct {
	name  string
	hello []byte
	read  func([]byte) (Result, bool)
}

func probes() []probe {
	return []probe{
		{"dns", dnsQuery(), dns},
		{"ntp", ntpQuery(), ntp},
		{"snmp", snmpDiscovery(), snmp},
		{"rpcbind", rpcCall(100000, 2), func(b []byte) (Result, bool) { return rpc("rpcbind", b) }},
		{"nfs", rpcCall(100003, 3), func(b []byte) (Result, bool) { return rpc("nfs", b) }},
		{"memcached", []byte("\x77\x72\x00\x00\x00\x01\x00\x00version\r\n"), func(b []byte) (Result, bool) {
			if len(b) < 8 || string(b[:2]) != "wr" {
				return Result{}, false
			}
			return memcached(context.Background(), nil, b[8:])
		}},
		{"quic", quicInitial(), quic},
	}
}

// Payload is what a UDP port is sent to find out whether it is open: the probe of the
// service it is known for, else an empty line.
func Payload(port uint16) []byte {
	name := ofPort(port, true)
	for _, p := range probes() {
		if p.name == name {
			return p.hello
		}
	}
	return []byte("\r\n")
}

// datagrams examines a UDP port: the likely probe first, then the others.
func (x *exam) datagrams(ctx context.Context) Result {
	names := append(ofProcess(x.target.Process), ofPort(x.target.Address.Port(), true))
	var first, then []probe
	for _, p := range probes() {
		if slices.Contains(names, p.name) {
			first = append(first, p)
		} else {
			then = append(then, p)
		}
	}
	for _, p := range append(first, then...) {
		t, err := x.plain(ctx)
		if err != nil {
			return Result{}
		}
		t.SetWriteDeadline(time.Now().Add(answer))
		var got []byte
		if _, err = t.Write(p.hello); err == nil {
			got = t.until(ctx, answer/2, func([]byte) verdict { return yes })
		}
		t.Close()
		if r, ok := p.read(got); ok {
			return r
		}
		if ctx.Err() != nil {
			break
		}
	}
	return Result{}
}

// dnsQuery asks for the servers of the root, without recursion (RFC 1035).
func dnsQuery() []byte {
	return []byte{0x77, 0x72, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1}
}

func dns(got []byte) (Result, bool) {
	r := Result{Name: "dns", Confidence: Handshake, TLS: "none", Authentication: "none"}
	return r, len(got) >= 12 && got[0] == 0x77 && got[1] == 0x72 && got[2]&0x80 != 0 && got[2]&0x78 == 0
}

// ntpQuery is a request of a client (RFC 5905), with a time that the answer repeats.
func ntpQuery() []byte {
	b := make([]byte, 48)
	b[0] = 0x23
	copy(b[40:], "writwrit")
	return b
}

func ntp(got []byte) (Result, bool) {
	r := Result{Name: "ntp", Confidence: Handshake, TLS: "none", Authentication: "none"}
	return r, len(got) >= 48 && got[0]&7 == 4 && string(got[24:32]) == "writwrit"
}

// snmpDiscovery asks an SNMPv3 engine for its id (RFC 3414, 4), which needs no user. A
// server of version 1 and 2c answers only who knows its community, and so nobody here.
func snmpDiscovery() []byte {
	header := tlv(0x30, tlv(0x02, []byte{0x77, 0x72}), tlv(0x02, []byte{0x05, 0xc0}), tlv(0x04, []byte{0x04}), tlv(0x02, []byte{3}))
	security := tlv(0x04, tlv(0x30, tlv(0x04), tlv(0x02, []byte{0}), tlv(0x02, []byte{0}), tlv(0x04), tlv(0x04), tlv(0x04)))
	request := tlv(0xa0, tlv(0x02, []byte{0x77, 0x72}), tlv(0x02, []byte{0}), tlv(0x02, []byte{0}), tlv(0x30))
	return tlv(0x30, tlv(0x02, []byte{3}), header, security, tlv(0x30, tlv(0x04), tlv(0x04), request))
}

// snmp takes a report (0xa8) of version 3.
func snmp(got []byte) (Result, bool) {
	r := Result{Name: "snmp", Confidence: Handshake, TLS: "none", Authentication: "password"}
	return r, len(got) > 20 && got[0] == 0x30 && bytes.Contains(got[:8], []byte{2, 1, 3}) && bytes.IndexByte(got, 0xa8) > 0
}

// quicInitial is a first packet of a version that is reserved for this (RFC 9000, 15):
// a server answers with those that it speaks.
func quicInitial() []byte {
	b := make([]byte, 1200)
	copy(b, []byte{0xc0, 0x1a, 0x2a, 0x3a, 0x4a, 8, 'w', 'r', 'i', 't', 'w', 'r', 'i', 't', 8, 't', 'i', 'r', 'w', 't', 'i', 'r', 'w'})
	return b
}

// quic takes version negotiation: version 0, and the two connection ids exchanged.
func quic(got []byte) (Result, bool) {
	r := Result{Name: "quic", Confidence: Handshake, TLS: "implicit"}
	return r, len(got) >= 27 && got[0]&0x80 != 0 && binary.BigEndian.Uint32(got[1:]) == 0 && bytes.Equal(got[5:23], []byte("\x08tirwtirw\x08writwrit"))
}
