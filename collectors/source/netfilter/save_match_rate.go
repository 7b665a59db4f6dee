package netfilter

import (
	"strconv"
	"strings"
)

// matchRate reads the matches that let through or hold back by how often packets
// come, or by what came before.
func (d *decoding) matchRate(name string, e *extension) {
	l := Limit{Type: name, Text: e.text()}
	known := false
	for _, o := range e.options {
		switch o.name {
		case "limit":
			l.PerSecond, known = rate(o.arg())
			l.Over = o.negate
		case "limit-burst", "hashlimit-burst":
			l.Burst, _ = strconv.Atoi(o.arg())
		case "hashlimit-upto", "hashlimit-above":
			l.PerSecond, known = rate(o.arg())
			l.Over = (o.name == "hashlimit-above") != o.negate
		case "hashlimit-rate-match":
			known = false
		case "set":
			if o.negate { // it notes the address, and holds
				d.add(Match{Fields: []Field{SourceAddr}})
			}
			return
		case "rcheck", "update", "remove":
			l.Over, known = !o.negate, true
		case "connlimit-upto", "connlimit-above":
			l.Over, known = (o.name == "connlimit-above") != o.negate, true
			l.Burst, _ = strconv.Atoi(o.arg())
		case "probability", "every":
			known = true
		case "quota":
			l.Over, known = o.negate, true
		}
	}
	if name == "limit" && len(e.options) == 0 {
		l.PerSecond, known = 3.0/3600, true
	}
	if (name == "limit" || name == "hashlimit") && l.Burst == 0 {
		l.Burst = 5
	}
	if !known {
		d.restrict(e.text(), "a rate that could not be read")
		return
	}
	d.add(l)
}

// rate reads N/second, N/minute, N/hour, N/day and what they are cut short to; also
// bytes, as packets of one byte.
func rate(text string) (float64, bool) {
	amount, unit, found := strings.Cut(text, "/")
	n, err := strconv.ParseFloat(amount, 64)
	if err != nil {
		for _, s := range []struct {
			suffix string
			factor float64
		}{{"kb", 1 << 10}, {"mb", 1 << 20}, {"gb", 1 << 30}, {"b", 1}} {
			if rest, ok := strings.CutSuffix(strings.ToLower(amount), s.suffix); ok {
				n, err = strconv.ParseFloat(rest, 64)
				n *= s.factor
				break
			}
		}
	}
	if err != nil || n < 0 || n != n || n > 1e18 {
		return 0, false
	}
	if !found {
		return n, true
	}
	for name, seconds := range map[string]float64{"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800} {
		if unit != "" && strings.HasPrefix(name, unit) {
			return n / seconds, true
		}
	}
	return 0, false
}
