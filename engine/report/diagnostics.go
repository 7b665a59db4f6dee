package report

import (
	"io"

	"github.com/writ-policy/writ/engine/fact"
)

// Diagnostics writes problems of inputs for people, as the text report shows
// them, for commands that have no report.
func Diagnostics(w io.Writer, list []fact.Diagnostic, opts Options) error {
	t := &textReport{p: newPrinter(w, opts)}
	t.diagnostics(list)
	return t.p.w.Flush()
}
