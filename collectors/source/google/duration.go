package google

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors/source/aws"
)

// day is how many seconds a day has.
const day = 24 * 60 * 60

// Days turns a duration as Google's APIs write it ("7776000s") into days, rounded
// up.
func Days(a aws.Answer[string]) aws.Answer[int] {
	if !a.Known() {
		return aws.NotKnown[int](a.Reason, a.Pos)
	}
	text := strings.TrimSpace(a.Value)
	number, ok := strings.CutSuffix(text, "s")
	seconds, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil {
		d, err := time.ParseDuration(text) // 168h, where the provider reads Go's form
		if err != nil {
			return aws.NotKnown[int](strconv.Quote(a.Value)+" is not a duration in seconds", a.Pos)
		}
		seconds = d.Seconds()
	}
	if !(seconds >= 0 && seconds <= 1e12) { // NaN is neither
		return aws.NotKnown[int](strconv.Quote(a.Value)+" is not a duration", a.Pos)
	}
	return aws.Answer[int]{Value: Whole(int(math.Ceil(seconds))), Default: a.Default, Pos: a.Pos}
}

// Whole turns seconds into days, rounded up.
func Whole(seconds int) int { return (seconds + day - 1) / day }
