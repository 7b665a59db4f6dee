package secrets

import (
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/dotenv"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/secret"
	"github.com/writ-policy/writ/engine/fact"
)

// composed returns the secrets in the files of Compose projects. Each file is searched
// as it stands: what another file replaces, or no service uses, is in it all the
// same. Where a variable stands in a value, its default is what the file gives away.
func composed(env *collectors.Env, name string) []*fact.Document {
	told := linesTold(env)
	var docs []*fact.Document
	for _, t := range compose.Targets(env) {
		b := fact.NewBuilder("secret.match", t.Target, env.Envelope(name, "compose"), env.Now)
		m := &manifests{lines: told, matches: &matches{b: b, env: env, ids: map[string]int{}, lines: map[string][]string{}, literals: map[literal]bool{}}}
		for _, p := range t.Projects {
			for _, reason := range p.Missing {
				b.Incomplete(reason)
			}
		}
		for _, f := range t.Files {
			b.Source(f.Name, "")
			for _, d := range f.Docs {
				c := &composeFile{manifest: manifest{m, &kubernetes.Object{ID: f.Name, Root: d.Root, Source: f.Name}}, env: env,
					dirs: []string{path.Dir(f.Name), strings.TrimPrefix(t.ID, "config/")}, seen: map[*node.Node]bool{}}
				c.walk(d.Root, nil)
			}
		}
		docs = append(docs, m.document())
	}
	return docs
}

// composeFile is a document of a file while it is searched. The object of the
// manifest it stands on is the file: it knows where its nodes are.
type composeFile struct {
	manifest
	env *collectors.Env
	// dirs are the folders that paths in the file may be relative to.
	dirs []string
	// seen holds what was searched: what stands behind aliases is told once.
	seen map[*node.Node]bool
}

// walk searches a tree; at is the path of the node.
func (c *composeFile) walk(n *node.Node, at []string) {
	if c.seen[n] {
		return
	}
	c.seen[n] = true
	switch {
	case n.Kind == node.Opaque:
		c.b.Incomplete(c.place(at) + ": " + n.Reason)
	case len(at) == 2 && at[0] == "secrets":
		c.declared(n, at)
	case len(at) == 3 && at[0] == "services" && at[2] == "env_file":
		c.envFiles(n, at)
	case isCommand(at):
		c.command(n, at)
	case n.Kind == node.Array:
		for _, e := range n.Elems {
			c.element(e, at)
		}
	case n.Kind == node.Object:
		for i, key := range n.Keys {
			c.member(key.Name, n.Elems[i], append(slices.Clone(at), key.Name))
		}
	}
}

func (c *composeFile) place(at []string) string { return path.Join(c.Source, path.Join(at...)) }

// member searches a member: a text by its name, anything else by what is in it.
func (c *composeFile) member(name string, n *node.Node, at []string) {
	if n.Kind != node.String && n.Kind != node.Number || isCommand(at) || len(at) == 3 && at[2] == "env_file" {
		c.walk(n, at)
		return
	}
	if c.seen[n] {
		return
	}
	c.seen[n] = true
	if len(at) > 2 && at[len(at)-2] == "driver_opts" && name == "o" { // options of a mount
		for _, option := range strings.Split(n.Text, ",") {
			key, value, _ := strings.Cut(option, "=")
			c.text(key, shown(n, value), c.place(at)+"/"+key, "source")
		}
		return
	}
	c.text(name, shown(n, n.Text), c.place(at), carrierAt(at))
}

// element searches an element of a list: NAME=value, or a text.
func (c *composeFile) element(e *node.Node, at []string) {
	if e.Kind != node.String {
		c.walk(e, at)
		return
	}
	if c.seen[e] {
		return
	}
	c.seen[e] = true
	if name, value, given := strings.Cut(e.Text, "="); given && !strings.ContainsAny(name, " \t/:") {
		c.text(name, shown(e, value), c.place(at)+"/"+name, carrierAt(at))
		return
	}
	c.text("", shown(e, e.Text), c.place(at), carrierAt(at))
}

// carrierAt tells what carries a value at a path.
func carrierAt(at []string) string {
	switch {
	case slices.Contains(at, "environment") || len(at) > 0 && strings.HasPrefix(at[0], "x-"):
		return "env"
	case len(at) > 0 && at[0] == "configs":
		return "configmap"
	}
	return "source"
}

