package config

import (
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// objectKind is the raw object of a manifest.
const objectKind = "kubernetes.object"

// IsStream reports whether a text is in a format that is read without a file's name:
// manifests, and files of Compose.
func IsStream(data []byte) bool { return kubernetes.IsManifest(data) || compose.IsProject(data) }

// Watch subscribes to every object, if someone asks for them: they are large.
func (Collector) Watch(env *collectors.Env) {
	if !env.Wants(objectKind) {
		return
	}
	kubernetes.Watch(env, "config", nil, func(target fact.Target) kubernetes.Visitor {
		return objects{fact.NewBuilder(objectKind, target, env.Envelope("config", "kubernetes"), env.Now)}
	})
}

// objects keeps the objects of one target.
type objects struct{ b *fact.Builder }

// Object adds one object.
func (v objects) Object(o *kubernetes.Object) {
	at := o.Pos()
	it := v.b.Add(o.ID, "declared", at)
	it.Set("api_version", o.APIVersion, at).Set("group", o.Group, at).Set("kind", o.Kind, at)
	meta := o.Value(o.Root, "metadata")
	for _, field := range [][2]string{{"namespace", o.Namespace}, {"name", o.Name}} {
		if n := o.Value(meta, field[0]); n != nil && n.Kind == node.Opaque {
			it.Gap(field[0], n.Reason, o.At(n))
			continue
		}
		it.Set(field[0], field[1], at)
	}
	root := o.Root
	if o.Group == "" && o.Kind == "Secret" {
		root = withoutData(root)
	}
	body(it, "body", root, o.Source)
}

// withoutData is a Secret without what it holds.
func withoutData(root *node.Node) *node.Node {
	shown := *root
	shown.Elems = append([]*node.Node(nil), root.Elems...)
	for i, key := range root.Keys {
		if key.Name == "data" || key.Name == "stringData" {
			shown.Elems[i] = hidden(root.Elems[i])
		}
		if key.Name == "metadata" { // kubectl keeps the object as it was applied in an annotation
			shown.Elems[i] = withoutCopies(root.Elems[i])
		}
	}
	return &shown
}

func hidden(n *node.Node) *node.Node {
	out := *n
	out.Elems = nil
	for _, e := range n.Elems {
		out.Elems = append(out.Elems, hidden(e))
	}
	if n.Kind != node.Object && n.Kind != node.Array {
		out = node.Node{Kind: node.Opaque, Reason: "the value of a Secret", Line: n.Line, Column: n.Column, EndLine: n.EndLine, EndColumn: n.EndColumn}
	}
	return &out
}

func withoutCopies(meta *node.Node) *node.Node {
	out := *meta
	out.Elems = append([]*node.Node(nil), meta.Elems...)
	for i, key := range meta.Keys {
		if key.Name == "annotations" {
			out.Elems[i] = hidden(meta.Elems[i])
		}
	}
	return &out
}

// Documents returns the objects.
func (v objects) Documents() []*fact.Document { return []*fact.Document{v.b.Document()} }
