package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/all"
	"github.com/writ-policy/writ/engine/fact"
)

// standardInput is how messages name the source "-".
const standardInput = "(standard input)"

// ownKinds are facts that writ makes itself in every run. A saved document that
// claims one would speak for the register.
func ownKind(kind string) bool { return kind == "run" || strings.HasPrefix(kind, "register.") }

// savedFiles lists the files of a source that hold saved facts: the named file, or
// a folder that holds nothing else, as collect --out writes it. Facts beside
// configuration are not taken: whoever may change the tree could plant them.
func savedFiles(tree *collectors.Tree) []string {
	for _, name := range tree.Files {
		if !isSaved(name) && !(tree.Named(name) && looksLikeFacts(tree.FS, name)) {
			return nil
		}
	}
	return tree.Files
}

func isSaved(name string) bool {
	return strings.HasSuffix(name, ".fact.json") || strings.HasSuffix(name, ".facts.jsonl")
}

func looksLikeFacts(fsys fs.FS, name string) bool {
	if ext := path.Ext(name); ext != ".json" && ext != ".jsonl" {
		return false
	}
	file, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(file, head)
	return bytes.Contains(head[:n], []byte(fact.Schema))
}

// saved reads a source of saved facts; false if it is none. Standard input may also
// give manifests, which are then read as a file.
func (s *session) saved(src *source) bool {
	if src.input != nil {
		data, err := io.ReadAll(io.LimitReader(src.input, collectors.MaxFile+1))
		if err == nil && len(data) > collectors.MaxFile {
			err = fmt.Errorf("more than %d MiB", collectors.MaxFile>>20)
		}
		if tree := all.Stream(data); err == nil && tree != nil && !bytes.Contains(data[:min(len(data), 512)], []byte(fact.Schema)) {
			src.env.Tree = tree
			return false
		}
		s.addSaved(standardInput, data, err)
		return true
	}
	if src.env.Tree == nil {
		return false
	}
	files := savedFiles(src.env.Tree)
	for _, name := range files {
		data, err := fs.ReadFile(src.env.Tree.FS, name)
		src.env.MarkRead(name, "")
		s.addSaved(name, data, err)
	}
	return len(files) > 0
}

// addSaved adds the documents of one file. Derived ones are dropped: they are
// derived anew, from what is judged now.
func (s *session) addSaved(name string, data []byte, err error) {
	problem := func(summary, detail, hint string, at int64) {
		d := fact.Diagnostic{Severity: "error", Fatal: true, Summary: summary, Detail: detail, Hint: hint, Pos: fact.Position{Source: name}}
		if at >= 0 {
			d.Pos.Line, d.Pos.Column, d.Line = place(data, int(at))
		}
		s.diagnostics = append(s.diagnostics, d)
	}
	if err != nil {
		problem("cannot read facts", unwrapPath(err).Error(), "", -1)
		return
	}
	docs, err := fact.Read(bytes.NewReader(data))
	if err != nil {
		at := int64(-1)
		var bad *fact.ReadError
		if errors.As(err, &bad) {
			at = bad.Offset
		}
		problem("cannot read facts", err.Error(), "facts are JSON documents of schema "+fact.Schema+", one after another or in an array", at)
	}
	var kept []*fact.Document
	claimed := map[string]bool{}
	for _, d := range docs {
		switch {
		case ownKind(d.Kind) || d.Target.ID == "register" || d.Target.ID == "run":
			if !claimed[d.Kind] {
				problem("facts that only the register gives", fmt.Sprintf("a saved document of kind %s about %s is not taken", d.Kind, d.Target.ID), "name the register with --register", -1)
			}
			claimed[d.Kind] = true
		case d.Collector.Method == "derived" && derivable(d.Kind):
		default:
			s.yields[d.Kind] = true
			kept = append(kept, d)
		}
	}
	s.add(kept, name)
	for _, kind := range collectors.Closure(fact.SortedKeys(s.yields), all.Derivers()) {
		s.yields[kind] = true
	}
}

func derivable(kind string) bool {
	return slices.ContainsFunc(all.Derivers(), func(d collectors.Deriver) bool { return slices.Contains(d.Yields(), kind) })
}

// place is the line and column of an offset, and the line itself, cut to a
// readable length.
func place(data []byte, at int) (line, column int, text string) {
	at = max(0, min(at, len(data)))
	start := bytes.LastIndexByte(data[:at], '\n') + 1
	rest := data[start:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	column = len([]rune(string(data[start:at]))) + 1
	if len(rest) <= maxLine {
		text = strings.ToValidUTF8(string(rest), "\uFFFD")
	}
	return bytes.Count(data[:start], []byte("\n")) + 1, column, text
}

// unread says why no reader took a file.
func unread(tree *collectors.Tree, name string) string {
	if isSaved(name) && !tree.Named(name) {
		return "saved facts beside other files: name the file to use it"
	}
	if reason := tree.Left(name); reason != "" {
		return reason
	}
	if format := collectors.Recognise(tree.FS, name); format != "" {
		return format + ": recognised, not modelled in this version"
	}
	return "no collector reads it"
}
