package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// servedEndpoint is what an endpoint offers.
type servedEndpoint struct {
	target, id, about, scope string
	cells                    []cellFigure
	colour                   colour
}

type cellFigure struct{ Class, Text string }

const mostEndpoints = 60

// tlsVersions as the facts name them, and as people do.
func tlsVersions() [][2]string {
	return [][2]string{{"ssl2", "SSL 2"}, {"ssl3", "SSL 3"}, {"tls1.0", "TLS 1.0"}, {"tls1.1", "TLS 1.1"}, {"tls1.2", "TLS 1.2"}, {"tls1.3", "TLS 1.3"}}
}

func (d *drawing) addEndpoint(item *finding.Item) {
	e := servedEndpoint{target: item.Target, id: item.ID, scope: textOf(item.Item, "scope"), about: joined(" ", textOf(item.Item, "product"), textOf(item.Item, "serves")), colour: good}
	offers := map[string]string{}
	for _, v := range listOf(item.Item, "versions") {
		offers[textOf(v, "name")] = textOf(v, "offered")
	}
	encrypted := textOf(item.Item, "encrypted")
	for _, v := range tlsVersions() {
		cell := cellFigure{"open", "? not known"}
		switch {
		case encrypted == "none":
			cell = cellFigure{"off", "–"}
		case offers[v[0]] == "refused":
			cell = cellFigure{"off", "refused"}
		case offers[v[0]] == "offered" && v[0] >= "tls1.2":
			cell = cellFigure{"good", "✓ offered"}
		case offers[v[0]] == "offered":
			cell = cellFigure{"bad", "✕ offered"}
		}
		e.add(cell)
	}
	switch plain, known := member(item.Item, "plaintext_allowed").(bool); {
	case !known:
		e.add(cellFigure{"open", "? not known"})
	case plain && textOf(item.Item, "http", "redirect") == "https":
		e.add(cellFigure{"good", "✓ sent to https"})
	case plain:
		e.add(cellFigure{"bad", "✕ served"})
	default:
		e.add(cellFigure{"off", "refused"})
	}
	d.served = append(d.served, e)
}

func (e *servedEndpoint) add(c cellFigure) {
	e.cells = append(e.cells, c)
	if c.Class != "off" {
		e.colour = worse(e.colour, colour(c.Class))
	}
}

type tlsFigure struct {
	Versions []string
	Rows     []tlsRow
	More     int
}

type tlsRow struct {
	Name, About, Scope string
	Cells              []cellFigure
}

// tls lists endpoints, those that offer too much first; nil if there is none.
func (d *drawing) tls() *tlsFigure {
	if len(d.served) == 0 {
		return nil
	}
	served := slices.Clone(d.served)
	slices.SortStableFunc(served, func(a, b servedEndpoint) int {
		return cmp.Or(cmp.Compare(rankOf(b.colour), rankOf(a.colour)), strings.Compare(a.target, b.target), strings.Compare(a.id, b.id))
	})
	f := &tlsFigure{}
	for _, v := range tlsVersions() {
		f.Versions = append(f.Versions, v[1])
	}
	if len(served) > mostEndpoints {
		f.More, served = len(served)-mostEndpoints, served[:mostEndpoints]
	}
	several := slices.ContainsFunc(served, func(e servedEndpoint) bool { return e.target != served[0].target })
	for _, e := range served {
		row := tlsRow{Name: e.id, About: e.about, Scope: e.scope, Cells: e.cells}
		if several {
			row.Name = whose(e.target, e.id)
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}
