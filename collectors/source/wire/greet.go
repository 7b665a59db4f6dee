package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"strings"
)

// greeted recognises servers that speak first, and asks those further that tell more.
func (x *exam) greeted(ctx context.Context, t *talk, got []byte) (Result, bool) {
	r := Result{Confidence: Banner, TLS: "none"}
	switch {
	case bytes.HasPrefix(got, []byte("SSH-2.0-")), bytes.HasPrefix(got, []byte("SSH-1.")):
		// RFC 4253, 4.2. It is encrypted, and not by TLS.
		r.Name = "ssh"
		r.Product, r.Version = product(firstLine(got), "OpenSSH", "dropbear", "libssh", "Cisco", "ROSSSH")
	case bytes.HasPrefix(got, []byte("RFB 00")):
		return x.vnc(ctx, t, got, r)
	case bytes.HasPrefix(got, []byte("@RSYNCD: ")):
		r.Name, r.Product = "rsync", "rsync"
	case bytes.HasPrefix(got, []byte("INFO {")):
		return nats(got, r)
	case bytes.HasPrefix(got, []byte("* OK")), bytes.HasPrefix(got, []byte("* PREAUTH")), bytes.HasPrefix(got, []byte("* BYE")):
		return imap(ctx, t, got, r), true
	case bytes.HasPrefix(got, []byte("+OK")):
		return pop3(ctx, t, got, r), true
	case bytes.HasPrefix(got, []byte("220")), bytes.HasPrefix(got, []byte("421 ")), bytes.HasPrefix(got, []byte("554 ")):
		return x.smtpOrFTP(ctx, t, got, r)
	case len(got) >= 3 && got[0] == 0xff && got[1] >= 0xfb && got[1] <= 0xfe && got[2] < 64:
		r.Name = "telnet" // RFC 854: IAC and a negotiation
	default:
		return mysql(got, r)
	}
	return r, true
}

func firstLine(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte("\n"))
	return strings.TrimRight(string(b), "\r")
}

// reply says yes to a whole reply of SMTP and FTP: a line of three digits and a space.
func reply(b []byte) verdict {
	if len(b) < 4 || b[len(b)-1] != '\n' {
		return more
	}
	lines := bytes.Split(bytes.TrimRight(b, "\r\n"), []byte("\n"))
	last := lines[len(lines)-1]
	if len(last) == 3 || len(last) > 3 && last[3] == ' ' {
		return yes
	}
	return more
}

