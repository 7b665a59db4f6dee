package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// unboundedDays is what facts say for "no bound".
const unboundedDays = 999999

// keptStore is a log store with the life of its records.
type keptStore struct {
	target, id         string
	min, max           float64
	known              bool // min and max
	boundMin, boundMax float64
	bounded            bool // the bounds are known
	category           string
	colour             colour
}

const (
	mostStores = 40
	// lateDeletion is by how many days a deletion may come late before a bar is red:
	// the default of the parameter log.tolerance_days.
	lateDeletion = 3
)

func (d *drawing) addStore(item *finding.Item) {
	s := keptStore{target: item.Target, id: item.ID, category: textOf(item.Item, "category"), colour: open}
	var minKnown, maxKnown, lowKnown, highKnown bool
	s.min, minKnown = numberOf(item.Item, "declared", "min_days")
	s.max, maxKnown = numberOf(item.Item, "declared", "max_days")
	s.boundMin, lowKnown = numberOf(item.Item, "bounds", "min_days")
	s.boundMax, highKnown = numberOf(item.Item, "bounds", "max_days")
	s.known, s.bounded = minKnown && maxKnown, lowKnown && highKnown
	personal, told := member(item.Item, "personal").(bool)
	late := personal || !told
	switch {
	case s.known && told && personal && s.max >= unboundedDays:
		s.colour = bad
	case s.known && s.bounded && (s.min < s.boundMin || late && s.max > s.boundMax+lateDeletion):
		s.colour = bad
	case s.known && s.bounded:
		s.colour = good
	}
	d.stores = append(d.stores, s)
}

type retentionFigure struct {
	Width, Height int
	Ticks         []struct {
		X    int
		Name string
	}
	Bars []barFigure
	More int
}

type barFigure struct {
	Title, Name, Note                string
	Class                            colour
	Text, X, Y, Sure, From, Possible int
	NoteX, NoteY                     int
	Band                             *bandFigure
}

type bandFigure struct{ X, Y, W int }

const (
	scaleFrom, scaleTo = 14, 470 // pixels of a day and of ten years
	scaleNever         = 512
	longestDrawn       = 3650
)

// dayX is where an age stands on a logarithmic scale from a day to ten years; what
// is never deleted stands behind it.
func dayX(days float64) int {
	switch {
	case days >= unboundedDays:
		return scaleNever
	case days <= 1:
		return scaleFrom
	}
	return scaleFrom + int(math.Round(float64(scaleTo-scaleFrom)*math.Log(min(days, longestDrawn))/math.Log(longestDrawn)))
}

// retention draws log stores, what is out of bounds first; nil if there is none.
func (d *drawing) retention() *retentionFigure {
	if len(d.stores) == 0 {
		return nil
	}
	stores := slices.Clone(d.stores)
	slices.SortStableFunc(stores, func(a, b keptStore) int {
		return cmp.Or(cmp.Compare(rankOf(b.colour), rankOf(a.colour)), strings.Compare(a.target, b.target), strings.Compare(a.id, b.id))
	})
	f := &retentionFigure{Width: 860}
	if len(stores) > mostStores {
		f.More, stores = len(stores)-mostStores, stores[:mostStores]
	}
	for _, t := range []struct {
		days float64
		name string
	}{{1, "1 d"}, {7, "1 w"}, {30, "30 d"}, {90, "90 d"}, {365, "1 y"}, {3650, "10 y"}, {unboundedDays, "never"}} {
		f.Ticks = append(f.Ticks, struct {
			X    int
			Name string
		}{dayX(t.days), t.name})
	}
	y := 28
	for _, s := range stores {
		f.Bars = append(f.Bars, s.bar(y))
		y += 50
	}
	f.Height = y
	return f
}

func (s keptStore) bar(y int) barFigure {
	b := barFigure{
		Title: whose(s.target, s.id), Name: middle(s.id, 70), Class: s.colour, Text: y + 14, X: scaleFrom, Y: y + 24, NoteX: scaleNever + 20, NoteY: y + 33,
	}
	switch {
	case !s.known:
		b.Note = "life not known"
	case s.min == s.max || s.min >= unboundedDays:
		b.Note = daysName(s.max)
	default:
		b.Note = daysName(s.min) + " to " + daysName(s.max)
	}
	if s.known {
		sure, gone := dayX(s.min), dayX(s.max)
		b.Sure, b.From, b.Possible = max(2, sure-scaleFrom), sure, max(0, gone-sure)
		if s.min <= 0 {
			b.Sure, b.From, b.Possible = 0, scaleFrom, max(2, gone-scaleFrom)
		}
	}
	switch {
	case !s.bounded:
		b.Note += ", bounds not known"
	case s.boundMin > 0 || s.boundMax < unboundedDays:
		from, to := dayX(s.boundMin), dayX(s.boundMax)
		b.Band = &bandFigure{from, y + 19, max(4, to-from)}
		b.Note += ", bounds " + daysName(s.boundMin) + " to " + daysName(s.boundMax)
	default:
		b.Note += ", no bounds"
	}
	b.Note = s.colour.sign() + b.Note
	return b
}

func daysName(days float64) string {
	if days >= unboundedDays {
		return "never"
	}
	return fmt.Sprintf("%.4g d", days)
}
