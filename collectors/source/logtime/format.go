package logtime

import "time"

// dated reads 2026-11-22T02:00:00.123+01:00 and what is like it: a blank or two for the
// T, a slash for the dash (nginx, Go), a comma for the point (Python, log4j).
func dated(s *scan) (Stamp, bool) {
	year, ok := s.number(4, 4)
	if !ok {
		return Stamp{}, false
	}
	between, ok := s.one("-/")
	if !ok {
		return Stamp{}, false
	}
	month, ok := s.number(2, 2)
	if !ok {
		return Stamp{}, false
	}
	if _, ok = s.one(string(between)); !ok {
		return Stamp{}, false
	}
	day, ok := s.number(2, 2)
	if !ok {
		return Stamp{}, false
	}
	if _, ok = s.one("Tt_"); !ok && !s.blanks(1, 2) {
		return Stamp{}, false
	}
	c, ok := s.clock()
	if !ok {
		return Stamp{}, false
	}
	zone, zoned := s.offset()
	return stamp(year, time.Month(month), day, c, zone, zoned)
}

// month reads "Nov 22 02:00:00" (RFC 3164) and "Nov 22 2026 02:00:00" (Cisco).
func month(s *scan) (Stamp, bool) {
	name, ok := s.monthName()
	if !ok || !s.blanks(1, 2) {
		return Stamp{}, false
	}
	day, ok := s.number(1, 2)
	if !ok || !s.blanks(1, 1) {
		return Stamp{}, false
	}
	later := *s
	if year, ok := later.number(4, 4); ok && later.blanks(1, 1) {
		if c, ok := later.clock(); ok {
			zone, zoned := later.offset()
			return stamp(year, name, day, c, zone, zoned)
		}
	}
	c, ok := s.clock()
	if !ok {
		return Stamp{}, false
	}
	if s.blanks(1, 1) { // date(1): "Nov 22 02:00:00 2026", where nothing but a year follows
		if year, ok := s.number(4, 4); ok && (len(s.b) == 0 || s.b[0] == '\n' || s.b[0] == ']') {
			return stamp(year, name, day, c, s.zone, false)
		}
	}
	return s.yearless(name, day, c)
}

// asctime reads "Sun Nov 22 02:00:00.123456 2026", with or without a zone before the
// year.
func asctime(s *scan) (Stamp, bool) {
	if len(s.b) < 4 || !letter(s.b[0]) || !letter(s.b[1]) || !letter(s.b[2]) {
		return Stamp{}, false
	}
	s.b = s.b[3:]
	s.one(",")
	if !s.blanks(1, 1) {
		return Stamp{}, false
	}
	name, ok := s.monthName()
	if !ok || !s.blanks(1, 2) {
		return Stamp{}, false
	}
	day, ok := s.number(1, 2)
	if !ok || !s.blanks(1, 1) {
		return Stamp{}, false
	}
	c, ok := s.clock()
	if !ok {
		return Stamp{}, false
	}
	zone, zoned := s.offset()
	s.blanks(0, 1)
	for len(s.b) > 0 && (letter(s.b[0]) || zoned && (s.b[0] == '+' || s.b[0] == '-' || s.b[0] == ':')) {
		s.b = s.b[1:]
	}
	s.blanks(0, 1)
	year, ok := s.number(4, 4)
	if !ok {
		return s.yearless(name, day, c)
	}
	return stamp(year, name, day, c, zone, zoned)
}

// common reads 22/Nov/2026:02:00:00 +0000; HAProxy has a fraction and no zone.
func common(s *scan) (Stamp, bool) {
	day, ok := s.number(2, 2)
	if !ok {
		return Stamp{}, false
	}
	if _, ok = s.one("/"); !ok {
		return Stamp{}, false
	}
	name, ok := s.monthName()
	if !ok {
		return Stamp{}, false
	}
	if _, ok = s.one("/"); !ok {
		return Stamp{}, false
	}
	year, ok := s.number(4, 4)
	if !ok {
		return Stamp{}, false
	}
	if _, ok = s.one(": "); !ok {
		return Stamp{}, false
	}
	c, ok := s.clock()
	if !ok {
		return Stamp{}, false
	}
	zone, zoned := s.offset()
	return stamp(year, name, day, c, zone, zoned)
}

// klog reads the "E1122 02:00:00.123456" of Kubernetes' programs.
func klog(s *scan) (Stamp, bool) {
	if _, ok := s.one("IWEF"); !ok {
		return Stamp{}, false
	}
	name, ok := s.number(2, 2)
	if !ok {
		return Stamp{}, false
	}
	day, ok := s.number(2, 2)
	if !ok || !s.blanks(1, 1) {
		return Stamp{}, false
	}
	c, ok := s.clock()
	if !ok {
		return Stamp{}, false
	}
	return s.yearless(time.Month(name), day, c)
}

// epoch reads Unix time in seconds, with a fraction or without, in milliseconds or in
// microseconds.
func epoch(s *scan) (Stamp, bool) {
	digits := 0
	for digits < len(s.b) && s.b[digits] >= '0' && s.b[digits] <= '9' {
		digits++
	}
	unit := map[int]int64{10: 1, 13: 1_000, 16: 1_000_000}[digits]
	if unit == 0 {
		return Stamp{}, false
	}
	n := int64(0)
	for _, c := range s.b[:digits] {
		n = n*10 + int64(c-'0')
	}
	s.b = s.b[digits:]
	nano := int64(0)
	if _, ok := s.one("."); ok {
		nano = int64(s.fraction())
	}
	if len(s.b) > 0 && (letter(s.b[0]) || s.b[0] == '-' || s.b[0] == '/' || s.b[0] == '@') {
		return Stamp{}, false
	}
	t := time.Unix(n/unit, n%unit*(1_000_000_000/unit)+nano).UTC()
	if t.Year() < 2000 || t.Year() > 2099 {
		return Stamp{}, false
	}
	return Stamp{Time: t, Zoned: true}, true
}

// short reads the "261122  2:00:00" of older MySQL and MariaDB.
func short(s *scan) (Stamp, bool) {
	year, ok := s.number(2, 2)
	if !ok {
		return Stamp{}, false
	}
	month, ok := s.number(2, 2)
	if !ok {
		return Stamp{}, false
	}
	day, ok := s.number(2, 2)
	if !ok || !s.blanks(1, 2) {
		return Stamp{}, false
	}
	c, ok := s.clock()
	if !ok {
		return Stamp{}, false
	}
	return stamp(2000+year, time.Month(month), day, c, s.zone, false)
}
