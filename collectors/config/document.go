package config

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strconv"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/ini"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// documentKind is the raw document of any format that has a reader.
const documentKind = "config.document"

// maxValues bounds the values of all documents of a source: raw documents are kept
// whole, with the place of each value.
const maxValues = 1 << 20

// documents returns one document per folder that holds files of a known format, in
// the order of the folders. They are large, so only when someone asks for them.
func documents(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	if !env.Wants(documentKind) || env.Tree == nil {
		return nil, nil
	}
	c := &documentCollection{env: env, formats: formats(), folders: map[string]*fact.Builder{}}
	for _, name := range env.Tree.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if f := formatOf(c.formats, name); f != nil {
			c.file(f, name)
		}
	}
	for _, s := range env.Tree.Skipped {
		if f := formatOf(c.formats, s.Path); f != nil && s.Refused {
			c.missing(f.name, s.Path, 0, s.Reason)
		}
	}
	var docs []*fact.Document
	for _, folder := range fact.SortedKeys(c.folders) {
		docs = append(docs, c.folders[folder].Document())
	}
	return docs, nil
}

type documentCollection struct {
	env     *collectors.Env
	formats []format
	folders map[string]*fact.Builder
	values  int
}

// folder returns the builder of a file's folder.
func (c *documentCollection) folder(name string) *fact.Builder {
	dir := path.Dir(name)
	b := c.folders[dir]
	if b == nil {
		b = fact.NewBuilder(documentKind, fact.Target{ID: "config/" + dir}, c.env.Envelope("config", "document"), c.env.Now)
		c.folders[dir] = b
	}
	return b
}

// file adds the documents of a file. One that cannot be read has a body that is not
// known, so that a control about it does not pass for want of it.
func (c *documentCollection) file(f *format, name string) {
	data, err := collectors.ReadFile(c.env.Tree.FS, name, text.MaxSize)
	if err != nil {
		c.tell([]fact.Diagnostic{{Severity: "error", Fatal: true, Summary: "cannot read", Detail: err.Error(), Pos: fact.Position{Source: name}}})
		c.missing(f.name, name, 0, "the file cannot be read: "+err.Error())
		return
	}
	sum := sha256.Sum256(data)
	digest := hex.EncodeToString(sum[:])
	b := c.folder(name)
	b.Source(name, digest)
	if f.name == "ini" && ini.Binary(data) {
		const binary = "binary, whatever its name says"
		c.env.Tree.Leave(name, binary)
		c.missing(f.name, name, 0, binary)
		return
	}
	switch collectors.Recognise(c.env.Tree.FS, name) {
	case "": // else it is still named as not modelled
		c.env.MarkRead(name, digest)
	case "Helm chart":
		if template(data) {
			c.missing(f.name, name, 0, "a template of Helm: render it, and collect the result")
			return
		}
	}
	format, docs, diagnostics := f.parse(name, data)
	c.tell(diagnostics)
	problem := firstError(diagnostics)
	if problem != nil && len(docs) == 0 {
		c.missing(format, name, 0, "the file cannot be parsed: "+problem.Summary)
		return
	}
	if problem != nil {
		b.Incomplete(name + " may hold more documents: " + problem.Summary)
	}
	for _, d := range docs {
		if c.values += size(d.Root); c.values > maxValues {
			c.missing(format, name, d.Index, "the documents of this source hold more than "+strconv.Itoa(maxValues)+" values")
			return
		}
		learn(c.env.Redactor, d.Root)
		it := c.item(format, name, d.Index, d.Root.Pos(name))
		body(it, "body", d.Root, name)
	}
}

// template reports whether a text holds an action of a template.
func template(data []byte) bool { return bytes.Contains(data, []byte("{{")) }

// item begins the item of one document.
func (c *documentCollection) item(format, name string, index int, at fact.Position) *fact.ItemBuilder {
	id := name
	if index > 0 {
		id += "#" + strconv.Itoa(index)
	}
	return c.folder(name).Add(id, "declared", at).Set("path", name, at).Set("format", format, at).Set("index", index, at)
}

// missing adds a document whose body is not known. It stands at no line: a finding
// would show it, and nobody has looked for secrets there.
func (c *documentCollection) missing(format, name string, index int, reason string) {
	at := fact.Position{Source: name}
	c.folder(name).Incomplete(name + ": " + reason)
	c.item(format, name, index, at).Gap("body", reason, at)
}

// tell hands on what a reader found. That a file cannot be parsed ends the run only
// if someone asked for its raw document by name.
func (c *documentCollection) tell(diagnostics []fact.Diagnostic) {
	for _, d := range diagnostics {
		d.Fatal = d.Fatal && c.env.Kinds[documentKind]
		c.env.Diagnose(d)
	}
}

// size counts the values of a tree.
func size(n *node.Node) int {
	total := 1
	for _, e := range n.Elems {
		total += size(e)
	}
	return total
}

// body stores a tree under a name, with its gaps and places.
func body(it *fact.ItemBuilder, name string, n *node.Node, source string) {
	at := n.Pos(source)
	switch n.Kind {
	case node.Null:
		it.Gap(name, "written as null", at)
	case node.Bool:
		it.Set(name, n.Text == "true", at)
	case node.Number:
		it.Set(name, number(n.Text), at)
	case node.String:
		it.Set(name, n.Text, at)
	case node.Array:
		it.Set(name, []any{}, at)
		for i, e := range n.Elems {
			body(it.Element(name, i), strconv.Itoa(i), e, source)
		}
	case node.Object:
		object := it.Object(name, at)
		for i, e := range n.Elems {
			body(object, n.Keys[i].Name, e, source)
		}
	default:
		it.Gap(name, n.Reason, at)
	}
}
