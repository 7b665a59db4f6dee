package azure

import (
	"math"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
)

// Days turns an ISO 8601 duration into days, rounded up; a year is 365 and a
// month 30 days. Arguments of the provider use P1Y, P30D, P4W, PT12H.
func Days(a aws.Answer[string]) aws.Answer[int] {
	if !a.Known() {
		return aws.NotKnown[int](a.Reason, a.Pos)
	}
	hours, ok := durationHours(a.Value)
	if !ok {
		return aws.NotKnown[int](strconv.Quote(a.Value)+" is not a duration", a.Pos)
	}
	return aws.Answer[int]{Value: int(math.Ceil(hours / 24)), Default: a.Default, Pos: a.Pos}
}

func durationHours(text string) (float64, bool) {
	rest, ok := strings.CutPrefix(strings.ToUpper(text), "P")
	if !ok || rest == "" || strings.HasSuffix(rest, "T") {
		return 0, false
	}
	total, clock := 0.0, false
	for rest != "" {
		if after, ok := strings.CutPrefix(rest, "T"); ok {
			if clock {
				return 0, false
			}
			clock, rest = true, after
			continue
		}
		i := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if i <= 0 {
			return 0, false
		}
		n, err := strconv.ParseFloat(rest[:i], 64)
		unit := map[string]float64{"Y": 365 * 24, "M": 30 * 24, "W": 7 * 24, "D": 24}[rest[i:i+1]]
		if clock {
			unit = map[string]float64{"H": 1, "M": 1.0 / 60, "S": 1.0 / 3600}[rest[i:i+1]]
		}
		if err != nil || unit == 0 || n > 1e6 {
			return 0, false
		}
		total, rest = total+n*unit, rest[i+1:]
	}
	return total, true
}

// Longest is the longest of several times; one that is not known makes it not
// known.
func Longest(all ...aws.Answer[int]) aws.Answer[int] {
	out := all[0]
	for _, a := range all {
		switch {
		case !a.Known():
			return a
		case a.Value > out.Value:
			out = a
		}
	}
	return out
}