// isCommand reports whether a command line stands at a path.
func isCommand(at []string) bool {
	if len(at) < 3 || at[0] != "services" {
		return false
	}
	switch at[2] {
	case "command", "entrypoint":
		return len(at) == 3
	case "healthcheck":
		return len(at) == 4 && at[3] == "test"
	}
	return slices.Contains([]string{"post_start", "pre_start", "pre_stop"}, at[2]) && at[len(at)-1] == "command"
}

// command searches a command line, which may be one text.
func (c *composeFile) command(n *node.Node, at []string) {
	list := &node.Node{Kind: node.Array, Line: n.Line, Column: n.Column, EndLine: n.EndLine}
	switch n.Kind {
	case node.String:
		for _, word := range strings.Fields(n.Text) {
			list.Elems = append(list.Elems, shown(n, strings.Trim(word, `"'`)))
		}
	case node.Array:
		for _, e := range n.Elems {
			list.Elems = append(list.Elems, shown(e, e.Text))
		}
	}
	c.arguments(list, c.place(at))
}

// shown is a copy of a text in which each variable is what the file says of it: its
// default, or a reference.
func shown(n *node.Node, text string) *node.Node {
	out := *n
	if n.Kind == node.String {
		out.Text = compose.Defaults(text)
	}
	return &out
}

// declared tells of a secret that is declared: a reference, unless the file that
// holds it is itself one of the source.
func (c *composeFile) declared(n *node.Node, at []string) {
	if n.Kind != node.Object {
		return
	}
	place := c.place(at)
	for _, name := range []string{"environment", "external", "template_driver", "driver"} {
		if v := n.Get(name); !v.IsNull() && v.Text != "false" {
			c.note("secret_reference", "secret_manifest", secret.Reference, "pattern", place, v)
			return
		}
	}
	file := n.Get("file")
	if file.IsNull() {
		return
	}
	name := c.beside(file)
	if name == "" {
		c.note("secret_reference", "secret_manifest", secret.Reference, "pattern", place, file)
		return
	}
	data, err := collectors.ReadFile(c.env.Tree.FS, name, maxFile)
	if err != nil {
		c.b.Incomplete(name + ": " + err.Error())
		return
	}
	form := formOf(string(data))
	if form == "" || publicKey(path.Base(name), string(data)) {
		return
	}
	c.add(match{rule: "secret_data", carrier: "secret_manifest", form: form, by: "pattern", place: name, at: fact.Position{Source: name, Line: 1, Column: 1}}, oneLine(strings.TrimSpace(string(data))))
}

// beside is the file of the source that a path leads to, "" if it is none.
func (c *composeFile) beside(n *node.Node) string {
	if n.Kind != node.String || strings.Contains(n.Text, "$") || path.IsAbs(n.Text) {
		return ""
	}
	for _, dir := range c.dirs {
		if name := path.Join(dir, n.Text); slices.Contains(c.env.Tree.Files, name) {
			return name
		}
	}
	return ""
}

// envFiles searches the files of variables that a service reads, where their names do
// not give them away: those that look like such are searched anyway.
func (c *composeFile) envFiles(n *node.Node, at []string) {
	list := []*node.Node{n}
	if n.Kind == node.Array {
		list = n.Elems
	}
	for _, e := range list {
		if e.Kind == node.Object {
			e = e.Get("path")
		}
		if e != nil && e.Kind == node.Opaque {
			c.b.Incomplete(c.place(at) + ": " + e.Reason)
		}
		if e == nil || e.Kind != node.String {
			continue
		}
		if name := c.beside(e); name != "" && !secret.EnvFile(name) {
			c.envFile(name)
		}
	}
}

func (c *composeFile) envFile(name string) {
	data, err := collectors.ReadFile(c.env.Tree.FS, name, maxFile)
	if err != nil {
		c.b.Incomplete(name + ": " + err.Error())
		return
	}
	docs, diagnostics := dotenv.Read(name, data)
	if len(docs) == 0 && len(diagnostics) > 0 {
		c.b.Incomplete(name + ": not searched for names of secrets: " + diagnostics[0].Summary)
	}
	for _, d := range docs {
		inside := manifest{c.manifests, &kubernetes.Object{ID: name, Root: d.Root, Source: name}}
		for i, key := range d.Root.Keys {
			v := *d.Root.Elems[i]
			if v.Kind == node.Opaque { // whatever programs make of it
				v.Kind, v.Text = node.String, strings.Trim(v.Text, `"'`)
			}
			if v.Text != key.Name {
				inside.text(key.Name, shown(&v, v.Text), name+"/"+key.Name, "env")
			}
		}
	}
}
