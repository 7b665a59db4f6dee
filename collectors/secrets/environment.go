package secrets

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/dotenv"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/secret"
)

// variables adds the secrets, by their names, of a file of environment variables.
// What no shape gives away is told by the name it is given to.
func variables(name string, data []byte) (named []given, reason string) {
	if !secret.EnvFile(name) || binary(data) {
		return nil, ""
	}
	docs, diagnostics := dotenv.Read(name, data)
	var out []given
	for _, d := range docs {
		for i, key := range d.Root.Keys {
			n := d.Root.Elems[i]
			one := match{rule: "secret_name", carrier: "env", by: "name", place: name + "/" + key.Name, at: n.Pos(name)}
			if !isSecretName(key.Name) {
				continue
			}
			switch n.Kind {
			case node.String:
				if one.form = formOf(n.Text); one.form == "" || one.form == secret.Literal && secret.Placeholder(n.Text) {
					continue
				}
				out = append(out, given{one, n.Text})
			case node.Opaque:
				switch {
				case n.Text == key.Name || strings.ContainsAny(n.Text, "$`"):
					one.form = secret.Reference // another variable, or what a command prints
				case n.Text == "":
					one.reason = n.Reason
				default:
					one.form = secret.Literal // whatever programs make of it
				}
				out = append(out, given{one, n.Text})
			}
		}
	}
	if len(diagnostics) > 0 && len(docs) == 0 {
		return out, name + ": not searched for names of secrets: " + diagnostics[0].Summary
	}
	return out, ""
}

// given is a match and its value.
type given struct {
	match
	value string
}
