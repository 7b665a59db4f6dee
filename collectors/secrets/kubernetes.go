package secrets

import (
	"context"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Watch subscribes to every object: any may hold a secret.
func (c Collector) Watch(env *collectors.Env) {
	told := linesTold(env)
	kubernetes.Watch(env, c.Name(), nil, func(target fact.Target) kubernetes.Visitor {
		b := fact.NewBuilder("secret.match", target, env.Envelope(c.Name(), "kubernetes"), env.Now)
		return &manifests{lines: told, matches: &matches{b: b, env: env, ids: map[string]int{}, lines: map[string][]string{}, literals: map[literal]bool{}}}
	})
}

// line is a line of a file.
type line struct {
	name   string
	number int
}

// linesTold are the lines of manifests in which a secret was told of: the search of
// texts need not tell of it again.
func linesTold(env *collectors.Env) map[line]bool {
	return env.Once("secrets told of manifests", func() any { return map[line]bool{} }).(map[line]bool)
}

// manifestMatches returns the documents about manifests, and the lines they tell of.
func manifestMatches(ctx context.Context, env *collectors.Env, name string) ([]*fact.Document, map[line]bool, error) {
	docs, err := kubernetes.Documents(ctx, env, name)
	return docs, linesTold(env), err
}

// manifests finds the secrets in the manifests of one target.
type manifests struct {
	*matches
	lines map[line]bool
}

func (m *manifests) Documents() []*fact.Document { return []*fact.Document{m.document()} }

// Object finds the secrets of one object: by what it is, else by names.
func (m *manifests) Object(o *kubernetes.Object) {
	w := manifest{m, o}
	switch o.Group + "/" + o.Kind {
	case "/Secret":
		w.secret()
	case "/ConfigMap":
		for _, part := range []string{"data", "binaryData"} {
			w.each(part, func(key string, n *node.Node, place string) { w.text(key, n, place, "configmap") })
		}
	case "bitnami.com/SealedSecret":
		w.each("spec.encryptedData", func(key string, n *node.Node, place string) {
			w.note("secret_data", "secret_manifest", "encrypted", "pattern", place, n)
		})
	case "external-secrets.io/ExternalSecret", "kubernetes-client.io/ExternalSecret":
		w.external()
	case "secrets-store.csi.x-k8s.io/SecretProviderClass":
		w.note("secret_data", "secret_manifest", "reference", "pattern", o.ID, o.Root.Get("spec"))
	case "/Config": // how a person or a program logs in to clusters
		w.keys(o.Root, o.ID)
	case "apiserver.config.k8s.io/EncryptionConfiguration", "apiserver.config.k8s.io/EncryptionConfig", "/EncryptionConfig":
		w.keys(o.Root, o.ID)
	default:
		if pod, ok := o.Pod(); ok {
			w.pod(pod)
			return
		}
		w.named(o.Root, o.ID)
	}
}

// manifest is one object while it is searched.
type manifest struct {
	*manifests
	*kubernetes.Object
}

// note adds a match at a node.
func (w manifest) note(rule, carrier, form, by, place string, n *node.Node) {
	w.add(match{rule: rule, carrier: carrier, form: form, by: by, place: place, at: w.At(n)}, "")
}

func (w manifest) add(one match, value string) {
	w.manifests.lines[line{one.at.Source, one.at.Line}] = true
	w.matches.secret(one, value)
}

// each calls f for the members of a mapping; one that is not known makes the search
// incomplete.
func (w manifest) each(path string, f func(key string, n *node.Node, place string)) {
	n := w.Value(w.Root, strings.Split(path, ".")...)
	place := w.ID + "/" + strings.ReplaceAll(path, ".", "/")
	switch {
	case n == nil:
		return
	case n.Kind != node.Object:
		w.b.Incomplete(place + ": " + reasonOf(n))
		return
	}
	for i, key := range n.Keys {
		if n.Elems[i].Kind == node.Opaque {
			w.b.Incomplete(place + "/" + key.Name + ": " + n.Elems[i].Reason)
			continue
		}
		f(key.Name, n.Elems[i], place+"/"+key.Name)
	}
}

func reasonOf(n *node.Node) string {
	if n.Kind == node.Opaque {
		return n.Reason
	}
	return "it is not a mapping"
}

// secret tells of what a Secret holds, unless it is public by its name: a
// certificate, a user's name.
func (w manifest) secret() {
	for _, part := range []string{"data", "stringData"} {
		w.each(part, func(key string, n *node.Node, place string) {
			if n.Kind == node.Array || n.Kind == node.Object {
				w.b.Incomplete(place + ": it is not a string")
				return
			}
			text := n.Text
			if part == "data" {
				if decoded, ok := kubernetes.Decode(text); ok {
					text = decoded
				}
			}
			form := formOf(text)
			if form == "" || publicKey(key, text) {
				return
			}
			if strings.HasPrefix(text, "<path:") || strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">") {
				form = "reference"
			}
			w.add(match{rule: "secret_data", carrier: "secret_manifest", form: form, by: "pattern", place: place, at: w.At(n)}, oneLine(text))
		})
	}
}

