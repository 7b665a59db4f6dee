// Package logtime finds the time of a log record in the text of its line: RFC 3339 and
// its relatives without a zone, RFC 3164, the common log format, asctime, klog, Unix
// time, what auditd, MySQL and PostgreSQL write, and the members of JSON and logfmt that
// hold one. It reads no more of a line than [Longest] bytes and keeps none of it.
//
// A time is taken only where formats put it, at the beginning of a line or behind a
// name for it: one in the text of a message is what somebody wrote.
package logtime

import (
	"bytes"
	"time"
)

// Longest is how much of a line is looked at.
const Longest = 1024

// Stamp is the time of a record.
type Stamp struct {
	// Time is in UTC. Of a stamp without a year the year is 4, which has all days.
	Time time.Time
	// Yearless says that the record names no year.
	Yearless bool
	// Zoned says that the record names its zone, or needs none.
	Zoned bool
}

// Line finds the time of the record that a line begins. A time without a zone is in
// the zone given.
func Line(line []byte, zone *time.Location) (Stamp, bool) {
	line = bytes.TrimLeft(line[:min(len(line), Longest)], " \t\r\xef\xbb\xbf")
	if s, ok := begins(line, zone); ok {
		return s, true
	}
	if len(line) == 0 {
		return Stamp{}, false
	}
	if line[0] == '{' {
		return member(line, zone)
	}
	if s, ok := named(line, zone); ok {
		return s, true
	}
	if s, ok := bracketed(line, zone); ok {
		return s, true
	}
	return behindWords(line, zone)
}

// In returns the time, for a stamp without a year in the latest year in which it is not
// after the limit.
func (s Stamp) In(limit time.Time) time.Time {
	if !s.Yearless {
		return s.Time
	}
	for year := limit.UTC().Year() + 1; year > limit.Year()-9; year-- {
		// The 29th of February is not in every year.
		if at := s.inYear(year); at.Day() == s.Time.Day() && !at.After(limit) {
			return at
		}
	}
	return s.inYear(limit.Year() - 1)
}

func (s Stamp) inYear(year int) time.Time {
	t := s.Time
	return time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// First returns the time of the first of the stamps of records in the order in which they
// were written, the last of which was before the limit. Without years, one ends wherever a
// stamp is earlier than the one before.
func First(stamps []Stamp, limit time.Time) time.Time {
	first, last := stamps[0], stamps[len(stamps)-1]
	if !first.Yearless {
		return first.Time
	}
	year := last.In(limit).Year()
	for i := 1; i < len(stamps); i++ {
		if stamps[i].Yearless && stamps[i].Time.Before(stamps[i-1].Time.Add(-24*time.Hour)) {
			year--
		}
	}
	return first.inYear(year)
}

// begins reads a stamp at the very beginning, behind a priority or a bracket.
func begins(b []byte, zone *time.Location) (Stamp, bool) {
	b = opened(b)
	for _, read := range formats() {
		s := scan{b: b, zone: zone}
		if out, ok := read(&s); ok {
			return out, true
		}
	}
	return Stamp{}, false
}

// formats are those that a line may begin with.
func formats() []func(*scan) (Stamp, bool) {
	return []func(*scan) (Stamp, bool){dated, month, asctime, klog, epoch, short}
}

// opened passes over what stands before a stamp: "<34>1 ", "[", "(", a quote.
func opened(b []byte) []byte {
	if len(b) > 2 && b[0] == '<' {
		if end := bytes.IndexByte(b[:min(len(b), 6)], '>'); end > 1 {
			b = b[end+1:]
			if len(b) > 2 && b[0] == '1' && b[1] == ' ' {
				b = b[2:]
			}
		}
	}
	for range 2 {
		if len(b) > 0 && bytes.IndexByte([]byte("[(\"'"), b[0]) >= 0 {
			b = b[1:]
		}
	}
	return b
}

// bracketed finds "[22/Nov/2026:02:00:00 +0000]".
func bracketed(b []byte, zone *time.Location) (Stamp, bool) {
	for {
		at := bytes.IndexByte(b, '[')
		if at < 0 {
			return Stamp{}, false
		}
		b = b[at+1:]
		s := scan{b: b, zone: zone}
		if out, ok := common(&s); ok {
			return out, true
		}
	}
}

// wordsBefore is how far into a line a full date may begin behind words, such as a
// level or a program.
const wordsBefore = 96

func behindWords(b []byte, zone *time.Location) (Stamp, bool) {
	for at := 1; at < min(len(b), wordsBefore); at++ {
		if b[at] < '0' || b[at] > '9' || bytes.IndexByte([]byte(" \t[(|=\"'"), b[at-1]) < 0 {
			continue
		}
		s := scan{b: b[at:], zone: zone}
		if out, ok := dated(&s); ok {
			return out, true
		}
	}
	return Stamp{}, false
}
