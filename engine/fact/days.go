package fact

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// FillDays sets every x-days-… and x-hours-… field of a document's items from
// the time it is measured against and the run's time. Days are whole and rounded
// towards the past (an hour ago is 0 days, in an hour is 0 days left, an hour
// late is -1); hours are fractional. An empty time gives 999999 from and -999999
// until; a bare date ends at its last second. A time that is null gives null and
// a gap with the same reason. The result is a problem for each time that cannot
// be read.
func FillDays(d *Document, now time.Time) []Problem {
	k := LookupKind(d.Kind)
	if k == nil {
		return nil
	}
	var problems []Problem
	for _, f := range k.Fields {
		if f.Derived.From == "" && f.Derived.Until == "" {
			continue
		}
		segments := strings.Split(strings.ReplaceAll(f.Path, "[]", ".[]"), ".")
		for i, item := range d.Items {
			problems = append(problems, fillDays(d, f, segments, "/items/"+strconv.Itoa(i), map[string]any(item), now)...)
		}
	}
	return problems
}

func fillDays(d *Document, f Field, segments []string, pointer string, v any, now time.Time) []Problem {
	if len(segments) > 1 {
		var problems []Problem
		switch v := v.(type) {
		case map[string]any:
			return fillDays(d, f, segments[1:], pointer+Pointer(segments[0]), v[segments[0]], now)
		case []any:
			for i, e := range v {
				problems = append(problems, fillDays(d, f, segments[1:], fmt.Sprintf("%s/%d", pointer, i), e, now)...)
			}
		}
		return problems
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	name, from := segments[0], f.Derived.From
	if from == "" {
		from = f.Derived.Until
	}
	text, ok := object[from].(string)
	if !ok {
		object[name] = nil
		d.Unobserved = append(d.Unobserved, Gap{Pointer: pointer + Pointer(name), Reason: d.gapReason(pointer+Pointer(from), "time not known")})
		return nil
	}
	value, err := span(text, f.Derived, now)
	if err != nil {
		object[name] = nil
		d.Unobserved = append(d.Unobserved, Gap{Pointer: pointer + Pointer(name), Reason: err.Error()})
		return []Problem{{pointer + Pointer(from), err.Error()}}
	}
	object[name] = value
	if p, ok := d.Positions[pointer+Pointer(from)]; ok {
		d.Positions[pointer+Pointer(name)] = p
	}
	return nil
}

func (d *Document) gapReason(pointer, otherwise string) string {
	if reason, ok := d.Reason(pointer); ok {
		return reason
	}
	return otherwise
}

func span(text string, by Derivation, now time.Time) (any, error) {
	if text == "" {
		if by.From != "" {
			return Unbounded, nil
		}
		return -Unbounded, nil
	}
	t, err := ParseTime(text)
	if err != nil {
		return nil, err
	}
	d := now.Sub(t)
	if by.Until != "" {
		d = -d
	}
	if by.Hours {
		return d.Hours(), nil
	}
	return int(math.Floor(d.Hours() / 24)), nil
}

// ParseTime reads an RFC 3339 time, or a bare date, which ends at its last
// second in UTC.
func ParseTime(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a date (2026-11-22) nor an RFC 3339 time", text)
	}
	return t.Add(24*time.Hour - time.Second), nil
}
