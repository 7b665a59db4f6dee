package logrotate

import (
	"math"
	"time"
)

// periods are the times between rotations, in days.
type periods struct {
	size        bool    // only size makes one
	short, long float64 // the shortest and the longest
	early       float64 // days by which the first may be shorter
	// days are those of four hundred years on which one is due, after which the
	// calendar repeats; nil where short and long say it.
	days []int
}

const cycle = 146_097 // days of 400 years

func steady(days float64) periods { return periods{short: days, long: days} }

// dates are the first days of months or years, or a day of each month: that day, and the
// last of the month as well (logrotate after 3.22). Every is how often logrotate runs:
// more seldom, one is due at the next run.
func dates(monthday uint32, yearly bool, every float64) periods {
	p := periods{long: max(0, every-1)}
	begin := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	day := func(month int) int { return int(begin.AddDate(0, month, 0).Unix()-begin.Unix()) / 86_400 }
	step := 1
	if yearly {
		step = 12
	}
	for month := 0; month < 4800; month += step {
		first := day(month)
		last := day(month+1) - 1
		if due := first + int(max(monthday, 1)) - 1; due < last || due == last && monthday == 0 {
			p.days = append(p.days, due)
		}
		if monthday > 0 {
			p.days = append(p.days, last)
		}
	}
	return p
}

// sum is the shortest and the longest time that n of them take.
func (p periods) sum(n int) (least, most float64) {
	if n <= 0 {
		return 0, 0
	}
	if p.days == nil {
		return max(0, float64(n)*p.short-p.early), float64(n) * p.long
	}
	least = math.Inf(1)
	for i := range p.days {
		d := float64(p.at(i+n) - p.days[i])
		least, most = min(least, d), max(most, d)
	}
	return max(0, least-p.long), most + p.long
}

func (p periods) at(i int) int {
	return p.days[i%len(p.days)] + i/len(p.days)*cycle
}

// beyond is the smallest number of them that certainly takes longer than some days.
func (p periods) beyond(days float64) int {
	low, high := 1, 2
	longer := func(n int) bool { least, _ := p.sum(n); return least > days+tiny }
	for !longer(high) && high < 1<<40 {
		high *= 2
	}
	for low < high {
		if mid := (low + high) / 2; longer(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
