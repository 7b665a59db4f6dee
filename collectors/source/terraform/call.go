package terraform

import (
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

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

// moduleOutput finds module.NAME[KEY].OUTPUT.
func (f *frame) moduleOutput(t hcl.Traversal) (d *datum, rest hcl.Traversal, problem string) {
	name, ok := step(t, 1)
	if !ok {
		return nil, nil, "module cannot be used by itself"
	}
	b := f.in.mod.call[name]
	if b == nil {
		return nil, nil, "module " + name + " is not declared"
	}
	c := f.in.call(b)
	label := "module." + name
	if c.dir == "" {
		return settled(f.ev, label, c.missing(), nil), nil, ""
	}
	if !c.expand() {
		return nil, nil, c.address + " refers to itself"
	}
	rest = t[2:]
	var in *instance
	switch {
	case c.expansion.form == unsettled:
		return settled(f.ev, label, c.unsettledValue(), nil), nil, ""
	case c.expansion.form == single:
		in = c.instances[0]
	default: // any number of instances, none included
		if len(rest) == 0 {
			return settled(f.ev, label, c.value(nil), c.tree), rest, ""
		}
		key, isIndex := rest[0].(hcl.TraverseIndex)
		if !isIndex {
			return settled(f.ev, label, c.value(nil), c.tree), rest, ""
		}
		i := c.expansion.index(key.Key)
		if i < 0 {
			return settled(f.ev, label, c.value(nil), c.tree), rest, ""
		}
		in, rest = c.instances[i], rest[1:]
	}
	output, ok := step(rest, 0)
	if !ok {
		return settled(f.ev, label, in.outputObject(nil), in.outputTree), rest, ""
	}
	if d = in.output(output); d == nil {
		return nil, nil, "module " + name + " has no output " + output
	}
	return d, rest[1:], ""
}

// moduleValue is a module call as a cty value, with the outputs wanted, nil
// for all.
func (f *frame) moduleValue(name string, wanted []string, rng hcl.Range) cty.Value {
	b := f.in.mod.call[name]
	if b == nil {
		problem := "module " + name + " is not declared"
		f.ev.warn(rng, problem, "")
		return unknownBecause(cty.DynamicPseudoType, problem)
	}
	c := f.in.call(b)
	if !c.expand() {
		problem := c.address + " refers to itself"
		f.ev.fail(rng, problem, "break the cycle of references")
		return unknownBecause(cty.DynamicPseudoType, problem)
	}
	return c.value(wanted)
}

func (c *call) missing() cty.Value {
	return unknownBecause(cty.DynamicPseudoType, c.address+": "+c.reason)
}

func (c *call) unsettledValue() cty.Value {
	o := originsOf(c.expansion.marks)
	o.reason = c.address + ": " + c.expansion.reason
	return cty.DynamicVal.WithMarks(o.marks())
}

func (c *call) value(wanted []string) cty.Value {
	switch {
	case c.dir == "":
		return c.missing()
	case c.expansion.form == unsettled:
		return c.unsettledValue()
	case c.expansion.form == single:
		return c.instances[0].outputObject(wanted)
	case c.expansion.form == counted:
		elems := make([]cty.Value, len(c.instances))
		for i, in := range c.instances {
			elems[i] = in.outputObject(wanted)
		}
		return cty.TupleVal(elems)
	}
	attrs := make(map[string]cty.Value, len(c.instances))
	for i, in := range c.instances {
		attrs[c.expansion.keys[i].(string)] = in.outputObject(wanted)
	}
	return cty.ObjectVal(attrs)
}

// outputObject holds the outputs wanted, nil for all. One that is not declared
// is left out, which makes reading it an error as in Terraform.
func (in *instance) outputObject(wanted []string) cty.Value {
	if wanted == nil {
		for _, o := range in.mod.outputs {
			wanted = append(wanted, o.labels[0])
		}
	}
	attrs := make(map[string]cty.Value, len(wanted))
	for _, name := range wanted {
		if d := in.output(name); d != nil {
			attrs[name] = d.value()
		}
	}
	return cty.ObjectVal(attrs)
}

// tree is the call as a tree: each output of each instance has the place and the
// references that it has where it is read by name.
func (c *call) tree() *Value {
	t := &Value{Kind: Object, Pos: position(c.block.rng)}
	switch {
	case c.dir == "" || c.expansion.form == unsettled:
		return t
	case c.expansion.form == single:
		return c.instances[0].outputTree()
	case c.expansion.form == counted:
		t.Kind = List
		for _, in := range c.instances {
			t.Elems = append(t.Elems, in.outputTree())
		}
		return t
	}
	for i, in := range c.instances {
		t.Fields = append(t.Fields, Field{c.expansion.keys[i].(string), in.outputTree()})
	}
	return t
}

func (in *instance) outputTree() *Value {
	t := &Value{Kind: Object, Pos: position(in.block.rng)}
	for _, o := range in.mod.outputs {
		name := o.labels[0]
		if d := in.output(name); d != nil && t.field(name) == nil {
			t.Fields = append(t.Fields, Field{name, d.shaped(o.rng)})
		}
	}
	return t
}

// quoteKey writes a for_each key as addresses do.
func quoteKey(key string) string {
	q := strconv.Quote(key)
	q = strings.ReplaceAll(q, "${", "$${")
	return strings.ReplaceAll(q, "%{", "%%{")
}
