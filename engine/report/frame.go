package report

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// frame is a piece of source with the place that matters marked, and the gutter
// under which notes about it stand.
type frame struct {
	at     string   // file:line:column
	first  int      // number of the first line
	lines  []string // raw, without newlines
	line   int      // the marked line
	column int      // counted in characters; 0 marks the whole line
	gutter int      // digits of the highest line number
}

func locationFrame(l *finding.Location) frame {
	if l == nil {
		return frame{gutter: 1}
	}
	pos := fact.Position{Source: l.URI, Line: l.StartLine, Column: l.Column}
	return newFrame(pos, l.SnippetLine, l.Snippet)
}

func diagnosticFrame(d *fact.Diagnostic) frame {
	var lines []string
	if d.Line != "" {
		lines = []string{d.Line}
	}
	return newFrame(d.Pos, d.Pos.Line, lines)
}

func newFrame(pos fact.Position, first int, lines []string) frame {
	f := frame{at: pos.String(), first: first, lines: lines, line: pos.Line, column: pos.Column}
	f.gutter = len(strconv.Itoa(first + max(0, len(lines)-1)))
	return f
}

// frame writes f, indented; without lines it is the place alone, without a place
// nothing.
func (p *printer) frame(indent int, f frame) {
	if f.at == "" {
		return
	}
	margin := strings.Repeat(" ", indent+f.gutter)
	p.line(text(margin), span{"--> ", blue}, text(f.at))
	if len(f.lines) == 0 {
		return
	}
	bar := span{" |", blue}
	p.line(text(margin), bar)
	room := p.width - indent - f.gutter - 3
	for i, source := range f.lines {
		n := f.first + i
		number := strconv.Itoa(n)
		before := strings.Repeat(" ", indent+max(0, f.gutter-len(number)))
		mark := 0
		if n == f.line {
			mark = f.column
		}
		shown, at := window(source, mark, room)
		p.line(text(before), span{number, blue}, bar, text(" "+shown))
		if n == f.line {
			carets := "^"
			if f.column == 0 {
				trimmed := strings.TrimLeft(shown, " ")
				at, carets = cells(shown)-cells(trimmed), strings.Repeat("^", max(1, cells(trimmed)))
			}
			p.line(text(margin), bar, text(" "+strings.Repeat(" ", at)), span{carets, red})
		}
	}
	p.line(text(margin), bar)
}

// window makes source visible, with tabs as four spaces, and cuts it to room
// cells around the character at column. It returns what it shows and the cell in
// which that character begins.
func window(source string, column, room int) (shown string, at int) {
	if len(source) <= room && printable(source) {
		if column > 0 {
			at = min(column-1, len(source))
		}
		return source, at
	}
	type glyph struct {
		s    string
		size int
	}
	var glyphs []glyph
	target, total := 0, 0
	i := 0
	for start, r := range source {
		if i++; i == column {
			target = len(glyphs)
		}
		g := glyph{"    ", 4}
		if r != '\t' {
			end := start + 1
			if r != '\uFFFD' || strings.HasPrefix(source[start:], "\uFFFD") {
				end = start + len(string(r))
			}
			s := visible(source[start:end])
			g = glyph{s, cells(s)}
		}
		glyphs = append(glyphs, g)
		total += g.size
	}
	if column > i { // past the end: where something is missing
		target = len(glyphs)
	}
	from, to := 0, len(glyphs)
	if total > room {
		used := 0
		for from = target; from > 0 && used+glyphs[from-1].size <= room/2; from-- {
			used += glyphs[from-1].size
		}
		for to = target; to < len(glyphs) && used+glyphs[to].size <= room-2; to++ {
			used += glyphs[to].size
		}
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
		at++
	}
	for n := from; n < to; n++ {
		if n < target {
			at += glyphs[n].size
		}
		b.WriteString(glyphs[n].s)
	}
	if to < len(glyphs) {
		b.WriteString("…")
	}
	return b.String(), at
}
