package config

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// minNumber is the shortest number that is masked as a secret: shorter ones occur
// everywhere.
const minNumber = 6

// learn tells the redactor of secrets in a raw document that stand where
// [fact.Redactor.LearnRaw] does not look, which is told of strings under sensitive
// names: numbers, what is opaque, values beside their names, and arguments behind an
// option.
func learn(r *fact.Redactor, n *node.Node) { learnNode(r, n, false) }

func learnNode(r *fact.Redactor, n *node.Node, secret bool) {
	switch n.Kind {
	case node.Number:
		if secret && len(n.Text) >= minNumber {
			r.Add(n.Text)
		}
	case node.Opaque:
		text := strings.Trim(n.Text, "\"'`")
		if secret && !strings.Contains(text, "$") && !strings.Contains(text, "\n") && fact.PlausibleSecret(text) {
			r.Add(text)
			if first, _, more := strings.Cut(text, " "); more && len(first) >= minNumber {
				r.Add(first) // what follows may be a comment
			}
		}
		r.Learn(n.Text)
		for _, e := range n.Elems {
			if secret && e.Kind == node.String && fact.PlausibleSecret(e.Text) {
				r.Add(e.Text)
			}
			r.Learn(e.Text)
			learnNode(r, e, secret)
		}
	case node.Array:
		for i, e := range n.Elems {
			learnNode(r, e, secret)
			if e.Kind == node.String && i > 0 && option(n.Elems[i-1]) && !strings.HasPrefix(e.Text, "-") && fact.PlausibleSecret(e.Text) {
				r.Add(e.Text)
			}
		}
	case node.Object:
		for i, e := range n.Elems {
			name := n.Keys[i].Name
			learnNode(r, e, fact.SensitiveName(name) || secret && !fact.HarmlessName(name))
		}
		pair(r, n)
	}
}

// option reports whether an argument is an option that a secret follows:
// "--password".
func option(n *node.Node) bool {
	return n.Kind == node.String && strings.HasPrefix(n.Text, "-") && !strings.Contains(n.Text, "=") && fact.SensitiveName(n.Text)
}

// pair learns the value of {"name": "DB_PASSWORD", "value": "…"}, as environments
// are written in many formats; in XML the two are attributes.
func pair(r *fact.Redactor, n *node.Node) {
	for _, names := range [][2]string{{"name", "value"}, {"key", "value"}, {"Name", "Value"}, {"Key", "Value"}, {"-name", "-value"}, {"-key", "-value"}, {"-name", "#content"}} {
		name, value := n.Get(names[0]), n.Get(names[1])
		if name == nil || value == nil || name.Kind != node.String || !fact.SensitiveName(name.Text) {
			continue
		}
		if value.Kind == node.String && fact.PlausibleSecret(value.Text) {
			r.Add(value.Text)
		}
		learnNode(r, value, true)
	}
}
