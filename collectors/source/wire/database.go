package wire

import (
	"bytes"
	"context"
	"encoding/binary"
)

func databases(x *exam) []question {
	return []question{
		{"postgres", []byte{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f}, atLeast(1), x.postgres},
		{"redis", []byte("PING\r\n"), line, redis},
		{"memcached", []byte("version\r\n"), line, memcached},
		{"mongodb", mongoHello(), atLeast(21), mongodb},
		{"cassandra", []byte{0x04, 0, 0, 0, 0x05, 0, 0, 0, 0}, atLeast(9), cassandra},
		{"mssql", mssqlPrelogin(), atLeast(8), mssql},
	}
}

// postgres asked for TLS (SSLRequest): the answer is one letter. It is then asked for a
// version of the protocol that does not exist, which needs no user and is refused in
// its own way.
func (x *exam) postgres(ctx context.Context, t *talk, got []byte) (Result, bool) {
	r := Result{Name: "postgres", Confidence: Handshake}
	if len(got) == 0 {
		return r, false
	}
	switch {
	case len(got) == 1 && got[0] == 'S':
		inner, s := t.handshake(ctx, x.target.Name, []string{"postgresql"})
		if !s.spoken {
			return r, false
		}
		r.TLS = "starttls_offered"
		if inner == nil {
			return r, true
		}
		if s.asked {
			r.Authentication = "" // it takes a certificate, and may not want one
		}
		t = inner
	case len(got) == 1 && got[0] == 'N':
		r.TLS = "none"
	default:
		return r, postgresError(got)
	}
	refusal := t.say(ctx, []byte{0, 0, 0, 9, 0x00, 0x63, 0x00, 0x00, 0}, func(b []byte) verdict {
		if len(b) >= 5 && len(b) >= 1+int(binary.BigEndian.Uint32(b[1:])) {
			return yes
		}
		return more
	})
	// A pooler that closes without a word is one all the same once TLS was spoken.
	return r, postgresError(refusal) || r.TLS == "starttls_offered"
}

// postgresError recognises an ErrorResponse: fields with a letter each, of which the
// severity and the SQLSTATE are always there.
func postgresError(b []byte) bool {
	return len(b) > 8 && b[0] == 'E' && binary.BigEndian.Uint32(b[1:]) < 4096 && b[5] == 'S' && bytes.Contains(b, []byte("\x00C"))
}

func redis(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "redis", Confidence: Handshake, TLS: "none"}
	switch {
	case bytes.HasPrefix(got, []byte("+PONG\r\n")):
		r.Authentication = "none"
	case bytes.HasPrefix(got, []byte("-NOAUTH ")):
		r.Authentication = "password"
	case bytes.HasPrefix(got, []byte("-DENIED ")) && has(got, "PROTECTED MODE"):
		r.Authentication = "none" // of those that it lets in
	case bytes.HasPrefix(got, []byte("-ERR operation not permitted")):
		r.Authentication = "password" // before version 6
	default:
		return r, false
	}
	return r, true
}

func memcached(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "memcached", Confidence: Handshake, TLS: "none", Product: "memcached"}
	switch {
	case bytes.HasPrefix(got, []byte("VERSION ")):
		r.Version, r.Authentication = version.FindString(string(got[8:])), "none"
	case bytes.HasPrefix(got, []byte("CLIENT_ERROR unauthenticated")):
		r.Authentication = "password"
	default:
		return r, false
	}
	return r, true
}

// mongoID is the request that the answer refers to.
const mongoID = 0x77726974

// mongoHello is OP_QUERY isMaster, the one command that every version answers so.
func mongoHello() []byte {
	doc := []byte("\x10isMaster\x00\x01\x00\x00\x00\x00")
	doc = append(binary.LittleEndian.AppendUint32(nil, uint32(len(doc)+4)), doc...)
	body := append([]byte{0, 0, 0, 0}, "admin.$cmd\x00"...)
	body = append(body, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)
	body = append(body, doc...)
	head := binary.LittleEndian.AppendUint32(nil, uint32(16+len(body)))
	head = binary.LittleEndian.AppendUint32(head, mongoID)
	head = binary.LittleEndian.AppendUint32(head, 0)
	head = binary.LittleEndian.AppendUint32(head, 2004)
	return append(head, body...)
}

// mongodb takes an OP_REPLY to the request. Whether a user is needed it does not say.
func mongodb(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "mongodb", Confidence: Handshake, TLS: "none"}
	return r, len(got) >= 16 && binary.LittleEndian.Uint32(got[8:]) == mongoID && binary.LittleEndian.Uint32(got[12:]) == 1
}

// cassandra answers OPTIONS of the native protocol, version 4, with SUPPORTED or an
// error; STARTUP then tells whether it wants a user.
func cassandra(ctx context.Context, t *talk, got []byte) (Result, bool) {
	r := Result{Name: "cassandra", Confidence: Handshake, TLS: "none"}
	if len(got) < 9 || got[0]&0x80 == 0 || got[0]&0x7f < 3 || got[0]&0x7f > 6 || got[4] != 0x06 && got[4] != 0x00 || binary.BigEndian.Uint32(got[5:]) > most {
		return r, false
	}
	if got[4] != 0x06 {
		return r, has(got, "PROTOCOL")
	}
	body := []byte("\x00\x01\x00\x0bCQL_VERSION\x00\x053.0.0")
	frame := append([]byte{0x04, 0, 0, 1, 0x01}, binary.BigEndian.AppendUint32(nil, uint32(len(body)))...)
	started := t.say(ctx, append(frame, body...), atLeast(9))
	if len(started) >= 9 && started[3] == 1 {
		switch started[4] {
		case 0x02:
			r.Authentication = "none"
		case 0x03:
			r.Authentication = "password"
		}
	}
	return r, true
}

// mssqlPrelogin is a PRELOGIN message of MS-TDS with version and encryption (off).
func mssqlPrelogin() []byte {
	options := []byte{0x00, 0, 11, 0, 6, 0x01, 0, 17, 0, 1, 0xff}
	data := append(options, 0x0c, 0, 0, 0, 0, 0, 0x00)
	return append([]byte{0x12, 0x01, 0, byte(8 + len(data)), 0, 0, 1, 0}, data...)
}

// mssql reads the answer's encryption option. Passwords are encrypted unless it is
// not supported at all; what follows only if one side wants it.
func mssql(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "mssql", Confidence: Handshake, Authentication: "password"}
	if len(got) < 20 || got[0] != 0x04 || int(binary.BigEndian.Uint16(got[2:])) > len(got) || got[8] != 0x00 {
		return r, false
	}
	for i := 8; i+5 <= len(got) && got[i] != 0xff; i += 5 {
		at := 8 + int(binary.BigEndian.Uint16(got[i+1:]))
		if got[i] != 0x01 || at >= len(got) {
			continue
		}
		switch got[at] {
		case 0, 1:
			r.TLS = "starttls_offered"
		case 2:
			r.TLS = "none"
		case 3:
			r.TLS = "starttls_required"
		}
		return r, true
	}
	return r, false
}
