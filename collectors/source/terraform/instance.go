package terraform

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/writ-policy/writ/engine/fact"
)

// instance is a module as called once: what names mean in it. Everything is
// evaluated when first asked for and then kept.
type instance struct {
	ev      *evaluation
	mod     *module
	address string // "" or module.a["x"]
	path    string // "" or a.b, as in the manifest: without keys
	depth   int
	callers []fact.Position
	frame   *frame

	// Set for called modules.
	parent *instance
	caller *frame // where the arguments stand
	block  *block
	// unsettled: called an unknown number of times.
	unsettled bool

	variables map[string]*datum
	locals    map[string]*datum
	outputs   map[string]*datum
	calls     map[string]*call
	groups    map[*resourceBlock]*group
	providers map[string]*Provider
}

func newInstance(ev *evaluation, mod *module) *instance {
	in := &instance{
		ev:        ev,
		mod:       mod,
		variables: map[string]*datum{},
		locals:    map[string]*datum{},
		outputs:   map[string]*datum{},
		calls:     map[string]*call{},
		groups:    map[*resourceBlock]*group{},
		providers: map[string]*Provider{},
	}
	in.frame = &frame{in: in, ev: ev}
	return in
}

// emit puts everything of the module and of those it calls into the root.
func (in *instance) emit() {
	root := in.ev.root
	in.emitProviders()
	for _, v := range in.mod.variables {
		d := in.variable(v.labels[0])
		out := &Variable{Module: in.address, Name: v.labels[0], Sensitive: v.sensitive, Pos: position(v.rng)}
		if v.fallback != nil {
			if out.Default = in.frame.tree(v.fallback.Expr); v.sensitive {
				out.Default = out.Default.hidden()
			}
		}
		out.Value = d.shaped(v.rng)
		root.Variables = append(root.Variables, out)
	}
	for _, a := range in.mod.locals {
		root.Locals = append(root.Locals, &Local{
			Module: in.address, Name: a.Name, Value: in.local(a.Name).shaped(a.Expr.Range()), Pos: position(a.SrcRange),
		})
	}
	for _, r := range in.mod.resources {
		if r.name.mode != ephemeral {
			in.ev.contained("resource "+in.prefix()+r.name.String(), func() { in.group(r).emit() })
		}
	}
	for _, c := range in.mod.calls {
		in.ev.contained("module "+in.prefix()+c.labels[0], func() { in.call(c).emit() })
	}
	for _, o := range in.mod.outputs {
		out := &Output{Module: in.address, Name: o.labels[0], Pos: position(o.rng)}
		out.Value = in.output(o.labels[0]).shaped(o.rng)
		out.Sensitive = out.Value.Sensitive
		root.Outputs = append(root.Outputs, out)
	}
	if in.parent == nil && in.mod.backend != nil {
		b := in.mod.backend
		root.Backend = &Block{Type: b.kind, Labels: b.labels, Body: in.frame.body(b.body, b.rng, noMeta), Pos: position(b.rng)}
	}
}

// prefix is what stands before an address in the module.
func (in *instance) prefix() string {
	if in.address == "" {
		return ""
	}
	return in.address + "."
}

// variable returns the datum of a declared variable, nil if there is none.
func (in *instance) variable(name string) *datum {
	if d, ok := in.variables[name]; ok {
		return d
	}
	decl := in.mod.variable[name]
	if decl == nil {
		return nil
	}
	d := in.bind(decl, in.argument(name))
	in.variables[name] = d
	return d
}

func (in *instance) local(name string) *datum {
	if d, ok := in.locals[name]; ok {
		return d
	}
	a := in.mod.local[name]
	if a == nil {
		return nil
	}
	d := in.frame.datum("local."+name, a.Expr)
	in.locals[name] = d
	return d
}

func (in *instance) output(name string) *datum {
	if d, ok := in.outputs[name]; ok {
		return d
	}
	o := in.mod.output[name]
	if o == nil {
		return nil
	}
	label := fmt.Sprintf("output %s%s", in.prefix(), name)
	a := o.body.Attributes["value"]
	if a == nil {
		in.ev.fail(o.rng, "output "+name+" has no value", "")
		d := settled(in.ev, label, unknownBecause(cty.DynamicPseudoType, "output "+name+" has no value"), nil)
		in.outputs[name] = d
		return d
	}
	d := in.frame.datum(label, a.Expr)
	if s := o.body.Attributes["sensitive"]; s != nil && in.ev.literalBool(s, true) {
		plain := d.make
		d.make = func() cty.Value { return plain().Mark(secret{}) }
		d.exact = false
	}
	in.outputs[name] = d
	return d
}

// datum is the value of an expression that stands in the frame.
func (f *frame) datum(label string, expr hclsyntax.Expression) *datum {
	return &datum{
		ev: f.ev, label: label, rng: expr.Range(), exact: true,
		make:  func() cty.Value { return f.value(expr) },
		shape: func() *Value { return f.tree(expr) },
	}
}

// argument returns the expression given for a variable by the caller and the
// frame it stands in, nil if none is given.
func (in *instance) argument(name string) *argument {
	if in.parent == nil {
		return nil
	}
	if a := in.block.body.Attributes[name]; a != nil && !callMeta(name) {
		return &argument{frame: in.caller, expr: a.Expr}
	}
	return nil
}

// argument is a value for a variable: an expression and where it stands.
type argument struct {
	frame *frame
	expr  hclsyntax.Expression
}

// missing is an argument's absence, told at the call.
func (in *instance) missing(decl *variableBlock) string {
	name := decl.labels[0]
	reason := "variable " + name + " has no value"
	if in.parent != nil {
		in.ev.fail(in.block.rng, fmt.Sprintf("module %s lacks the argument %s", in.block.labels[0], name), "the module declares it without a default")
		return reason
	}
	in.ev.warn(decl.rng, reason, "give it in a .tfvars file or with --var-file")
	return reason
}
