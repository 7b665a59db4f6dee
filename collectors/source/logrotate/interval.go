package logrotate

import (
	"math"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Interval is how old records become under a stanza.
type Interval struct {
	// Least is the age in whole days of which every record is still there just after a
	// deletion; Most the age that one may reach just before the next. Both are
	// [fact.Unbounded] where nothing bounds them.
	Least, Most int
	// Bound is what ends a record's life: time, size, none.
	Bound string
	// Conditions are those under which Most holds, sorted: minage, minsize, nocreate,
	// notifempty, size. Where no new log is made (nocreate), one that nobody writes is
	// missing and not rotated, so that is notifempty as well.
	Conditions []string
	// Period is the longest time in days between two rotations that are due;
	// [fact.Unbounded] where only size makes one.
	Period float64
	// By are the directives that it follows from.
	By []*Directive
	// Opaque says why it is not known; "" if it is.
	Opaque string
}

// Interval computes it for a logrotate that runs every so many days: with N old logs and
// a period P records are kept for N·P to (N+1)·P days. The calendar gives the sums of
// months and years. The first old log alone may hold a run more: logrotate counts from
// when it first sees a log.
//
// An old log goes by maxage D at the first rotation at which its last change is more
// than D days ago (of 3.22 on, D whole days and one more): so with k the smallest number
// of periods that is certainly longer, after at most k+1 periods. A log that is written
// until it is rotated changed last just then, and a timer may be a moment early, so k
// periods must be more than D, not D.
func (s *Stanza) Interval(v Variant, every float64) Interval {
	set := &s.Settings
	out := Interval{Opaque: s.Opaque}
	use := func(list ...*Directive) {
		for _, d := range list {
			if d != nil && !slices.Contains(out.By, d) {
				out.By = append(out.By, d)
			}
		}
	}
	use(set.By.Criterion, set.By.Rotate)
	if set.Copy && !set.CopyTruncate || set.RenameCopy && set.Copy {
		// The log itself is neither emptied nor renamed.
		use(set.By.Copy)
		out.Least, out.Most, out.Bound, out.Period = fact.Unbounded, fact.Unbounded, "none", fact.Unbounded
		return out
	}
	if set.Rotate < -1 {
		out.Opaque = "what a count below -1 does is not known"
	}
	p := s.periods(every)
	if p.size {
		use(set.By.MaxAge)
		out.Most, out.Bound, out.Period, out.Conditions = fact.Unbounded, "size", fact.Unbounded, []string{"size"}
		if set.Rotate == -1 {
			out.Bound = "none"
			if set.MaxAge == 0 {
				out.Least = fact.Unbounded
			}
		}
		if !set.IfEmpty {
			out.Conditions = []string{"notifempty", "size"}
		}
		return out
	}
	if set.DateExt {
		use(set.By.DateExt, set.By.DateFormat)
		coarse, ok := s.dated(p)
		if !ok {
			out.Opaque = "whether old logs get names of their own by dateformat " + shortened(set.DateFormat) + " is not known"
		}
		p = coarse
	}
	_, longest := p.sum(1)
	out.Period = longest
	least, most := math.Inf(1), math.Inf(1)
	if n := int(set.Rotate); n >= 0 {
		least, _ = p.sum(n)
		_, most = p.sum(n + 1)
	}
	if set.MaxSize > 0 && set.Rotate >= 0 {
		use(set.By.MaxSize)
		least = min(least, float64(set.Rotate)*every)
	}
	if set.MaxAge > 0 {
		use(set.By.MaxAge)
		limit := float64(set.MaxAge)
		least = min(least, limit)
		if v.Version >= 22 {
			limit++
		}
		_, aged := p.sum(p.beyond(limit) + 1)
		most = min(most, aged)
	}
	if !set.IfEmpty {
		use(set.By.Empty)
		out.Conditions = append(out.Conditions, "notifempty")
	}
	if !set.Create && !set.CopyTruncate {
		use(set.By.Create)
		out.Conditions = append(out.Conditions, "nocreate")
		if set.IfEmpty {
			out.Conditions = append(out.Conditions, "notifempty")
		}
	}
	if set.MinSize > 0 && set.Criterion != "size" {
		use(set.By.MinSize)
		out.Conditions = append(out.Conditions, "minsize")
	}
	if set.MinAge != 0 && set.Criterion != "size" {
		use(set.By.MinAge)
		out.Conditions = append(out.Conditions, "minage")
	}
	slices.Sort(out.Conditions)
	out.Least, out.Most, out.Bound = whole(math.Floor(least+tiny)), whole(math.Ceil(most-tiny)), "time"
	if out.Most == fact.Unbounded {
		out.Bound, out.Conditions = "none", nil
	}
	return out
}

const tiny = 1e-9

func whole(days float64) int {
	if days >= fact.Unbounded {
		return fact.Unbounded
	}
	return int(days)
}

// periods of the stanza's criterion.
func (s *Stanza) periods(every float64) periods {
	set := &s.Settings
	switch set.Criterion {
	case "hourly":
		return steady(max(1.0/24, every))
	case "daily":
		return steady(max(1, every))
	case "weekly":
		p := steady(max(7, every))
		// A day that is written may come a day after the first rotation.
		if d := set.By.Criterion; set.Weekday != 7 && d != nil && d.Text != "weekly" {
			p.early = 6
		}
		return p
	case "monthly":
		return dates(set.Monthday, false, every)
	case "yearly":
		return dates(0, true, every)
	case "minutes":
		m := float64(set.Minutes) / 1440
		return periods{short: max(m, every), long: m + 1.0/1440 + every}
	}
	if set.Threshold == 0 { // every log is that large
		return steady(every)
	}
	return periods{size: true}
}

// dated is the period at which old logs have names of their own: logrotate does not
// rotate where one is there already.
func (s *Stanza) dated(p periods) (periods, bool) {
	format := s.Settings.DateFormat
	if format == "" {
		switch s.Settings.Criterion {
		case "hourly", "minutes":
			return p, true
		}
		format = "-%Y%m%d"
	}
	has := func(c string) bool { return strings.Contains(format, "%"+c) }
	_, period := p.sum(1)
	switch {
	case strings.Contains(format, "%%"), len(format) > 24:
		return p, false
	case has("s"):
		return p, true
	case !has("Y"):
		return p, false
	case !has("m"):
		if has("d") || has("H") || has("V") || has("M") || has("S") {
			return p, false
		}
		if _, y := dates(0, true, 0).sum(1); period < y {
			return dates(0, true, 0), true
		}
	case !has("d"):
		if has("H") || has("M") || has("S") {
			return p, false
		}
		if period < 28 {
			return dates(0, false, 0), true
		}
	case !has("H"):
		if period < 1 {
			return steady(1), true
		}
	}
	return p, true
}
