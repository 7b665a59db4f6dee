package collectors

import (
	"io/fs"

	"github.com/writ-policy/writ/engine/fact"
)

// Tree is a path source after discovery. FS is rooted at the repository root
// (else at the named folder) and cannot be left by links or "..".
type Tree struct {
	FS fs.FS
	// Dir is the named folder or file, slash-separated, relative to FS.
	Dir string
	// Files to read, slash-separated, relative to FS, sorted.
	Files []string
	// Skipped files, in the order met.
	Skipped []Skipped
	// Diagnostics of discovery.
	Diagnostics []fact.Diagnostic

	top  string            // absolute path of FS
	left map[string]string // files that a reader left out → why
}

// Skipped is a file that discovery or every reader left out, and why.
type Skipped struct {
	Path   string
	Reason string
	// Refused is set if the file may not or cannot be read, as opposed to one that
	// is left out by rule: the reader of its format then says so.
	Refused bool
}
