package wire

import (
	"bytes"
	"context"
	"encoding/binary"
)

func directories() []question {
	return []question{
		{"ldap", ldapSearch(), atLeast(9), ldap},
		{"rdp", rdpRequest(3), tpkt, rdp},
		{"smb", smbNegotiate(), atLeast(70), smb},
		{"dns", append([]byte{0, byte(len(dnsQuery()))}, dnsQuery()...), atLeast(14), func(_ context.Context, _ *talk, got []byte) (Result, bool) {
			if len(got) < 2 {
				return Result{}, false
			}
			return dns(got[2:])
		}},
		{"rpcbind", append(binary.BigEndian.AppendUint32(nil, 0x80000000|uint32(len(rpcCall(100000, 2)))), rpcCall(100000, 2)...), atLeast(28), rpcStream("rpcbind")},
		{"nfs", append(binary.BigEndian.AppendUint32(nil, 0x80000000|uint32(len(rpcCall(100003, 3)))), rpcCall(100003, 3)...), atLeast(28), rpcStream("nfs")},
	}
}

// ldapSearch asks for the root entry, as RFC 4512, 5.1 lets anyone.
func ldapSearch() []byte {
	attributes := tlv(0x30, tlv(0x04, []byte("supportedExtension")), tlv(0x04, []byte("vendorName")))
	search := tlv(0x63, tlv(0x04), tlv(0x0a, []byte{0}), tlv(0x0a, []byte{0}), tlv(0x02, []byte{0}), tlv(0x02, []byte{2}), tlv(0x01, []byte{0}),
		tlv(0x87, []byte("objectClass")), attributes)
	return tlv(0x30, tlv(0x02, []byte{1}), search)
}

// tlv encodes BER with lengths below 128 or of one more byte.
func tlv(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	if len(body) < 128 {
		return append([]byte{tag, byte(len(body))}, body...)
	}
	return append([]byte{tag, 0x81, byte(len(body))}, body...)
}

// ldap takes an entry or a result for message 1 (RFC 4511).
func ldap(ctx context.Context, t *talk, got []byte) (Result, bool) {
	r := Result{Name: "ldap", Confidence: Handshake, TLS: "none"}
	if len(got) < 9 || got[0] != 0x30 {
		return r, false
	}
	at := 2
	if got[1] >= 0x80 {
		at += int(got[1] & 0x7f)
	}
	if at+4 > len(got) || !bytes.Equal(got[at:at+3], []byte{2, 1, 1}) {
		return r, false
	}
	op := got[at+3]
	if op != 0x64 && op != 0x65 && op != 0x78 {
		return r, false
	}
	if op == 0x64 && !bytes.Contains(got, []byte{0x65}) {
		got = append(got, t.until(ctx, greeting, func(b []byte) verdict { return more })...)
	}
	offered := bytes.Contains(got, []byte("1.3.6.1.4.1.1466.20037"))
	// confidentialityRequired, RFC 4511, 4.1.9
	required := bytes.Contains(got, []byte{0x0a, 1, 13})
	if op != 0x64 && !required {
		r.TLS = "" // the entry is not shown
	}
	return startTLS(r, offered, required), true
}

// rdpRequest is a connection request of MS-RDPBCGR, 2.2.1.1, with the protocols that
// the client takes.
func rdpRequest(protocols byte) []byte {
	return []byte{3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, protocols, 0, 0, 0}
}

func tpkt(b []byte) verdict {
	if len(b) >= 4 && (b[0] != 3 || len(b) >= int(binary.BigEndian.Uint16(b[2:]))) {
		return yes
	}
	return more
}

// rdp reads a connection confirm: with TLS and CredSSP offered, the server says which
// it takes; a server that takes neither answers without.
func rdp(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "rdp", Confidence: Handshake, Authentication: "password"}
	if len(got) < 11 || got[0] != 3 || got[1] != 0 || got[5] != 0xd0 {
		return r, false
	}
	switch {
	case len(got) < 19, got[11] == 2 && got[15] == 0:
		r.TLS = "none"
	case got[11] == 2:
		r.TLS = "starttls_offered"
	}
	return r, true
}

// smbNegotiate is an SMB2 NEGOTIATE of MS-SMB2, 2.2.3, for dialects 2.0.2 to 3.0.2.
func smbNegotiate() []byte {
	head := make([]byte, 64)
	copy(head, "\xfeSMB")
	head[4] = 64  // size of the header
	head[14] = 31 // credits
	dialects := []uint16{0x0202, 0x0210, 0x0300, 0x0302}
	body := make([]byte, 36)
	body[0], body[2], body[4] = 36, byte(len(dialects)), 1
	for _, d := range dialects {
		body = binary.LittleEndian.AppendUint16(body, d)
	}
	message := append(head, body...)
	return append([]byte{0, 0, 0, byte(len(message))}, message...)
}

func smb(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "smb", Confidence: Handshake, TLS: "none", Authentication: "password"}
	// A response to NEGOTIATE: SMB2_FLAGS_SERVER_TO_REDIR is set.
	return r, len(got) >= 70 && got[0] == 0 && string(got[4:8]) == "\xfeSMB" && binary.LittleEndian.Uint16(got[16:]) == 0 && got[20]&1 == 1
}

const rpcID = 0x77726974

// rpcCall is a call of procedure 0, which does nothing (RFC 5531), without credentials.
func rpcCall(program, number uint32) []byte {
	var b []byte
	for _, v := range []uint32{rpcID, 0, 2, program, number, 0, 0, 0, 0, 0} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// rpc reads a reply to it that says success, or that another version is spoken.
func rpc(name string, got []byte) (Result, bool) {
	r := Result{Name: name, Confidence: Handshake, TLS: "none"}
	if len(got) < 24 || binary.BigEndian.Uint32(got) != rpcID || binary.BigEndian.Uint32(got[4:]) != 1 || binary.BigEndian.Uint32(got[8:]) != 0 {
		return r, false
	}
	state := binary.BigEndian.Uint32(got[20:])
	return r, state == 0 || state == 2
}

func rpcStream(name string) func(context.Context, *talk, []byte) (Result, bool) {
	return func(_ context.Context, _ *talk, got []byte) (Result, bool) {
		if len(got) < 4 || got[0] != 0x80 {
			return Result{}, false
		}
		return rpc(name, got[4:])
	}
}
