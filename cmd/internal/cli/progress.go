package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/term"
)

// progress tells someone at a terminal what takes long. It stands on standard
// error, is wiped when the run ends, and is never in a file or a pipe.
type progress struct {
	to   *os.File // nil: silent
	next time.Time
}

// interval between two lines; the first comes after one, so that a short run shows
// none.
const interval = 200 * time.Millisecond

func (s *streams) progress(f *flags) *progress {
	file, ok := s.err.(*os.File)
	if f.quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{to: file, next: time.Now().Add(interval)}
}

// say replaces the line if the last is old enough.
func (p *progress) say(format string, args ...any) {
	if p.to == nil || time.Now().Before(p.next) {
		return
	}
	p.next = time.Now().Add(interval)
	fmt.Fprintf(p.to, "\r\x1b[K"+format, args...)
}

// plainly is a name from an input that a terminal cannot take for a command.
func plainly(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// wipe takes the line away, before anything else is written.
func (p *progress) wipe() {
	if p.to != nil {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}
