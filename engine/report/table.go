package report

import "strings"

// widest is the most cells a column keeps free for its other rows; a longer cell
// pushes its own row only.
const widest = 48

// table writes rows behind lead, in columns two spaces apart.
func (p *printer) table(lead span, rows [][]span) {
	p.tableWith(lead, rows, func(int) {})
}

// tableWith calls below after each row, for what stands under it.
func (p *printer) tableWith(lead span, rows [][]span, below func(row int)) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if n := cells(cell.text); n <= widest {
				widths[i] = max(widths[i], n)
			}
		}
	}
	var line []span
	for n, row := range rows {
		line = append(line[:0], lead)
		for i, cell := range row {
			line = append(line, cell)
			if i < len(row)-1 && (widths[i] > 0 || cell.text != "") {
				line = append(line, text(spaces(max(0, widths[i]-cells(cell.text))+2)))
			}
		}
		p.line(line...)
		below(n)
	}
}

// blanks is what [spaces] cuts from.
const blanks = "                                                                "

func spaces(n int) string {
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}
