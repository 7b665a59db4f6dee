package postgres

import (
	"math"
	"strconv"
	"strings"
)

// Bool takes a word as the server does: any clear beginning of true, false, yes, no,
// on, off, or 1 and 0.
func Bool(s string) (value, ok bool) {
	lower := strings.ToLower(s)
	for _, w := range []struct {
		word  string
		least int
		value bool
	}{{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false}, {"on", 2, true}, {"off", 2, false}, {"1", 1, true}, {"0", 1, false}} {
		if len(lower) >= w.least && strings.HasPrefix(w.word, lower) {
			return w.value, true
		}
	}
	return false, false
}

// Unit is what a number without a unit counts.
type Unit int

const (
	Plain Unit = iota
	Bytes
	Kilobytes
	Blocks // of 8 kB
	Megabytes
	Milliseconds
	Seconds
	Minutes
)

// sizes are the units that a value may have, in those of the parameter's own.
func sizes(u Unit) map[string]float64 {
	in := map[string]float64{}
	own := map[Unit]float64{Bytes: 1, Kilobytes: 1 << 10, Blocks: 8 << 10, Megabytes: 1 << 20, Milliseconds: 1e3, Seconds: 1e6, Minutes: 60e6}[u]
	switch u {
	case Bytes, Kilobytes, Blocks, Megabytes:
		for i, name := range []string{"B", "kB", "MB", "GB", "TB"} {
			in[name] = math.Pow(1024, float64(i)) / own
		}
	case Milliseconds, Seconds, Minutes:
		for name, micro := range map[string]float64{"us": 1, "ms": 1e3, "s": 1e6, "min": 60e6, "h": 3600e6, "d": 86400e6} {
			in[name] = micro / own
		}
	}
	return in
}

// Real takes a number, with a unit where the parameter has one. A whole number may be
// octal or hexadecimal, as strtol reads it.
func Real(s string, u Unit) (float64, bool) {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	end := numberEnd(s)
	if end == 0 {
		return 0, false
	}
	value, ok := number(s[:end])
	if !ok {
		return 0, false
	}
	unit := strings.Trim(s[end:], " \t\n\v\f\r")
	if unit == "" {
		return value, true
	}
	by, ok := sizes(u)[unit]
	return value * by, ok
}

// Int takes a whole number in the parameter's unit: others are rounded, to even where
// two are as near.
func Int(s string, u Unit) (int, bool) {
	value, ok := Real(s, u)
	if !ok {
		return 0, false
	}
	value = math.RoundToEven(value)
	if value > math.MaxInt32 || value < math.MinInt32 {
		return 0, false
	}
	return int(value), true
}

// numberEnd is where the number at the start ends.
func numberEnd(s string) int {
	at := 0
	if s != "" {
		at = sign(s)
	}
	if rest := s[at:]; len(rest) > 2 && rest[0] == '0' && rest[1]|0x20 == 'x' && hex(rest[2]) {
		return at + 2 + run(rest, 2, hex)
	}
	n := run(s, at, digit)
	end, digits := at+n, n
	if end < len(s) && s[end] == '.' {
		f := run(s, end+1, digit)
		digits += f
		end += 1 + f
	}
	if digits == 0 {
		return 0
	}
	if end < len(s) && s[end]|0x20 == 'e' {
		e := end + 1
		if e < len(s) && (s[e] == '-' || s[e] == '+') {
			e++
		}
		if k := run(s, e, digit); k > 0 {
			end = e + k
		}
	}
	return end
}

func number(s string) (float64, bool) {
	if strings.ContainsAny(s, ".eE") && !strings.ContainsAny(s, "xX") {
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	if body := strings.TrimLeft(s, "+-"); len(body) > 1 && body[0] == '0' && body[1]|0x20 != 'x' {
		// strtol reads octal digits; what is left over is no unit
		n, err := strconv.ParseInt("0o"+body[1:], 0, 64)
		if err != nil {
			return 0, false
		}
		if s[0] == '-' {
			n = -n
		}
		return float64(n), true
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(s, "+"), 0, 64)
	return float64(n), err == nil
}
