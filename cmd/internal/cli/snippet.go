package cli

import (
	"io/fs"
	"slices"
	"strings"
)

const (
	// maxFramed is the largest file of which code frames show lines: those of a plan
	// are not worth showing.
	maxFramed = 4 << 20
	// maxLine bounds a line of a code frame, in bytes.
	maxLine = 400
)

// snippet returns source lines for a code frame, of files that were read in this
// run: facts that were saved speak of files that may have changed since. Findings
// are made by several workers.
func (s *session) snippet(uri string, from, to int) []string {
	for _, src := range s.sources {
		if !src.env.WasRead(uri) {
			continue
		}
		lines := src.env.Once("lines of "+uri, func() any {
			info, err := fs.Stat(src.env.Tree.FS, uri)
			if err != nil || info.Size() > maxFramed {
				return []string(nil)
			}
			data, err := fs.ReadFile(src.env.Tree.FS, uri)
			if err != nil {
				return []string(nil)
			}
			return strings.Split(string(data), "\n")
		}).([]string)
		if from < 1 || from > len(lines) {
			continue
		}
		out := slices.Clone(lines[from-1 : max(from-1, min(to, len(lines)))])
		for i, line := range out {
			if line = strings.TrimSuffix(line, "\r"); len(line) > maxLine {
				line = strings.ToValidUTF8(line[:maxLine], "")
			}
			out[i] = s.redactor.Line(line)
		}
		return out
	}
	return nil
}

// noFiles is the file system of a source that has none.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
