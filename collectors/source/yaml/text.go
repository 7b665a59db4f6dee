package yaml

import (
	"bytes"
	"slices"
	"sort"
	"unicode/utf8"
)

// text is a part of a stream with its lines. The library counts lines by its own
// breaks and columns in characters; places count lines by "\n" and columns in bytes.
type text struct {
	data  []byte
	ascii bool
	// base is the offset of data in the stream.
	base int
	// breaks are the offsets in the stream at which lines begin, behind a byte order
	// mark if there is one.
	breaks []int
	// starts are the offsets in data of the library's lines.
	starts []int
}

// newText indexes a stream.
func newText(data []byte) *text {
	t := &text{data: data, ascii: !slices.ContainsFunc(data, func(b byte) bool { return b >= utf8.RuneSelf })}
	t.breaks = make([]int, 0, 1+bytes.Count(data, []byte("\n")))
	for at := 0; ; {
		if bytes.HasPrefix(data[at:], []byte(bom)) {
			at += len(bom)
		}
		t.breaks = append(t.breaks, at)
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return t
		}
		at += i + 1
	}
}

// cut returns a part of a stream as a text of its own, without a byte order mark.
func (t *text) cut(s span) *text {
	for bytes.HasPrefix(t.data[s.start:s.end], []byte(bom)) {
		s.start += len(bom)
	}
	c := &text{data: t.data[s.start:s.end], base: s.start, breaks: t.breaks, ascii: t.ascii}
	c.starts = append(c.starts, 0)
	odd := bytes.IndexByte(c.data, '\r') >= 0 || !c.ascii
	for at := 0; at < len(c.data); {
		i := lineBreak(c.data[at:], odd)
		if i < 0 {
			break
		}
		at += i
		c.starts = append(c.starts, at)
	}
	return c
}

// lineBreak returns the offset behind the first line break as the library knows them,
// -1 if there is none: "\n", and if odd also "\r\n", "\r", NEL, LS, PS.
func lineBreak(data []byte, odd bool) int {
	if !odd {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return -1
		}
		return i + 1
	}
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '\n':
			return i + 1
		case '\r':
			if i+1 < len(data) && data[i+1] == '\n' {
				return i + 2
			}
			return i + 1
		case 0xc2:
			if i+1 < len(data) && data[i+1] == 0x85 {
				return i + 2
			}
		case 0xe2:
			if i+2 < len(data) && data[i+1] == 0x80 && data[i+2]&0xfe == 0xa8 {
				return i + 3
			}
		}
	}
	return -1
}

// offset returns where the library's line and column, both from 1, stand in data.
func (t *text) offset(line, column int) int {
	if line < 1 {
		return 0
	}
	if line > len(t.starts) {
		return len(t.data)
	}
	at := t.starts[line-1]
	if t.ascii {
		return min(at+column-1, len(t.data))
	}
	for ; column > 1 && at < len(t.data); column-- {
		_, size := utf8.DecodeRune(t.data[at:])
		at += size
	}
	return at
}

// place returns the line and column of an offset in data.
func (t *text) place(offset int) (line, column int) {
	at := t.base + offset
	line = max(1, sort.Search(len(t.breaks), func(i int) bool { return t.breaks[i] > at }))
	return line, at - t.breaks[line-1] + 1
}
