package kubernetes

import (
	"encoding/base64"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// learn tells the redactor of the secrets in an object: what a Secret holds, what is
// given to the name of a secret, and what says itself that it is one.
func learn(r *fact.Redactor, o *Object) {
	if r == nil {
		return
	}
	if o.Kind == "Secret" && o.Group == "" {
		for _, part := range []string{"data", "stringData"} {
			n := o.Root.Get(part)
			if n == nil || n.Kind != node.Object {
				continue
			}
			for i, key := range n.Keys {
				learnSecret(r, key.Name, n.Elems[i], part == "data")
			}
		}
	}
	learnNamed(r, o.Root, false)
}

// Decode decodes a value of a Secret's data: base64, perhaps broken into lines.
func Decode(text string) (string, bool) {
	text = strings.Join(strings.Fields(text), "")
	data, err := base64.StdEncoding.DecodeString(text)
	return string(data), err == nil
}

// learnSecret notes one member of a Secret, as it stands and decoded. What stands
// beside secrets (username) would hide words that are none everywhere.
func learnSecret(r *fact.Redactor, key string, n *node.Node, encoded bool) {
	text, plain := scalar(n), scalar(n)
	if decoded, ok := Decode(text); encoded && ok {
		plain = decoded
	}
	if fact.HarmlessName(key) && !fact.SensitiveName(key) {
		r.Learn(plain)
		return
	}
	if encoded {
		for _, line := range strings.Fields(text) {
			if len(line) >= 8 {
				r.Add(line)
			}
		}
	}
	learnText(r, plain)
}

// learnText notes a secret. Of one with many lines, such as a configuration file,
// the values: its other words stand everywhere.
func learnText(r *fact.Redactor, text string) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) == 1 || strings.HasPrefix(text, "-----BEGIN ") {
		if fact.PlausibleSecret(text) {
			r.Add(text)
		}
		return
	}
	r.Learn(text)
	for _, line := range lines {
		value := line
		if i := strings.IndexAny(line, "=:"); i >= 0 {
			value = line[i+1:]
		}
		value = strings.Trim(strings.TrimSpace(value), `"',;`)
		if len(value) >= 6 && !strings.Contains(value, " ") && fact.PlausibleSecret(value) {
			r.Add(value)
		}
	}
}

// learnNamed walks an object for members and pairs {name, value} that have the name
// of a secret, and for texts that hold one.
func learnNamed(r *fact.Redactor, n *node.Node, secret bool) {
	switch n.Kind {
	case node.String:
		if secret && fact.PlausibleSecret(n.Text) {
			r.Add(n.Text)
		}
		r.Learn(n.Text)
	case node.Opaque:
		r.Learn(n.Text)
	case node.Array:
		for _, e := range n.Elems {
			learnNamed(r, e, secret)
		}
	case node.Object:
		name := n.Get("name")
		pair := name != nil && name.Kind == node.String && fact.SensitiveName(name.Text)
		for i, key := range n.Keys {
			learnNamed(r, n.Elems[i], pair && key.Name == "value" || sensitiveMember(key.Name, n.Elems[i]))
		}
	}
}

// sensitiveMember leaves out the members of the API itself that name secrets:
// secretName, imagePullSecrets, secretKeyRef, automountServiceAccountToken.
func sensitiveMember(name string, value *node.Node) bool {
	return value.Kind == node.String && fact.SensitiveName(name) && !strings.HasSuffix(name, "Name") && !strings.HasSuffix(name, "Ref")
}
