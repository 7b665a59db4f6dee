package compose

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// learn tells the redactor of a value with the name of a secret.
func (l *loader) learn(name, value string) {
	if r := l.env.Redactor; r != nil {
		r.Learn(value)
		if fact.SensitiveName(name) && !strings.Contains(value, "${") && fact.PlausibleSecret(value) {
			r.Add(value)
		}
	}
}

// learnAll walks a file for what has the name of a secret, as a member or as
// NAME=value, and for texts that hold one.
func (l *loader) learnAll(n *node.Node, reference bool) {
	if l.env.Redactor == nil {
		return
	}
	for i, e := range n.Elems {
		name, text := "", e.Text
		if n.Kind == object {
			name = n.Keys[i].Name
		} else if before, after, given := strings.Cut(e.Text, "="); given {
			name, text = strings.TrimLeft(before, "-"), after
		}
		// Below "secrets" stand their names, and the names of what holds them.
		inside := reference || name == "secrets"
		if e.Kind == node.String || e.Kind == node.Number {
			if inside {
				name = ""
			}
			l.learn(name, text)
		}
		l.learnAll(e, inside && e.Kind != node.String)
	}
}
