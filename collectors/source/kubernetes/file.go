package kubernetes

import (
	"bytes"
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/json"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// file is what one file holds.
type file struct {
	objects     []*Object
	diagnostics []fact.Diagnostic
	// missing says what of it could not be read.
	missing []string
	digest  string // hex SHA-256
	// template is set if what cannot be parsed is text that something fills in.
	template bool
}

// IsManifest reports whether a text may hold manifests: it names apiVersion and kind
// as members of something. Few texts do that hold none; parsing tells.
func IsManifest(data []byte) bool {
	data = collectors.Narrow(data)
	return member(data, "apiVersion") && member(data, "kind")
}

// member reports whether a text has a key of that name, in YAML or JSON.
func member(data []byte, name string) bool {
	for {
		i := bytes.Index(data, []byte(name))
		if i < 0 {
			return false
		}
		before, after := data[:i], data[i+len(name):]
		if n := len(before); n > 0 && (before[n-1] == '"' || before[n-1] == '\'') {
			before = before[:n-1]
		}
		if len(after) > 0 && (after[0] == '"' || after[0] == '\'') {
			after = after[1:]
		}
		begins := len(before) == 0 || bytes.IndexByte([]byte(" \t\r\n{,\xbf"), before[len(before)-1]) >= 0
		if after = bytes.TrimLeft(after, " \t\r\n"); begins && len(after) > 0 && after[0] == ':' {
			return true
		}
		data = data[i+len(name):]
	}
}

// isJSON reports whether a file is to be read as JSON and not as YAML.
func isJSON(name string, data []byte) bool {
	return path.Ext(name) == ".json" || path.Ext(name) == "" && bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{"))
}

// parse reads the objects of a file.
func parse(name string, data []byte) *file {
	f := &file{}
	var docs []node.Document
	if isJSON(name, data) {
		docs, f.diagnostics = json.Read(name, data)
	} else {
		docs, f.diagnostics = yaml.ReadAs(yaml.Kubernetes, name, data)
	}
	f.template = bytes.Contains(data, []byte("{{")) || bytes.Contains(data, []byte("{%"))
	fatal := false
	for i, d := range f.diagnostics {
		fatal = fatal || d.Fatal
		if f.template && d.Fatal && d.Summary == yaml.SyntaxError {
			f.diagnostics[i].Severity, f.diagnostics[i].Fatal = "warning", false
			f.diagnostics[i].Hint = "it looks like a template: render it and give the result to writ check -"
		}
	}
	f.template = f.template && fatal
	for _, d := range f.diagnostics { // of YAML the document itself says that it cannot be read
		if d.Fatal && isJSON(name, data) {
			f.missing = append(f.missing, name+": "+d.Summary)
		}
	}
	for _, d := range docs {
		f.add(name, d.Root, "", "", 0)
	}
	return f
}

// maxLists bounds lists within lists.
const maxLists = 5

// add takes one document, or one item of a list, which may leave its kind to the
// list.
func (f *file) add(name string, root *node.Node, apiVersion, kind string, depth int) {
	miss := func(reason string) { f.missing = append(f.missing, name+": "+reason) }
	switch root.Kind {
	case node.Null:
		return
	case node.Opaque:
		miss(root.Reason)
		return
	case node.Array: // some tools write a list of objects
		for _, e := range root.Elems {
			f.add(name, e, "", "", depth+1)
		}
		return
	case node.Object:
	default:
		miss("a document is no object")
		return
	}
	if v := scalar(root.Get("apiVersion")); v != "" {
		apiVersion = v
	}
	if v := scalar(root.Get("kind")); v != "" {
		kind = v
	}
	if apiVersion == "" || kind == "" {
		if root.Has("apiVersion") || root.Has("kind") {
			miss("an object does not say its apiVersion and kind")
			f.warn(root, name, "the object does not say its apiVersion and kind", "it is not judged")
		}
		return
	}
	items := root.Get("items")
	if !strings.HasSuffix(kind, "List") || items == nil {
		f.objects = append(f.objects, newObject(name, apiVersion, kind, root))
		return
	}
	switch {
	case items.Kind == node.Opaque:
		miss(items.Reason)
	case items.Kind != node.Array || depth == maxLists:
		miss("the items of a list cannot be read")
		f.warn(items, name, "the items of the list cannot be read", "they are not judged")
	default:
		of := strings.TrimSuffix(kind, "List")
		version := apiVersion
		if of == "" {
			version = ""
		}
		for _, item := range items.Elems {
			f.add(name, item, version, of, depth+1)
		}
	}
}

func (f *file) warn(n *node.Node, name, summary, detail string) {
	f.diagnostics = append(f.diagnostics, fact.Diagnostic{Severity: "warning", Summary: summary, Detail: detail, Pos: n.Pos(name)})
}
