// Package collectors turns sources into fact documents. A [Collector] reads one
// topic (logs, firewall, tls, …) from a source; a [Deriver] makes facts out of
// facts. The explicit list of both is collectors/all; [Run] runs them.
package collectors

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

// Scheme is the type of a source the user names.
type Scheme string

const (
	Path    Scheme = "path" // a file, a folder, or "-"
	Machine Scheme = "host" // host: the machine writ runs on, or a saved file tree of one
	Scan    Scheme = "scan" // scan://CIDR:PORTS, looked at from here
	TLS     Scheme = "tls"  // tls://HOST:PORT, or tls://@FILE of such
)

// Collector reads the facts of one topic from a source.
type Collector interface {
	// Name is the topic and the folder: "logs".
	Name() string
	// Yields lists the kinds it can yield from a source of that scheme, sorted;
	// nil if it cannot read it at all.
	Yields(Scheme) []string
	// Collect returns one document per target and kind, also where it found no
	// item: an empty complete document says that there is none. What could not
	// be read makes a document incomplete, with the reason; an error means that
	// nothing can be said about any target.
	Collect(context.Context, *Env) ([]*fact.Document, error)
}

// Deriver makes facts from the facts of one system: exposure from listeners and
// rules, a declared endpoint from a server's configuration. It reads documents
// and nothing else, so it also runs on saved facts.
type Deriver interface {
	Name() string
	// Needs and Yields list kinds, sorted.
	Needs() []string
	Yields() []string
	// Derive is given the annotated documents of one system and of the register.
	Derive(context.Context, []*fact.Document) ([]*fact.Document, error)
}

// Env is what a collector may use. Nothing else of the machine is touched.
type Env struct {
	// Tree is the source if it is a path, else nil.
	Tree *Tree
	// Host is the source if it is host:, else nil.
	Host *Host
	// Address is what follows "://" in a source that is neither.
	Address string
	// Probe allows to talk to listeners; without it nothing is sent to any.
	Probe bool
	// Progress is told what takes long, where someone watches; see [Env.Say].
	Progress func(format string, args ...any)
	// Now stamps documents.
	Now time.Time
	// Version of writ, for the collector envelope.
	Version string
	// VarFiles are --var-file arguments, relative to the tree's root.
	VarFiles []string
	// SecretRules are --secret-rules files, in gitleaks' format.
	SecretRules []File
	// History asks for secrets in the history of the repository too.
	History bool
	// Kinds lists the kinds that are asked for; nil is all.
	Kinds map[string]bool
	// Redactor is told of every secret a reader recognises; never nil in a run.
	Redactor *fact.Redactor

	part        *Part // nil for a whole source
	whole       *Env  // of a part
	mu          sync.Mutex
	memo        map[string]func() any
	read        map[string]string // name → digest
	diagnostics []fact.Diagnostic
}

// File is one that the command line names, from wherever it stands.
type File struct {
	Name string
	Data []byte
}

// Wants reports whether anyone asks for a kind. A collector may ignore it; one
// that yields much should not.
func (e *Env) Wants(kind string) bool { return e.Kinds == nil || e.Kinds[kind] }

// MarkRead notes that a reader took a file as one of its own format, and the hex
// SHA-256 of its content ("" if the reader does not say). Documents that name the
// file as a source carry it.
func (e *Env) MarkRead(name, sha256 string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.read == nil {
		e.read = map[string]string{}
	}
	if sha256 != "" || e.read[name] == "" {
		e.read[name] = sha256
	}
}

// WasRead reports whether a reader took a file.
func (e *Env) WasRead(name string) bool {
	_, ok := e.read[name]
	return ok
}

// File says where the file of a source URI stands: those of a host are absolute,
// those of a tree relative to it.
func (e *Env) File(uri string) (fsys fs.FS, name string) {
	if e.Host != nil {
		return e.Host.Files, strings.TrimPrefix(uri, "/")
	}
	return e.Tree.FS, uri
}

// ReadCount returns how many files readers took.
func (e *Env) ReadCount() int { return len(e.read) }

// Diagnose notes a problem in an input.
func (e *Env) Diagnose(d ...fact.Diagnostic) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.diagnostics = append(e.diagnostics, d...)
}

// Diagnostics returns the problems noted, in order.
func (e *Env) Diagnostics() []fact.Diagnostic { return e.diagnostics }

// Once returns the value of load for a key, computed once per source: readers
// use it to parse a tree once for all collectors.
func (e *Env) Once(key string, load func() any) any {
	e.mu.Lock()
	if e.memo == nil {
		e.memo = map[string]func() any{}
	}
	f, ok := e.memo[key]
	if !ok {
		f = sync.OnceValue(load)
		e.memo[key] = f
	}
	e.mu.Unlock()
	return f()
}

// Envelope returns the collector part of a document.
func (e *Env) Envelope(name, method string) fact.Collector {
	by := fact.Collector{Name: name, Version: e.Version, Method: method, Privileges: "user"}
	if e.Host != nil {
		by.Privileges = e.Host.Privileges
	}
	return by
}

// Say tells someone at a terminal what is being done.
func (e *Env) Say(format string, args ...any) {
	if e.Progress != nil {
		e.Progress(format, args...)
	}
}
