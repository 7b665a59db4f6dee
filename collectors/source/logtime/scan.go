package logtime

import (
	"bytes"
	"time"
)

// scan reads a stamp from left to right.
type scan struct {
	b    []byte
	zone *time.Location
}

// number reads from least to most digits.
func (s *scan) number(least, most int) (int, bool) {
	n, i := 0, 0
	for i < len(s.b) && i < most && s.b[i] >= '0' && s.b[i] <= '9' {
		n = n*10 + int(s.b[i]-'0')
		i++
	}
	if i < least {
		return 0, false
	}
	s.b = s.b[i:]
	return n, true
}

// one takes one of the characters.
func (s *scan) one(of string) (byte, bool) {
	if len(s.b) == 0 || bytes.IndexByte([]byte(of), s.b[0]) < 0 {
		return 0, false
	}
	c := s.b[0]
	s.b = s.b[1:]
	return c, true
}

// blanks takes from least to most spaces.
func (s *scan) blanks(least, most int) bool {
	n := 0
	for n < most && len(s.b) > 0 && s.b[0] == ' ' {
		s.b = s.b[1:]
		n++
	}
	return n >= least
}

// clock is a time of day.
type clock struct{ hour, minute, second, nano int }

// clock reads "02:00:00.123", or " 2:00:00" as MySQL pads it. A leap second counts as
// the one before it.
func (s *scan) clock() (c clock, ok bool) {
	if c.hour, ok = s.number(1, 2); !ok || c.hour > 23 {
		return c, false
	}
	for _, part := range []*int{&c.minute, &c.second} {
		if _, ok = s.one(":"); !ok {
			return c, false
		}
		if *part, ok = s.number(2, 2); !ok || *part > 60 {
			return c, false
		}
	}
	if c.minute > 59 {
		return c, false
	}
	c.second = min(c.second, 59)
	if len(s.b) > 1 && (s.b[0] == '.' || s.b[0] == ',') && s.b[1] >= '0' && s.b[1] <= '9' {
		s.b = s.b[1:]
		c.nano = s.fraction()
	}
	return c, true
}

// fraction reads digits behind a point, in nanoseconds.
func (s *scan) fraction() int {
	n, unit := 0, 100_000_000
	for len(s.b) > 0 && s.b[0] >= '0' && s.b[0] <= '9' {
		n += int(s.b[0]-'0') * unit
		unit /= 10
		s.b = s.b[1:]
	}
	return n
}

// monthName reads Jan to Dec.
func (s *scan) monthName() (time.Month, bool) {
	if len(s.b) < 3 {
		return 0, false
	}
	const all = "JanFebMarAprMayJunJulAugSepOctNovDec"
	at := bytes.Index([]byte(all), s.b[:3])
	if at < 0 || at%3 != 0 {
		return 0, false
	}
	s.b = s.b[3:]
	return time.Month(at/3 + 1), true
}

// offset reads a zone, behind a blank or not: Z, +01:00, +0100, +01, UTC, GMT. The name
// of another zone says nothing certain: CST is three.
func (s *scan) offset() (*time.Location, bool) {
	b := bytes.TrimPrefix(s.b, []byte(" "))
	for _, utc := range []string{"Z", "z", "UTC", "GMT"} {
		if rest, ok := bytes.CutPrefix(b, []byte(utc)); ok && (len(rest) == 0 || !letter(rest[0])) {
			return time.UTC, true
		}
	}
	if len(b) < 3 || b[0] != '+' && b[0] != '-' {
		return s.zone, false
	}
	z := scan{b: b[1:]}
	hours, ok := z.number(2, 2)
	if !ok || hours > 15 {
		return s.zone, false
	}
	z.one(":")
	minutes, ok := z.number(2, 2)
	if !ok {
		if len(s.b) != len(b) { // "-12 " behind a blank is something else
			return s.zone, false
		}
		minutes = 0
	}
	seconds := hours*3600 + minutes*60
	if b[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// stamp makes one of a date, which has to be one of the calendar.
func stamp(year int, month time.Month, day int, c clock, zone *time.Location, zoned bool) (Stamp, bool) {
	if year < 1990 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31 {
		return Stamp{}, false
	}
	t := time.Date(year, month, day, c.hour, c.minute, c.second, c.nano, zone)
	if d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC); d.Day() != day {
		return Stamp{}, false
	}
	return Stamp{Time: t.UTC(), Zoned: zoned}, true
}

// yearless makes one of a date without a year. The zone is that of now: nobody knows
// in which year it was.
func (s *scan) yearless(month time.Month, day int, c clock) (Stamp, bool) {
	const leap = 4
	d := time.Date(leap, month, day, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || day < 1 || d.Day() != day {
		return Stamp{}, false
	}
	t := time.Date(leap, month, day, c.hour, c.minute, c.second, c.nano, time.UTC)
	_, ahead := time.Date(2025, month, min(day, 28), 12, 0, 0, 0, s.zone).Zone()
	t = t.Add(-time.Duration(ahead) * time.Second)
	return Stamp{Time: time.Date(leap, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), Yearless: true}, true
}
