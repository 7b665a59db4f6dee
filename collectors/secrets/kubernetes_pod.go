package secrets

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// pod finds the secrets in the environments and command lines of containers.
func (w manifest) pod(pod kubernetes.Pod) {
	containers, reason := pod.Containers()
	if reason != "" {
		w.b.Incomplete(w.ID + ": its containers: " + reason)
	}
	for _, c := range containers {
		place := w.ID + "/" + c.Name
		env, reason := w.List(c.Node, "env")
		if reason != "" {
			w.b.Incomplete(place + "/env: " + reason)
		}
		for _, v := range env {
			w.variable(v, place+"/env")
		}
		from, reason := w.List(c.Node, "envFrom")
		if reason != "" {
			w.b.Incomplete(place + "/envFrom: " + reason)
		}
		for _, f := range from {
			if ref := w.Value(f, "secretRef"); ref != nil {
				w.note("secret_reference", "env", "reference", "pattern", place+"/envFrom/"+textOf(ref.Get("name")), ref)
			}
		}
		for _, list := range []string{"command", "args"} {
			w.arguments(c.Get(list), place+"/"+list)
		}
	}
}

// variable judges one environment variable.
func (w manifest) variable(v *node.Node, place string) {
	name := v.Get("name")
	place += "/" + textOf(name)
	if ref := w.Value(v, "valueFrom", "secretKeyRef"); ref != nil {
		w.note("secret_reference", "env", "reference", "pattern", place, ref)
	}
	value := v.Get("value")
	switch {
	case value.IsNull():
	case value.Kind == node.Opaque:
		w.b.Incomplete(place + ": " + value.Reason)
	case value.Kind == node.Array || value.Kind == node.Object:
		w.b.Incomplete(place + ": it is not a string")
	default:
		w.text(textOf(name), value, place, "env")
	}
}

// arguments judges a command line: --password=x, --password x, and shapes.
func (w manifest) arguments(list *node.Node, place string) {
	switch {
	case list.IsNull():
		return
	case list.Kind == node.Opaque:
		w.b.Incomplete(place + ": " + list.Reason)
		return
	}
	for i, e := range list.Elems {
		if e.Kind == node.Opaque {
			w.b.Incomplete(place + ": " + e.Reason)
			continue
		}
		if option, ok := strings.CutPrefix(e.Text, "-"); ok {
			name, _, given := strings.Cut(strings.TrimLeft(option, "-"), "=")
			switch {
			case given:
				w.text(name, &node.Node{Kind: node.String, Text: e.Text[strings.IndexByte(e.Text, '=')+1:], Line: e.Line, Column: e.Column, EndLine: e.EndLine}, place+"/"+name, "source")
				continue
			case isSecretName(name) && i+1 < len(list.Elems) && !strings.HasPrefix(list.Elems[i+1].Text, "-"):
				w.given(list.Elems[i+1], place+"/"+name, "source")
			}
		}
		w.text("", e, place, "source")
	}
}

func textOf(n *node.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// text judges a text with a name: the shapes in it, the values that it assigns to
// names of secrets, and itself if its own name is that of one.
func (w manifest) text(name string, n *node.Node, place, carrier string) {
	if n.Kind != node.String && n.Kind != node.Number {
		return
	}
	shaped := false
	for _, f := range search(n.Text) {
		w.add(match{rule: f.Rule, carrier: carrier, form: f.Form, by: "pattern", place: place, at: w.row(n, strings.Count(n.Text[:f.Start], "\n"))}, f.Value)
		shaped = true
	}
	if shaped && !strings.Contains(n.Text, "\n") {
		return // it is told of
	}
	if isSecretName(name) && !strings.Contains(strings.TrimSpace(n.Text), "\n") {
		w.given(n, place, carrier)
		return
	}
	row := 0
	for text := range strings.Lines(n.Text) {
		for _, part := range strings.Split(text, ";") {
			w.assignment(part, place, carrier, w.row(n, row))
		}
		row++
	}
}

// row is the place of a line of a text: those of a block stand below its indicator.
func (w manifest) row(n *node.Node, row int) fact.Position {
	at := w.At(n)
	if n.EndLine > n.Line {
		line := min(n.Line+1+row, n.EndLine)
		at = fact.Position{Source: at.Source, Line: line, Column: 1, EndLine: line}
	}
	return at
}

// assignment judges NAME=value, name: value and "name": "value".
func (w manifest) assignment(text, place, carrier string, at fact.Position) {
	text = strings.TrimPrefix(strings.Trim(text, " \t\r\n{},"), "export ")
	i := strings.IndexAny(text, "=:")
	if i <= 0 {
		return
	}
	name := strings.Trim(text[:i], " \"'")
	value := strings.Trim(strings.TrimLeft(text[i+1:], "=: \t"), " \"',")
	if strings.ContainsAny(name, " \t<>(") || !isSecretName(name) || len(value) < 3 {
		return
	}
	if form := formOf(value); form != "" && !strings.HasPrefix(value, "$") && !strings.HasPrefix(value, "`") {
		if form != "literal" {
			value = ""
		}
		w.add(match{rule: "secret_name", carrier: carrier, form: form, by: "name", place: place + "/" + name, at: at}, value)
	}
}
