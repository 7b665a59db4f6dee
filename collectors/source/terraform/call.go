package terraform

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// call is a module block in a module instance, with all its instances.
type call struct {
	in        *instance
	block     *block
	address   string // without a key
	source    string
	dir       string // "" if it cannot be read
	reason    string // why not
	expanded  bool
	busy      bool
	expansion expansion
	instances []*instance // nil where dir is ""
}

func (in *instance) call(b *block) *call {
	name := b.labels[0]
	if c, ok := in.calls[name]; ok {
		return c
	}
	c := &call{in: in, block: b, address: in.prefix() + "module." + name}
	in.calls[name] = c
	c.locate()
	return c
}

// locate finds the folder of the called module.
func (c *call) locate() {
	ev := c.in.ev
	a := c.block.body.Attributes["source"]
	if a == nil {
		c.unresolved(c.block.rng, severityError, "it has no source")
		return
	}
	source, ok := literalString(a.Expr)
	if !ok {
		c.unresolved(a.Expr.Range(), severityError, "its source is not a literal string")
		return
	}
	c.source = source
	where := c.in.modulePath(c.block.labels[0])
	switch {
	case isLocal(source):
		dir, ok := inTree(c.in.mod.dir, source)
		if !ok {
			c.unresolved(a.Expr.Range(), severityWarning, "its source is outside the tree")
			return
		}
		c.dir = dir
	default:
		dir, ok := ev.downloaded(where)
		if !ok {
			c.unresolved(a.Expr.Range(), severityWarning, "not downloaded")
			return
		}
		c.dir = dir
	}
	primary, override, err := configFiles(ev.fsys, c.dir)
	switch {
	case err != nil || len(primary)+len(override) == 0:
		c.unresolved(a.Expr.Range(), severityWarning, "its folder "+c.dir+" holds no configuration")
	case c.in.depth >= ev.limits.Modules:
		c.unresolved(a.Expr.Range(), severityError, fmt.Sprintf("modules are nested more than %d deep", ev.limits.Modules))
	case c.in.within(c.dir):
		c.unresolved(a.Expr.Range(), severityError, "it calls itself")
	}
}

func isLocal(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || source == "." || source == ".."
}

func (c *call) unresolved(rng hcl.Range, severity, reason string) {
	c.dir, c.reason = "", reason
	hint := ""
	if reason == "not downloaded" {
		hint = "run terraform init, so that it stands in .terraform/modules"
	}
	c.in.ev.problem(severity, rng, c.address+": "+reason, "", hint)
	c.in.ev.incomplete(c.address + ": " + reason)
}

func (in *instance) modulePath(name string) string {
	if in.path == "" {
		return name
	}
	return in.path + "." + name
}

// within reports whether the module or one that calls it stands in dir.
func (in *instance) within(dir string) bool {
	for ; in != nil; in = in.parent {
		if in.mod.dir == dir {
			return true
		}
	}
	return false
}

// expand makes the module instances; false if that is being done already.
func (c *call) expand() bool {
	if c.busy {
		return false
	}
	if c.expanded {
		return true
	}
	c.busy = true
	c.expansion = c.in.frame.expand(c.block.body, c.address)
	if c.dir != "" {
		mod := c.in.ev.module(c.dir)
		for i, key := range c.expansion.keys {
			inner := newInstance(c.in.ev, mod)
			inner.address = c.address + suffix(key)
			inner.path = c.in.modulePath(c.block.labels[0])
			inner.depth = c.in.depth + 1
			inner.parent, inner.caller, inner.block = c.in, c.expansion.frame[i], c.block
			inner.callers = append(append([]fact.Position(nil), c.in.callers...), position(c.block.rng))
			inner.unsettled = c.in.unsettled || c.expansion.form == unsettled
			c.instances = append(c.instances, inner)
		}
	}
	c.busy, c.expanded = false, true
	return true
}

func (c *call) emit() {
	c.expand()
	root := c.in.ev.root
	for i, key := range c.expansion.keys {
		root.Modules = append(root.Modules, &ModuleCall{
			Address: c.address + suffix(key), Source: c.source, Dir: c.dir,
			Resolved: c.dir != "", Reason: c.reason, Pos: position(c.block.rng),
		})
		if c.dir != "" {
			c.instances[i].checkArguments()
			c.instances[i].emit()
		}
	}
}

// checkArguments reports arguments that the module does not declare.
func (in *instance) checkArguments() {
	for _, a := range sortedAttributes(in.block.body) {
		if !callMeta(a.Name) && in.mod.variable[a.Name] == nil {
			in.ev.warn(a.NameRange, "module "+in.block.labels[0]+" declares no variable "+a.Name, "")
		}
	}
}

// preload parses the modules that a module calls, so that every attribute name
// they mention is known before anything is evaluated.
func (ev *evaluation) preload(mod *module, modulePath string, depth int) {
	if mod.preloaded || depth > ev.limits.Modules {
		return
	}
	mod.preloaded = true
	in := newInstance(ev, mod)
	in.path = modulePath
	for _, b := range mod.calls {
		if dir, ok := in.source(b); ok && HasConfig(ev.fsys, dir) {
			ev.preload(ev.module(dir), in.modulePath(b.labels[0]), depth+1)
		}
	}
}

// source is the folder of a called module, if there is a place to look.
func (in *instance) source(b *block) (dir string, ok bool) {
	a := b.body.Attributes["source"]
	if a == nil {
		return "", false
	}
	source, ok := literalString(a.Expr)
	switch {
	case !ok:
		return "", false
	case isLocal(source):
		return inTree(in.mod.dir, source)
	}
	return in.ev.downloaded(in.modulePath(b.labels[0]))
}

// downloaded looks a module up in the manifest that terraform init writes.
func (ev *evaluation) downloaded(modulePath string) (dir string, ok bool) {
	if ev.manifest == nil {
		ev.readManifest()
	}
	dir, ok = ev.manifest[modulePath]
	return dir, ok
}

func (ev *evaluation) readManifest() {
	ev.manifest = map[string]string{}
	name := path.Join(ev.dir, ".terraform/modules/modules.json")
	text, err := ev.read(name)
	if err != nil {
		return
	}
	var manifest struct {
		Modules []struct{ Key, Source, Dir string }
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		ev.unusable(name, fmt.Sprintf("read %s: %v", name, err))
		return
	}
	for _, m := range manifest.Modules {
		if dir, ok := inTree(ev.dir, m.Dir); ok && m.Key != "" {
			ev.manifest[m.Key] = dir
		}
	}
}
