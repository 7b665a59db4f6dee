package output

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// writeTable draws a table whose columns are as wide as what stands in them.
func writeTable(b *bytes.Buffer, checks Checks) {
	rows := [][]string{}
	for i := range checks {
		c := &checks[i]
		row := func(result string, rs []Result) {
			for _, r := range rs {
				rows = append(rows, []string{result, c.FileName, c.Namespace, r.Message})
			}
		}
		row("success", slices.Repeat([]Result{{Message: "SUCCESS"}}, c.Successes))
		row("exception", c.Exceptions)
		row("warning", c.Warnings)
		row("skipped", c.Skipped)
		row("failure", c.Failures)
	}
	if len(rows) == 0 {
		return
	}
	head := []string{"RESULT", "FILE", "NAMESPACE", "MESSAGE"}
	widths := make([]int, len(head))
	cells := make([][][]string, len(rows))
	for i, title := range head {
		widths[i] = columns(title)
	}
	for r, row := range rows {
		for i, text := range row {
			lines := strings.Split(strings.TrimSpace(text), "\n")
			for n, line := range lines {
				lines[n] = strings.TrimSpace(line)
				widths[i] = max(widths[i], columns(lines[n]))
			}
			cells[r] = append(cells[r], lines)
		}
	}
	rule := func(left, middle, right string) {
		for i, w := range widths {
			if i == 0 {
				b.WriteString(left)
			} else {
				b.WriteString(middle)
			}
			b.WriteString(strings.Repeat("─", w+2))
		}
		b.WriteString(right + "\n")
	}
	rule("┌", "┬", "┐")
	for i, title := range head {
		space := widths[i] - columns(title)
		b.WriteString("│ " + strings.Repeat(" ", space/2) + title + strings.Repeat(" ", space-space/2) + " ")
	}
	b.WriteString("│\n")
	rule("├", "┼", "┤")
	for _, row := range cells {
		height := 0
		for _, lines := range row {
			height = max(height, len(lines))
		}
		for n := range height {
			for i, lines := range row {
				line := ""
				if n < len(lines) {
					line = lines[n]
				}
				b.WriteString("│ " + line + strings.Repeat(" ", widths[i]-columns(line)) + " ")
			}
			b.WriteString("│\n")
		}
	}
	rule("└", "┴", "┘")
}

// columns is the width of a text on a terminal.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc) {
				n++
			}
		}
	}
	return n
}
