package secret

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// privateKey refines the match of a PEM header (RFC 7468): the block up to its end
// is the value. A header that no key follows, as in code that looks for one, is no
// match.
func privateKey(t *Text, m []int, f *Found) bool {
	const longest = 16 << 10 // an RSA key of 16384 bits has 12 KiB
	label := t.Data[m[0]:m[1]]
	rest := t.Data[m[1]:min(len(t.Data), m[1]+longest)]
	if i := strings.Index(rest, "-----BEGIN"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.Index(rest, "-----END"); i >= 0 {
		if j := strings.Index(rest[i+8:], "-----"); j >= 0 && j < 80 {
			f.End = m[1] + i + 8 + j + 5
		} else {
			f.End = m[1] + i
		}
		rest = rest[:i]
	} else {
		rest = rest[:min(len(rest), 4096)]
		f.End = m[1] + len(rest)
	}
	body, headers := pemBody(rest)
	if len(body) < 24 || strings.Trim(body, "xX.0") == "" {
		return false
	}
	f.Value = t.Data[m[0]:f.End]
	if strings.Contains(label, "ENCRYPTED") || strings.Contains(headers, "ENCRYPTED") || strings.Contains(label, "OPENSSH") && opensshEncrypted(body) {
		f.Rule, f.Form = "private_key_encrypted", Encrypted
	}
	return true
}

// pemBody returns the base64 of a block and what stands before it, whatever the
// block is written in: line breaks may be escaped, quoted or indented.
func pemBody(text string) (body, headers string) {
	text = strings.NewReplacer(`\r`, "", `\n`, "\n", `\t`, "").Replace(text)
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.Trim(line, " \t\r\n\"'`+,;|>#*/\\")
		if line == "" {
			continue
		}
		if b.Len() == 0 && strings.Contains(line, ": ") {
			headers += line + "\n"
			continue
		}
		run := 0
		for run < len(line) && (encodes[line[run]] || line[run] == '=') {
			run++
		}
		if run != len(line) {
			if b.Len() == 0 && run < 16 {
				continue
			}
			b.WriteString(line[:run])
			break
		}
		b.WriteString(line)
	}
	return b.String(), headers
}

// opensshEncrypted reads the cipher of a key in OpenSSH's own format
// (PROTOCOL.key): a magic, then the name of the cipher, "none" without one.
func opensshEncrypted(body string) bool {
	const magic = "openssh-key-v1\x00"
	head := body[:min(len(body), 64)/4*4]
	raw, err := base64.StdEncoding.DecodeString(head)
	if err != nil || len(raw) < len(magic)+4 || string(raw[:len(magic)]) != magic {
		return false
	}
	raw = raw[len(magic):]
	n := binary.BigEndian.Uint32(raw)
	return n > 0 && n < uint32(len(raw)-4) && string(raw[4:4+n]) != "none"
}

// bareKey accepts the base64 of a key in DER that stands without a PEM header.
func bareKey(t *Text, m []int, _ *Found) bool {
	return !strings.Contains(t.Data[max(0, m[0]-200):m[0]], "-----BEGIN")
}

// puttyKey tells whether a key file of PuTTY is encrypted.
func puttyKey(t *Text, m []int, f *Found) bool {
	rest := t.Data[m[1]:min(len(t.Data), m[1]+8<<10)]
	i := strings.Index(rest, "Private-Lines:")
	if i < 0 {
		return false
	}
	if at := strings.Index(rest[:i], "Encryption:"); at >= 0 && !strings.HasPrefix(strings.TrimSpace(rest[at+len("Encryption:"):]), "none") {
		f.Rule, f.Form = "private_key_encrypted", Encrypted
	}
	f.End = m[1] + len(rest)
	f.Value = rest[i:]
	return true
}
