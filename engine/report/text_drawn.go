package report

import (
	"fmt"
	"strings"
)

// drawn are tables of what was seen, where someone asks for more than findings: the
// port map, what endpoints offer, how long logs are kept.
func (t *textReport) drawn() {
	if rows := t.drawing.portMap(); rows != nil {
		t.heading("Ports", "listener, what holds it, who reaches it, the entry that documents it")
		cells := make([][]span, len(rows))
		for i, r := range rows {
			documented := span{r.Documented, ""}
			switch r.Class {
			case bad:
				documented = span{"undocumented", red}
			case open:
				documented.style = yellow
			}
			cells[i] = []span{text(r.Listener), text(r.Process), text(r.Reach), documented}
			if several(rows) {
				cells[i] = append([]span{{r.Target, dim}}, cells[i]...)
			}
		}
		t.p.table(text("  "), cells)
	}
	t.endpoints()
	t.kept()
}

func (t *textReport) heading(name, meaning string) {
	t.p.blank()
	t.p.line(span{name, bold}, span{"  " + meaning, dim})
}

func several(rows []mapRow) bool { return rows[0].Target != rows[len(rows)-1].Target }

// endpoints has a column for each version: yes, no or "?".
func (t *textReport) endpoints() {
	f := t.drawing.tls()
	if f == nil {
		return
	}
	t.heading("TLS", "what each endpoint offers")
	brief := strings.NewReplacer("? not known", "?", "✕ offered", "✕ yes", "✓ offered", "yes", "✕ served", "✕ yes", "✓ sent to https", "redirected", "refused", "no")
	head := []span{text("")}
	for _, v := range f.Versions {
		head = append(head, span{v, dim})
	}
	rows := [][]span{append(head, span{"plain text", dim})}
	for _, r := range f.Rows {
		row := []span{text(r.Name)}
		for _, c := range r.Cells {
			row = append(row, span{brief.Replace(c.Text), styleOf(colour(c.Class))})
		}
		rows = append(rows, row)
	}
	t.p.table(text("  "), rows)
	if f.More > 0 {
		t.p.prose([]span{text("  ")}, fmt.Sprintf("%d more endpoints", f.More), dim)
	}
}

func styleOf(c colour) style {
	switch c {
	case good:
		return green
	case bad:
		return red
	case open:
		return yellow
	}
	return dim
}

// barCells is the length of a bar of [textReport.kept].
const barCells = 28

// kept draws the life of records on the scale of the page: certain, possible, and
// the bounds as brackets.
func (t *textReport) kept() {
	f := t.drawing.retention()
	if f == nil {
		return
	}
	t.heading("Logs", "how long records are kept, from a day to never; [ ] are the bounds")
	var rows [][]span
	for _, b := range f.Bars {
		rows = append(rows, []span{text(b.Name), {b.line(), styleOf(b.Class)}, {b.Note, styleOf(b.Class)}})
	}
	t.p.table(text("  "), rows)
	if f.More > 0 {
		t.p.prose([]span{text("  ")}, fmt.Sprintf("%d more log stores", f.More), dim)
	}
}

// line is the bar in characters that any terminal has.
func (b barFigure) line() string {
	cell := func(x int) int { return min(barCells-1, max(0, (x-scaleFrom)*barCells/(scaleNever-scaleFrom))) }
	bar := []rune(strings.Repeat("·", barCells))
	if b.Possible > 0 {
		for i := cell(b.From); i <= cell(b.From+b.Possible); i++ {
			bar[i] = '-'
		}
	}
	if b.Sure > 0 {
		for i := 0; i <= cell(b.X+b.Sure); i++ {
			bar[i] = '='
		}
	}
	if b.Band != nil {
		bar[cell(b.Band.X)], bar[cell(b.Band.X+b.Band.W)] = '[', ']'
	}
	return string(bar)
}
