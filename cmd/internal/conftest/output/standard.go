package output

import (
	"bytes"
	"fmt"
	"io"
)

// Colours of a terminal.
const (
	red    = 31
	green  = 32
	yellow = 33
	blue   = 34
	cyan   = 36
)

func colour(text string, code int, o Options) string {
	if o.NoColor {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", code, text)
}

func writeStandard(b *bytes.Buffer, o Options, checks Checks) {
	for i := range checks {
		for _, q := range checks[i].Queries {
			for _, line := range q.Outputs {
				fmt.Fprintln(b, colour("PRNT ", blue, o), "", line)
			}
		}
	}
	warn, fail, excp := colour("WARN", yellow, o), colour("FAIL", red, o), colour("EXCP", cyan, o)
	for i := range checks {
		c := &checks[i]
		place := c.place()
		for _, r := range c.Warnings {
			fmt.Fprintln(b, warn, place, r.Message)
		}
		for _, r := range c.Failures {
			fmt.Fprintln(b, fail, place, r.Message)
		}
		if !o.SuppressExceptions {
			for _, r := range c.Exceptions {
				fmt.Fprintln(b, excp, place, r.Message)
			}
		}
	}
	t := checks.totals()
	summary := t.String()
	if o.ShowSkipped {
		summary += fmt.Sprintf(", %d skipped", t.Skipped)
	}
	code := green
	switch {
	case t.Failures > 0:
		code = red
	case t.Warnings > 0:
		code = yellow
	case t.Exceptions > 0:
		code = cyan
	}
	fmt.Fprintf(b, "\n%s\n", colour(summary, code, o))
}

// WriteTraces writes the traces of all queries.
func WriteTraces(w io.Writer, o Options, checks Checks) error {
	var b bytes.Buffer
	for i := range checks {
		for _, q := range checks[i].Queries {
			code := red
			if q.passed() {
				code = green
			}
			fmt.Fprintln(&b, colour("file: "+checks[i].FileName+" | query: "+q.Query, code, o))
			for _, line := range q.Traces {
				fmt.Fprintln(&b, colour("TRAC ", blue, o), "", line)
			}
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}
