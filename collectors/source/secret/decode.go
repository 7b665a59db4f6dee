package secret

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

const (
	// maxDepth is how often text is decoded that was encoded in encoded text.
	maxDepth = 2
	// shortestEncoded is the least length of encoded text that is decoded: that of
	// 15 bytes, fewer than any token has.
	shortestEncoded = 20
	// longestEncoded bounds what is decoded at once.
	longestEncoded = 8 << 20
)

// encoded adds what stands in base64 or hexadecimal text. Only what decodes to
// text is searched, so pictures, keys and digests cost a few bytes each.
func (s *Scanner) encoded(out []Found, t *Text, depth int) []Found {
	data := t.Data
	for i := 0; i+shortestEncoded <= len(data); {
		// A run of the shortest length covers every byte of that distance.
		last := i + shortestEncoded - 1
		if !encodes[data[last]] {
			i = last + 1
			continue
		}
		start, end := last, last+1
		for start > i && encodes[data[start-1]] {
			start--
		}
		for end < len(data) && encodes[data[end]] {
			end++
		}
		i = end
		if end-start < shortestEncoded {
			continue
		}
		run, end := wrapped(data, start, end)
		i = max(i, end)
		text, ok := decode(run)
		if !ok {
			continue
		}
		inner := &Text{Name: t.Name, Commit: t.Commit, Data: text}
		for _, f := range s.scan(inner, depth+1) {
			if f.Rule == Generic {
				continue // names in encoded text say little
			}
			f.Start, f.End = start, end
			out = append(out, f)
		}
	}
	return out
}

// wrapped continues a run over the lines of a block, as MIME and YAML write them.
func wrapped(data string, start, end int) (string, int) {
	const line = 40 // shorter lines are no block
	if end-start < line || end >= len(data) {
		return data[start:end], end
	}
	var b strings.Builder
	b.WriteString(data[start:end])
	for {
		rest := strings.TrimPrefix(data[end:], "\r")
		rest, ok := strings.CutPrefix(rest, "\n")
		if !ok || b.Len() > longestEncoded {
			break
		}
		rest = strings.TrimLeft(rest, " \t")
		at := len(data) - len(rest)
		stop := at
		for stop < len(data) && (encodes[data[stop]] || data[stop] == '=') {
			stop++
		}
		if stop == at || stop < len(data) && data[stop] != '\n' && data[stop] != '\r' {
			break
		}
		b.WriteString(data[at:stop])
		end = stop
		if stop-at < line {
			break
		}
	}
	return b.String(), end
}

// encodes are the characters of base64, of both alphabets, without padding.
var encodes = func() (is [256]bool) {
	for c := range is {
		is[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_'
	}
	return is
}()

// decode returns the text that a run encodes; ok is false if it encodes none.
func decode(run string) (text string, ok bool) {
	run = strings.TrimRight(run, "=")
	if len(run) > longestEncoded {
		return "", false
	}
	if len(run)%2 == 0 && isHex(run) {
		if raw, err := hex.DecodeString(run); err == nil && isText(raw) {
			return string(raw), true
		}
	}
	enc := base64.RawStdEncoding
	if strings.ContainsAny(run, "-_") {
		if strings.ContainsAny(run, "+/") {
			return "", false
		}
		enc = base64.RawURLEncoding
	}
	if len(run)%4 == 1 {
		return "", false
	}
	var head [12]byte
	if n, err := enc.Decode(head[:], []byte(run[:16])); err != nil || !isText(head[:n]) {
		return "", false
	}
	raw, err := enc.DecodeString(run)
	if err != nil || !isText(raw) {
		return "", false
	}
	return string(raw), true
}

func isHex(run string) bool {
	for i := range len(run) {
		if c := run[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// isText reports whether bytes are printable: in ASCII but for one in eight.
func isText(raw []byte) bool {
	odd := 0
	for _, c := range raw {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
		if c > 0x7f {
			odd++
		}
	}
	return odd*8 <= len(raw)
}