// oneLine is a text that the redactor may mask wherever it stands, "" for one of
// several lines: its lines stand elsewhere too.
func oneLine(text string) string {
	if strings.Contains(strings.TrimSpace(text), "\n") || !fact.PlausibleSecret(text) {
		return ""
	}
	return text
}

// publicKey reports whether a member of a Secret holds none by its name or form.
func publicKey(key, text string) bool {
	switch key {
	case "tls.crt", "ca.crt", "ca.pem", "ca-bundle.crt", "namespace", "known_hosts":
		return true
	}
	if strings.HasPrefix(text, "-----BEGIN CERTIFICATE") && !strings.Contains(text, "PRIVATE KEY") {
		return true
	}
	return fact.HarmlessName(key) && !isSecretName(key) && len(search(text)) == 0
}

// external tells of what an ExternalSecret refers to.
func (w manifest) external() {
	for _, path := range [][]string{{"spec", "data"}, {"spec", "dataFrom"}, {"data"}} {
		list, reason := w.List(w.Root, path...)
		if reason != "" {
			w.b.Incomplete(w.ID + ": " + reason)
		}
		for _, n := range list {
			place := w.ID + "/" + strings.Join(path, "/")
			for _, name := range []string{"secretKey", "name"} {
				if key := n.Get(name); !key.IsNull() {
					place += "/" + key.Text
				}
			}
			w.note("secret_data", "secret_manifest", "reference", "pattern", place, n)
		}
	}
}

// loginKeys are the members of an EncryptionConfiguration and of a configuration of
// kubectl that hold nothing but secrets.
var loginKeys = []string{"secret", "token", "password", "client-key-data", "id-token", "refresh-token", "client-secret", "access-token"}

// keys tells of the keys that such a configuration holds.
func (w manifest) keys(n *node.Node, place string) {
	for i, e := range n.Elems {
		at := place
		if n.Kind == node.Object {
			at += "/" + n.Keys[i].Name
		}
		switch {
		case e.Kind == node.Opaque:
			w.b.Incomplete(at + ": " + e.Reason)
		case n.Kind == node.Object && slices.Contains(loginKeys, n.Keys[i].Name) && formOf(e.Text) != "":
			w.add(match{rule: "secret_data", carrier: "secret_manifest", form: formOf(e.Text), by: "pattern", place: at, at: w.At(e)}, oneLine(e.Text))
		default:
			w.keys(e, at)
		}
	}
}

// pointers end names that, in manifests, name the object that holds a secret.
var pointers = []string{"secret", "secrets", "credentials", "credential"}

// named walks what is not modelled for members with the name of a secret.
func (w manifest) named(n *node.Node, place string) {
	switch n.Kind {
	case node.Array:
		for _, e := range n.Elems {
			w.named(e, place)
		}
	case node.Object:
		for i, key := range n.Keys {
			e := n.Elems[i]
			if e.Kind == node.String && isSecretName(key.Name) {
				if name := words(key.Name); slices.Contains(pointers, name[len(name)-1]) {
					continue
				}
				w.given(e, place+"/"+key.Name, "source")
				continue
			}
			w.named(e, place+"/"+key.Name)
		}
	}
}

// given tells of a value that has the name of a secret.
func (w manifest) given(n *node.Node, place, carrier string) {
	form := formOf(n.Text)
	if form == "" {
		return
	}
	value := n.Text
	if form != "literal" {
		value = ""
	}
	w.add(match{rule: "secret_name", carrier: carrier, form: form, by: "name", place: place, at: w.At(n)}, value)
}
