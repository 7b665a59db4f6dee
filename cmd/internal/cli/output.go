package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/report"
)

// outputs hands the stream to every report asked for. A report that goes to a
// file is written beside it and moved there when whole: nothing half-written.
type outputs struct {
	reports []*output
	exit    int // of the summary
}

type output struct {
	handler finding.Handler
	buffer  *bufio.Writer
	file    *os.File // nil for standard output
	path    string
}

// outputs opens the reports of -o; text on standard output if there is none.
func (s *streams) outputs(f *flags) (*outputs, error) {
	out := &outputs{}
	wanted := f.outputs
	if len(wanted) == 0 {
		wanted = []string{"text"}
	}
	toOut := 0
	for _, w := range wanted {
		format, path, toFile := strings.Cut(w, "=")
		o := &output{path: path}
		var to io.Writer = s.out
		opts := report.Options{Verbose: f.verbose, Category: ""}
		switch {
		case toFile && path == "":
			out.abandon()
			return nil, fmt.Errorf("-o %s names no file", w)
		case toFile:
			file, err := os.CreateTemp(filepath.Dir(path), ".writ-*")
			if err != nil {
				out.abandon()
				return nil, fmt.Errorf("write report %s: %w", path, err)
			}
			o.file, to = file, file
		default:
			toOut++
			opts.Color, opts.Width = s.terminal(f)
		}
		o.buffer = bufio.NewWriterSize(to, 64<<10)
		handler, err := report.New(format, o.buffer, opts)
		out.reports = append(out.reports, o)
		if err != nil {
			out.abandon()
			return nil, err
		}
		o.handler = handler
	}
	if toOut > 1 {
		out.abandon()
		return nil, errors.New("several -o would mix on standard output: give all but one a file, as in -o sarif=writ.sarif")
	}
	return out, nil
}

// terminal says whether standard output takes colours, and its width.
func (s *streams) terminal(f *flags) (color bool, width int) {
	file, ok := s.out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return false, 0
	}
	if w, _, err := term.GetSize(int(file.Fd())); err == nil {
		width = min(w, 120)
	}
	return !f.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", width
}

// Handle gives a message to every report.
func (o *outputs) Handle(m *finding.Message) error {
	if m.Summary != nil {
		o.exit = m.Summary.Exit
	}
	for _, r := range o.reports {
		if err := r.handler.Handle(m); err != nil {
			return err
		}
	}
	return nil
}

// finish flushes the reports and moves files into place.
func (o *outputs) finish() error {
	for _, r := range o.reports {
		if err := r.buffer.Flush(); err != nil {
			o.abandon()
			return fmt.Errorf("write report: %w", err)
		}
		if r.file == nil {
			continue
		}
		name := r.file.Name()
		err := errors.Join(r.file.Chmod(0o644), r.file.Close())
		if err == nil {
			err = os.Rename(name, r.path)
		}
		if err != nil {
			o.abandon()
			return fmt.Errorf("write report %s: %w", r.path, err)
		}
		r.file = nil
	}
	return nil
}

// abandon removes what was not finished.
func (o *outputs) abandon() {
	for _, r := range o.reports {
		if r.file != nil {
			r.file.Close()
			os.Remove(r.file.Name())
			r.file = nil
		}
	}
}
