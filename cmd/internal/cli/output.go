package cli

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/writ-policy/writ/engine/fact"
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
	brief   bool // shows evidence of failures only
	handler finding.Handler
	kinds   []string // of items the format asks for
	buffer  *bufio.Writer
	file    *os.File // nil for standard output
	place   string   // for messages
	path    string   // where the file goes when whole; "" if it is written in place
}

// outputs opens the reports of -o; text on standard output if there is none.
func (s *streams) outputs(f *flags) (*outputs, error) {
	out := &outputs{}
	if f.handler != nil {
		opts := report.Options{Verbose: f.verbose, Quiet: f.quiet}
		opts.Color, opts.Width = s.terminal(f)
		o := &output{place: "standard output", buffer: bufio.NewWriterSize(s.out, 64<<10)}
		o.handler = f.handler(o.buffer, opts)
		out.reports = append(out.reports, o)
		return out, nil
	}
	wanted := f.outputs
	if len(wanted) == 0 {
		wanted = []string{"text"}
	}
	taken := map[string]bool{}
	for _, w := range wanted {
		if err := s.add(out, w, f, taken); err != nil {
			out.abandon()
			return nil, err
		}
	}
	return out, nil
}

// add opens one report. Two in one place would mix, or overwrite each other.
func (s *streams) add(out *outputs, wanted string, f *flags, taken map[string]bool) error {
	format, name, named := strings.Cut(wanted, "=")
	if !slices.Contains(report.Formats(), format) {
		return fmt.Errorf("unknown report format %q: known are %s%s", format, strings.Join(report.Formats(), ", "), fact.Suggest(format, report.Formats()))
	}
	if named && name == "" {
		return fmt.Errorf("-o %s names no file", wanted)
	}
	o := &output{brief: format == "text" && !f.verbose}
	var to io.Writer = s.out
	opts := report.Options{Verbose: f.verbose, Quiet: f.quiet}
	place := "standard output"
	if named && name != "-" && !sameFile(name, s.out) {
		var err error
		if o.file, o.path, err = create(name); err != nil {
			return fmt.Errorf("write report to %s: %w", name, unwrapPath(err))
		}
		to, place = o.file, absolute(name)
		if o.path != "" {
			place = absolute(o.path)
		}
	} else {
		opts.Color, opts.Width = s.terminal(f)
	}
	out.reports = append(out.reports, o)
	if taken[place] {
		return fmt.Errorf("several -o would mix in %s: give each a file of its own, as in -o sarif=writ.sarif", place)
	}
	taken[place] = true
	o.place = place
	if named {
		o.place = name
	}
	o.buffer = bufio.NewWriterSize(to, 64<<10)
	var err error
	if o.handler, err = report.New(format, o.buffer, opts); err != nil {
		return err
	}
	if a, ok := o.handler.(finding.Asker); ok {
		o.kinds = a.Kinds()
	}
	return nil
}

// create opens the file of a report. A regular file is written under another
// name in its folder, and replaces the old one when it is whole; its links stay.
// A pipe or a device cannot be replaced and is written in place.
func create(name string) (file *os.File, path string, err error) {
	info, err := os.Stat(name)
	mode := os.FileMode(0o666) // less the umask
	switch {
	case errors.Is(err, fs.ErrNotExist):
		path = name
	case err != nil:
		return nil, "", err
	case info.IsDir():
		return nil, "", errors.New("it is a folder")
	case !info.Mode().IsRegular():
		file, err = os.OpenFile(name, os.O_WRONLY, 0)
		return file, "", err
	default:
		mode = info.Mode().Perm()
		if path, err = filepath.EvalSymlinks(name); err != nil {
			return nil, "", err
		}
	}
	file, err = os.OpenFile(filepath.Join(filepath.Dir(path), ".writ-"+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	return file, path, err
}

// sameFile reports whether a name leads to an open stream, as /dev/stdout does.
func sameFile(name string, stream io.Writer) bool {
	open, ok := stream.(*os.File)
	if !ok {
		return false
	}
	a, err := os.Stat(name)
	if err != nil {
		return false
	}
	b, err := open.Stat()
	return err == nil && os.SameFile(a, b)
}

// unwrapPath drops the file name that errors of the operating system carry.
func unwrapPath(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Err
	case errors.As(err, &le):
		return le.Err
	}
	return err
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

// brief reports whether every report is for people and shows evidence of failures
// only.
func (o *outputs) brief() bool {
	return !slices.ContainsFunc(o.reports, func(r *output) bool { return !r.brief })
}

// kinds are those of which any report asks for the items.
func (o *outputs) kinds() map[string]bool {
	kinds := map[string]bool{}
	for _, r := range o.reports {
		for _, k := range r.kinds {
			kinds[k] = true
		}
	}
	return kinds
}

// Handle gives a message to every report, an item to those that ask for its kind.
func (o *outputs) Handle(m *finding.Message) error {
	if m.Summary != nil {
		o.exit = m.Summary.Exit
	}
	for _, r := range o.reports {
		if m.Item != nil && !slices.Contains(r.kinds, m.Item.Kind) {
			continue
		}
		if err := r.handler.Handle(m); err != nil {
			return fmt.Errorf("write report to %s: %w", r.place, unwrapPath(err))
		}
	}
	return nil
}

// finish flushes the reports and moves files into place.
func (o *outputs) finish() error {
	for _, r := range o.reports {
		if err := r.buffer.Flush(); err != nil {
			o.abandon()
			return fmt.Errorf("write report to %s: %w", r.place, unwrapPath(err))
		}
		if r.file == nil {
			continue
		}
		name := r.file.Name()
		err := r.file.Close()
		if err == nil && r.path != "" {
			err = os.Rename(name, r.path)
		}
		if err != nil {
			o.abandon()
			return fmt.Errorf("write report to %s: %w", r.place, unwrapPath(err))
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
			if r.path != "" {
				os.Remove(r.file.Name())
			}
			r.file = nil
		}
	}
}