// smtpOrFTP tells two protocols apart that greet alike (RFC 5321, RFC 959).
func (x *exam) smtpOrFTP(ctx context.Context, t *talk, got []byte, r Result) (Result, bool) {
	text := firstLine(got)
	if code := string(got[:3]); code != "220" {
		// It turns this client away: only what it says of itself tells.
		r.TLS = ""
		switch {
		case has(got, "SMTP"):
			r.Name = "smtp"
		case has(got, "FTP"):
			r.Name = "ftp"
		}
		return r, r.Name != ""
	}
	if reply(got) == more {
		got = append(got, t.until(ctx, answer, reply)...)
	}
	if !has(got, "FTP") || has(got, "SMTP") {
		hello := t.say(ctx, []byte("EHLO writ.invalid\r\n"), reply)
		if bytes.HasPrefix(hello, []byte("250")) {
			return smtp(ctx, t, text, hello, r), true
		}
		if has(got, "SMTP") {
			r.Name, r.TLS = "smtp", ""
			return r, true
		}
	}
	r.Name = "ftp"
	r.Product, r.Version = product(text, "vsFTPd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "Microsoft FTP Service", "wu-ftpd")
	features := t.say(ctx, []byte("FEAT\r\n"), reply)
	switch {
	case has(features, "AUTH TLS"), has(features, "AUTH SSL"):
		r.Confidence, r.TLS = Handshake, "starttls_offered" // RFC 4217
	case bytes.HasPrefix(features, []byte("211")), bytes.HasPrefix(features, []byte("50")):
		r.Confidence = Handshake
	default:
		if !has(got, "FTP") {
			return Result{}, false
		}
		r.TLS = ""
	}
	return r, true
}

// smtp reads the extensions (RFC 5321, 3207), and begins a transaction without a
// sender: a server that wants TLS first says so.
func smtp(ctx context.Context, t *talk, text string, hello []byte, r Result) Result {
	r.Name, r.Confidence = "smtp", Handshake
	r.Product, r.Version = product(text, "Postfix", "Exim", "Sendmail", "OpenSMTPD", "Microsoft ESMTP MAIL Service", "Haraka")
	offered := has(hello, "STARTTLS")
	if offered {
		r.TLS = "starttls_offered"
	}
	begun := t.say(ctx, []byte("MAIL FROM:<>\r\n"), reply)
	switch {
	case bytes.HasPrefix(begun, []byte("250")):
		r.Authentication = "none"
		t.say(ctx, []byte("RSET\r\n"), reply)
	case bytes.HasPrefix(begun, []byte("530")) && (has(begun, "TLS") || has(begun, "SSL") || has(begun, "ENCRYPT")):
		r.TLS = "starttls_required"
	case bytes.HasPrefix(begun, []byte("530")), bytes.HasPrefix(begun, []byte("550")) && has(begun, "AUTH"):
		r.Authentication = "password"
	}
	t.say(ctx, []byte("QUIT\r\n"), reply)
	return r
}

// imap asks for capabilities (RFC 9051). LOGINDISABLED says that no password is taken
// before TLS.
func imap(ctx context.Context, t *talk, got []byte, r Result) Result {
	r.Name, r.Authentication = "imap", "password"
	r.Product, _ = product(firstLine(got), "Dovecot", "Cyrus", "Courier", "Microsoft Exchange")
	if bytes.HasPrefix(got, []byte("* BYE")) {
		r.TLS, r.Authentication = "", ""
		return r
	}
	if bytes.HasPrefix(got, []byte("* PREAUTH")) {
		r.Authentication = "none"
	}
	can := t.say(ctx, []byte("a CAPABILITY\r\n"), func(b []byte) verdict {
		if bytes.Contains(b, []byte("\r\na ")) || bytes.HasPrefix(b, []byte("a ")) {
			return yes
		}
		return more
	})
	if !has(can, "CAPABILITY") {
		r.TLS = ""
		return r
	}
	r.Confidence = Handshake
	return startTLS(r, has(can, "STARTTLS"), has(can, "LOGINDISABLED"))
}

func startTLS(r Result, offered, required bool) Result {
	switch {
	case required:
		r.TLS = "starttls_required"
	case offered:
		r.TLS = "starttls_offered"
	}
	return r
}

// pop3 asks for capabilities (RFC 2449, 2595): without USER and SASL PLAIN nobody can
// log in before STLS.
func pop3(ctx context.Context, t *talk, got []byte, r Result) Result {
	r.Name, r.Authentication = "pop3", "password"
	r.Product, _ = product(firstLine(got), "Dovecot", "Cyrus", "Courier", "Microsoft Exchange")
	can := t.say(ctx, []byte("CAPA\r\n"), func(b []byte) verdict {
		if bytes.HasSuffix(b, []byte("\r\n.\r\n")) || bytes.HasPrefix(b, []byte("-ERR")) && line(b) == yes {
			return yes
		}
		return more
	})
	switch {
	case bytes.HasPrefix(can, []byte("+OK")):
		r.Confidence = Handshake
		offered := has(can, "\nSTLS")
		return startTLS(r, offered, offered && !has(can, "\nUSER") && !has(can, "\nSASL"))
	case bytes.HasPrefix(can, []byte("-ERR")):
		r.Confidence, r.TLS = Handshake, "" // it may know STLS all the same
	default:
		r.TLS = ""
	}
	return r
}

// vnc agrees on the server's version and reads the security types (RFC 6143, 7.1).
func (x *exam) vnc(ctx context.Context, t *talk, got []byte, r Result) (Result, bool) {
	if len(got) < 12 || got[11] != '\n' {
		return r, false
	}
	r.Name = "vnc"
	if string(got[4:11]) < "003.007" {
		r.TLS = ""
		return r, true
	}
	types := t.say(ctx, []byte("RFB 003.008\n"), func(b []byte) verdict {
		if len(b) > 0 && len(b) >= 1+int(b[0]) {
			return yes
		}
		return more
	})
	if len(types) == 0 || types[0] == 0 || len(types) < 1+int(types[0]) {
		r.TLS = ""
		return r, true
	}
	r.Confidence = Handshake
	plain, secure := false, false
	for _, kind := range types[1 : 1+int(types[0])] {
		switch kind {
		case 1:
			plain, r.Authentication = true, "none"
		case 18, 19:
			secure = true
		default:
			plain = true
			if r.Authentication == "" {
				r.Authentication = "password"
			}
		}
	}
	return startTLS(r, secure, secure && !plain), true
}

// nats reads the server's INFO.
func nats(got []byte, r Result) (Result, bool) {
	var info struct {
		Version string `json:"version"`
		Auth    bool   `json:"auth_required"`
		TLS     bool   `json:"tls_required"`
		Offered bool   `json:"tls_available"`
		Verify  bool   `json:"tls_verify"`
		ID      string `json:"server_id"`
	}
	if json.Unmarshal([]byte(strings.TrimPrefix(firstLine(got), "INFO ")), &info) != nil || info.ID == "" {
		return r, false
	}
	r.Name, r.Product, r.Version = "nats", "nats-server", version.FindString(info.Version)
	switch {
	case info.Verify && info.TLS:
		r.Authentication = "certificate"
	case info.Auth:
		r.Authentication = "password"
	default:
		r.Authentication = "none"
	}
	return startTLS(r, info.Offered, info.TLS), true
}

// mysql reads the initial handshake packet: protocol 10, or an error that is sent in
// its place.
func mysql(got []byte, r Result) (Result, bool) {
	if len(got) < 8 || got[3] != 0 {
		return r, false
	}
	n := int(got[0]) | int(got[1])<<8 | int(got[2])<<16
	if n < 4 || n > 1024 || len(got) < 4+n {
		return r, false
	}
	p := got[4 : 4+n]
	r.Name = "mysql"
	if p[0] == 0xff && len(p) > 3 {
		code := binary.LittleEndian.Uint16(p[1:])
		if code < 1000 || code > 5000 {
			return r, false
		}
		r.TLS = ""
		if has(p, "MARIADB") {
			r.Product = "MariaDB"
		}
		return r, true
	}
	end := bytes.IndexByte(p, 0)
	if p[0] != 10 || end < 0 || len(p) < end+16 {
		return r, false
	}
	text := string(p[1:end])
	r.Authentication, r.Confidence, r.Product = "password", Handshake, "MySQL"
	if name, _ := product(text, "MariaDB"); name != "" {
		r.Name, r.Product = "mariadb", name
		text = strings.TrimPrefix(text, "5.5.5-")
	}
	r.Version = version.FindString(text)
	flags := binary.LittleEndian.Uint16(p[end+1+4+8+1:])
	return startTLS(r, flags&0x0800 != 0, false), true
}
