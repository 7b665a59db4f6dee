package report

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"strings"
)

// printer writes lines for a terminal. All text goes through one door, [printer.line],
// which shows what a terminal or a CI runner would obey instead of passing it on.
type printer struct {
	w     *bufio.Writer
	width int
	color bool
	out   []byte // the line in the making
}

const (
	defaultWidth = 100
	minWidth     = 40
)

func newPrinter(w io.Writer, opts Options) *printer {
	width := opts.Width
	if width == 0 {
		width = defaultWidth
	}
	return &printer{w: bufio.NewWriter(w), width: max(width, minWidth), color: opts.Color}
}

// style is the parameter of an SGR sequence.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	green  style = "32"
	yellow style = "33"
	blue   style = "34"
)

// span is text in one style. The text is raw; the printer makes it safe.
type span struct {
	text  string
	style style
}

func text(s string) span { return span{text: s} }

func (p *printer) line(spans ...span) {
	p.out = p.out[:0]
	start := true // only spaces so far
	for _, s := range spans {
		shown := visible(shorten(s.text, longest))
		if start {
			if rest := strings.TrimLeft(shown, " "); rest != "" {
				start = false
				shown = shown[:len(shown)-len(rest)] + muteCommand(rest)
			}
		}
		shown = muteMarker(shown)
		if p.color && s.style != plain && strings.TrimSpace(shown) != "" {
			p.out = append(append(append(append(append(p.out, "\x1b["...), s.style...), 'm'), shown...), "\x1b[0m"...)
			continue
		}
		p.out = append(p.out, shown...)
	}
	p.w.Write(bytes.TrimRight(p.out, " "))
	p.w.WriteByte('\n')
}

func (p *printer) blank() { p.w.WriteByte('\n') }

// muteCommand breaks a workflow command. Runners skip leading space before they
// look for one, so indenting alone would not do.
func muteCommand(s string) string {
	if strings.HasPrefix(s, "::") {
		return `\x3a` + s[1:]
	}
	return s
}

// marker is how GitHub's older runners, Azure Pipelines and TeamCity mark a
// command; the first two look for it anywhere in a line.
var marker = regexp.MustCompile(`##([[:alpha:]]*\[)`)

func muteMarker(s string) string {
	if !strings.Contains(s, "##") {
		return s
	}
	return marker.ReplaceAllString(s, `#\x23$1`)
}

// prose wraps s behind a first line that begins with lead; further lines are
// indented to its width. A newline in s begins a new line. Empty text leaves the
// lead alone.
func (p *printer) prose(lead []span, s string, st style) {
	indent := 0
	for _, l := range lead {
		indent += cells(l.text)
	}
	room := max(p.width-indent, minWidth/2)
	for _, line := range wrap(s, room) {
		p.line(append(lead, span{line, st})...)
		lead = []span{text(strings.Repeat(" ", indent))}
	}
}

// fits reports whether text is surely one line of at most room cells as it stands:
// words with one space between two.
func fits(s string, room int) bool {
	return s != "" && len(s) <= room && printable(s) && s[0] != ' ' && s[len(s)-1] != ' ' && !strings.Contains(s, "  ")
}

// wrap breaks s at spaces into lines of at most room cells, longer words aside.
func wrap(s string, room int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(shorten(s, longest), "\n") {
		if fits(paragraph, room) {
			lines = append(lines, paragraph)
			continue
		}
		line, used := "", 0
		for word := range strings.FieldsFuncSeq(paragraph, func(r rune) bool { return r == ' ' || r == '\t' }) {
			size := cells(word)
			if line != "" && used+1+size > room {
				lines = append(lines, line)
				line, used = "", 0
			}
			if line != "" {
				line += " "
				used++
			}
			line += word
			used += size
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	if lines == nil {
		return []string{""}
	}
	return lines
}
