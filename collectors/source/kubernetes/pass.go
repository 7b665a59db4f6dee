package kubernetes

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

const (
	// maxFile is the largest file that is read as manifests, in bytes.
	maxFile = 32 << 20
	// maxKept bounds what is kept of files between finding them and reading them.
	maxKept = 64 << 20
)

// found is a file that holds manifests. Data is nil where it is read again.
type found struct {
	name string
	data []byte
	// root is set if the text as a whole looks like a manifest.
	root bool
}

// run finds the manifests of the source, and reads them in parallel; visitors see
// them in the order of the files.
func (p *pass) run(ctx context.Context) {
	if len(p.watches) == 0 {
		return
	}
	files := p.discover()
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.name
	}
	of := newTargets(p.env.Tree, files)
	parts := map[string]*part{}
	partOf := func(name string) *part {
		target := of.of(name)
		if parts[target.ID] == nil {
			parts[target.ID] = p.part(target)
		}
		return parts[target.ID]
	}
	results := make(chan chan *file, 2*runtime.GOMAXPROCS(0))
	go func() {
		defer close(results)
		for i, f := range files {
			one := make(chan *file, 1)
			select {
			case results <- one:
			case <-ctx.Done():
				return
			}
			go func() { one <- p.read(f) }()
			files[i].data = nil
		}
	}()
	i := 0
	for one := range results {
		f := <-one
		p.take(partOf(names[i]), names[i], f)
		i++
	}
	for _, u := range p.unread {
		if of.holds[path.Dir(u.name)] {
			t := partOf(u.name)
			t.perhaps = append(t.perhaps, u.name+": "+u.reason)
		}
	}
	if p.err = ctx.Err(); p.err != nil {
		return
	}
	for _, id := range fact.SortedKeys(parts) {
		p.finish(parts[id])
	}
}

// take shows the objects of one file.
func (p *pass) take(t *part, name string, f *file) {
	p.env.Diagnose(f.diagnostics...)
	if f.template && len(f.objects) == 0 {
		const reason = "a template: render it and give the result to writ check -"
		p.env.Tree.Leave(name, reason)
		t.perhaps = append(t.perhaps, name+": "+reason)
		return
	}
	t.missing = append(t.missing, f.missing...)
	if len(f.objects) > 0 || len(f.missing) > 0 {
		t.files = append(t.files, name)
		p.env.MarkRead(name, f.digest)
		if reason := controlPlane(f.objects); reason != "" {
			p.env.Tree.Leave(name, reason)
		}
		if reason := p.changed[name]; reason != "" && !slices.Contains(t.missing, reason) {
			t.missing = append(t.missing, reason)
		}
	}
	for _, o := range f.objects {
		p.learner.object(o)
		p.object(t, o)
	}
}

// read parses a file. A panic is a defect of the parser and costs one file.
func (p *pass) read(in found) (f *file) {
	defer func() {
		if r := recover(); r != nil {
			f = &file{missing: []string{in.name + ": cannot be read"}, diagnostics: []fact.Diagnostic{{Severity: "error", Fatal: true,
				Summary: "cannot read manifests", Detail: fmt.Sprint(r), Hint: "this is a defect of the reader: please report it", Pos: fact.Position{Source: in.name}}}}
		}
	}()
	data := in.data
	if data == nil {
		var err error
		if data, err = p.bytes(in.name); err != nil {
			return &file{missing: []string{in.name + ": " + err.Error()}}
		}
	}
	f = parse(in.name, data)
	sum := sha256.Sum256(data)
	f.digest = hex.EncodeToString(sum[:])
	return f
}

func (p *pass) bytes(name string) ([]byte, error) {
	return collectors.ReadFile(p.env.Tree.FS, name, maxFile)
}

// discover returns the files that hold manifests, in the order of the tree.
func (p *pass) discover() []found {
	tree := p.env.Tree
	r := newRendered(tree, p.bytes)
	var files []found
	kept := 0
	for _, name := range tree.Files {
		if !readable(name) || tree.Left(name) != "" {
			continue
		}
		info, err := fs.Stat(tree.FS, name)
		if err == nil && info.Size() > maxFile {
			p.leave(name, fmt.Sprintf("larger than %d MiB", maxFile>>20))
			continue
		}
		data, err := p.bytes(name)
		if err != nil {
			p.leave(name, "cannot be read: "+err.Error())
			continue
		}
		if !IsManifest(data) || isPlan(name, data) {
			continue
		}
		if reason := r.leaves(name, data); reason != "" {
			tree.Leave(name, reason)
			continue
		}
		root := atRoot(data)
		if kept += len(data); kept > maxKept {
			data = nil
		}
		files = append(files, found{name: name, data: data, root: root})
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.name
	}
	p.changed = r.changed(names)
	for _, s := range tree.Skipped {
		if s.Refused && readable(s.Path) {
			p.unread = append(p.unread, unread{s.Path, s.Reason})
		}
	}
	return files
}

// unread is a file that may hold manifests and was not read, and why.
type unread struct{ name, reason string }

func (p *pass) leave(name, reason string) {
	p.env.Tree.Leave(name, reason)
	p.unread = append(p.unread, unread{name, reason})
}

// isPlan reports whether a file is a plan of Terraform, which may speak of manifests.
func isPlan(name string, data []byte) bool {
	return path.Ext(name) == ".json" && bytes.Contains(data[:min(len(data), 64<<10)], []byte(`"format_version"`))
}

// readable reports whether a file's name is one of YAML or JSON, or what stands for
// standard input.
func readable(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return name == collectors.Stream
}
