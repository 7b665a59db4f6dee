package kubernetes

import (
	"encoding/base64"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// learner tells the redactor of secrets.
type learner struct {
	r *fact.Redactor
	// names remembers which are those of secrets: manifests use few.
	names map[string]bool
}

func (l learner) sensitive(name string) bool {
	is, known := l.names[name]
	if !known {
		is = fact.SensitiveName(name)
		l.names[name] = is
	}
	return is
}

// object learns the secrets in an object: what a Secret holds, what is given to the
// name of a secret, and what says itself that it is one.
func (l learner) object(o *Object) {
	if l.r == nil {
		return
	}
	if o.Kind == "Secret" && o.Group == "" {
		for _, part := range []string{"data", "stringData"} {
			n := o.Root.Get(part)
			if n == nil || n.Kind != node.Object {
				continue
			}
			for i, key := range n.Keys {
				l.secret(key.Name, n.Elems[i], part == "data")
			}
		}
	}
	l.named(o.Root, false)
}

// Decode decodes a value of a Secret's data: base64, perhaps broken into lines.
func Decode(text string) (string, bool) {
	text = strings.Join(strings.Fields(text), "")
	data, err := base64.StdEncoding.DecodeString(text)
	return string(data), err == nil
}

// secret notes one member of a Secret, as it stands and decoded. What stands
// beside secrets (username) would hide words that are none everywhere.
func (l learner) secret(key string, n *node.Node, encoded bool) {
	if n.Kind == node.Opaque { // it may be one or the other
		for line := range strings.Lines(n.Text) {
			l.secret(key, &node.Node{Kind: node.String, Text: strings.TrimSpace(line)}, encoded)
		}
		return
	}
	text, plain := scalar(n), scalar(n)
	if decoded, ok := Decode(text); encoded && ok {
		plain = decoded
	}
	if fact.HarmlessName(key) && !fact.SensitiveName(key) {
		l.r.Learn(plain)
		return
	}
	if encoded {
		for _, line := range strings.Fields(text) {
			if len(line) >= 8 {
				l.r.Add(line)
			}
		}
	}
	l.text(plain)
}

// text notes a secret. Of one with many lines, such as a configuration file,
// the values: its other words stand everywhere.
func (l learner) text(text string) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) == 1 || strings.HasPrefix(text, "-----BEGIN ") {
		if fact.PlausibleSecret(text) {
			l.r.Add(text)
		}
		return
	}
	l.r.Learn(text)
	for _, line := range lines {
		value := line
		if i := strings.IndexAny(line, "=:"); i >= 0 {
			value = line[i+1:]
		}
		value = strings.Trim(strings.TrimSpace(value), `"',;`)
		if len(value) >= 6 && !strings.Contains(value, " ") && fact.PlausibleSecret(value) {
			l.r.Add(value)
		}
	}
}

// named walks an object for members and pairs {name, value} that have the name
// of a secret, and for texts that hold one.
func (l learner) named(n *node.Node, secret bool) {
	switch n.Kind {
	case node.String:
		if secret && fact.PlausibleSecret(n.Text) {
			l.r.Add(n.Text)
		}
		l.r.Learn(n.Text)
	case node.Opaque:
		l.r.Learn(n.Text)
	case node.Array:
		for _, e := range n.Elems {
			l.named(e, secret)
		}
	case node.Object:
		name := n.Get("name")
		pair := name != nil && name.Kind == node.String && l.sensitive(name.Text)
		for i, key := range n.Keys {
			l.named(n.Elems[i], pair && key.Name == "value" || l.member(key.Name, n.Elems[i]))
		}
	}
}

// member leaves out the members that name secrets and hold none: secretName,
// imagePullSecrets, secretKeyRef, and secretKey where its value is a name of one
// (password).
func (l learner) member(name string, value *node.Node) bool {
	return value.Kind == node.String && l.sensitive(name) && !strings.HasSuffix(name, "Name") && !strings.HasSuffix(name, "Ref") && !strings.HasSuffix(name, "xistingSecret") && !l.sensitive(value.Text)
}
