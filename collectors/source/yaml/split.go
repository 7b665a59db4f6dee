package yaml

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

const bom = "\ufeff"

// span is a part of a stream, in bytes.
type span struct{ start, end int }

// split cuts a stream where YAML 1.2 separates documents: a line that begins with
// "---" or "..." and a blank or nothing behind it, wherever it stands (no scalar can
// hold such a line). A "---" line begins a document and may carry its beginning; a
// "..." line ends one. Directives and comments before a "---" belong to it; what
// holds nothing but comments is no document.
func split(data []byte) []span {
	var spans []span
	start, empty := 0, true // of the current part; empty: nothing but comments and directives
	end := func(at, next int) {
		if !empty {
			spans = append(spans, span{start, at})
		}
		start, empty = next, true
	}
	lines := breaks{data: data, newline: -1}
	for at := 0; at < len(data); {
		next := lines.after(at)
		line := bytes.TrimPrefix(data[at:next], []byte(bom))
		switch {
		case marks(line, "---"):
			if !empty {
				end(at, at)
			}
			empty = false
		case marks(line, "..."):
			end(next, next)
		case empty && !blank(line) && line[0] != '%':
			empty = false
		}
		at = next
	}
	end(len(data), len(data))
	return spans
}

// breaks finds the line breaks of YAML 1.2: "\n", "\r\n" and "\r".
type breaks struct {
	data    []byte
	newline int // where the next "\n" stands, -1 before it was looked for
}

// after returns where the line behind that at an offset begins; offsets rise.
func (b *breaks) after(at int) int {
	if b.newline < at {
		b.newline = len(b.data)
		if i := bytes.IndexByte(b.data[at:], '\n'); i >= 0 {
			b.newline = at + i
		}
	}
	if i := bytes.IndexByte(b.data[at:b.newline], '\r'); i >= 0 && at+i+1 < b.newline {
		return at + i + 1
	}
	return min(b.newline+1, len(b.data))
}

func marks(line []byte, marker string) bool {
	if len(line) < 3 || string(line[:3]) != marker {
		return false
	}
	return len(line) == 3 || bytes.IndexByte([]byte(" \t\r\n"), line[3]) >= 0
}

// blank reports whether a line holds nothing or a comment.
func blank(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r\n")
	return len(line) == 0 || line[0] == '#'
}

// utf8Text turns UTF-16 with a byte order mark into UTF-8; places then are those in
// the turned text. Anything else is returned as it is.
func utf8Text(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return data
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}
