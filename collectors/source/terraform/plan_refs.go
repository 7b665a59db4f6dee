package terraform

import (
	"cmp"
	"slices"
	"strings"
)

// explain adds to a resource's body what the configuration says of it: the
// references behind its values, and which of them are literals.
func (p *planReader) explain(r *Resource, declared *planNode) {
	e := &planExplainer{p: p, in: p.config.at(r.Module), module: r.Module, repeater: declared}
	e.body(r.Body, declared.get("expressions"))
	e.origins(r.Body, declared)
}

// origins tells what is written: a literal is, and an argument without an
// expression is not. The blocks that a dynamic block makes have no expressions
// in a plan, so of blocks it is not told.
func (e *planExplainer) origins(body *Value, declared *planNode) {
	all := declared.get("expressions").index()
	for _, f := range body.Fields {
		origin := Computed
		if declared != nil && all.get(f.Name) == nil && !f.Value.hasObjects() {
			origin = Provided
		}
		f.Value.comesFrom(origin)
	}
}

func (v *Value) hasObjects() bool {
	return v.Kind == Object || slices.ContainsFunc(v.Elems, (*Value).hasObjects)
}

// comesFrom sets the origin of v and what is within, but for literals.
func (v *Value) comesFrom(origin Origin) {
	if !v.Literal {
		v.Origin = origin
	}
	for _, c := range v.children() {
		c.comesFrom(origin)
	}
}

// planExplainer works on one resource instance of one module instance.
type planExplainer struct {
	p        *planReader
	in       *planConfig
	module   string
	repeater *planNode // the block whose for_each each.value is of
}

// body explains the members of a block that an object of expressions declares.
// A list of objects that no block declares is searched for the stand-in of a
// dynamic block.
func (e *planExplainer) body(body *Value, expressions *planNode) {
	all := expressions.index()
	for _, f := range body.Fields {
		declared := all.get(f.Name)
		if !declared.is('[') && f.Value.Kind == List && slices.ContainsFunc(f.Value.Elems, (*Value).standsForAny) {
			*f.Value = Value{
				Kind: Unknown, Reason: "dynamic blocks over a value known only after apply: the plan lists one for any number",
				Sensitive: f.Value.Sensitive, Pos: f.Value.Pos,
			}
		}
		switch {
		case declared.is('['):
			e.blocks(f.Value, declared)
		case isExpression(declared):
			e.argument(f.Name, f.Value, declared)
		case declared.is('{') && f.Value.Kind == Object:
			e.body(f.Value, declared)
		case declared.is('{') && f.Value.Kind == List:
			for _, elem := range f.Value.Elems {
				e.blocks(elem, declared)
			}
		}
	}
}

// isExpression tells an argument's expression from a single nested block.
func isExpression(n *planNode) bool {
	return n.is('{') && (n.get("references").is('[') || n.get("constant_value") != nil || len(n.elems) == 0)
}

// blocks explains planned blocks by the declared ones. A plan lists the blocks
// of a set in another order than the configuration, and those of dynamic blocks
// only there; so a planned block is explained by every declared one whose
// constants it has.
func (e *planExplainer) blocks(planned *Value, declared *planNode) {
	if len(planned.Elems)*len(declared.elems) > maxBlockPairs {
		*planned = Value{Kind: Unknown, Reason: "too many blocks to tell them apart", Sensitive: planned.Sensitive, Pos: planned.Pos}
	}
	for _, elem := range planned.Elems {
		if elem.Kind != Object {
			continue
		}
		for i := range declared.elems {
			if block := &declared.elems[i]; e.fits(elem, block) {
				e.body(elem, block)
			}
		}
	}
	if planned.Kind == Unknown {
		for i := range declared.elems {
			planned.addRefs(e.p.refsOf(e.in, e.module, &declared.elems[i], e.repeater))
		}
	}
}

// maxBlockPairs bounds the work on the blocks of one kind in one resource: a
// thousand declared and as many planned.
const maxBlockPairs = 1_000_000

// fits reports whether a planned block has all constants of a declared one.
func (e *planExplainer) fits(planned *Value, declared *planNode) bool {
	find := planned.finder()
	for i := range declared.elems {
		expression := &declared.elems[i]
		constant := expression.get("constant_value")
		if constant == nil || !isExpression(expression) {
			continue
		}
		if got := find(expression.name); got != nil && !agrees(e.p.constant(constant), got) {
			return false
		}
	}
	return true
}

// argument explains one value by its expression.
func (e *planExplainer) argument(name string, v *Value, expression *planNode) {
	if constant := expression.get("constant_value"); constant != nil {
		v.markLiteral(e.p.constant(constant))
	}
	v.addRefs(e.p.refsOf(e.in, e.module, expression, e.repeater))
	constantNull := expression.get("constant_value").is('n')
	if strings.HasSuffix(name, "_wo") && v.Kind == Null && !constantNull {
		v.Kind, v.Reason, v.Sensitive = Unknown, "write-only: a plan does not record it", true
	}
}

// addRefs adds refs to v and to every Unknown within.
func (v *Value) addRefs(refs []Ref) {
	if len(refs) == 0 {
		return
	}
	if len(v.Refs) == 0 {
		v.Refs = slices.Clip(refs)
	} else {
		v.Refs = slices.Compact(slices.SortedFunc(slices.Values(append(slices.Clone(v.Refs), refs...)), compareRefs))
	}
	var within func(v *Value)
	within = func(v *Value) {
		for _, c := range v.children() {
			if c.Kind == Unknown {
				c.addRefs(refs)
			} else {
				within(c)
			}
		}
	}
	within(v)
}

// markLiteral marks the scalars that come from those of a constant.
func (v *Value) markLiteral(constant *Value) {
	switch v.Kind {
	case Bool, Number, String:
		_, v.Literal = constant.scalar()
	case List:
		written := newMatcher(constant.Elems)
		for i, e := range v.Elems {
			if c := written.take(i, e); c != nil {
				e.markLiteral(c)
			}
		}
	case Object:
		find := constant.finder()
		for _, f := range v.Fields {
			if c := find(f.Name); c != nil {
				f.Value.markLiteral(c)
			}
		}
	}
}

// children are the elements of a list or the members' values of an object.
func (v *Value) children() []*Value {
	if len(v.Fields) == 0 {
		return v.Elems
	}
	out := make([]*Value, 0, len(v.Elems)+len(v.Fields))
	out = append(out, v.Elems...)
	for _, f := range v.Fields {
		out = append(out, f.Value)
	}
	return out
}

func compareRefs(a, b Ref) int {
	return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Path, b.Path))
}

// configured builds a body from expressions alone, where no values are planned:
// what is no constant is Unknown.
func (p *planReader) configured(c *planConfig, module string, expressions *planNode) *Value {
	body := &Value{Kind: Object, Pos: p.text.position(expressions.start, expressions.end)}
	for i := range expressions.elems {
		n := &expressions.elems[i]
		var v *Value
		switch {
		case n.is('['):
			v = &Value{Kind: List, Pos: p.text.position(n.start, n.end)}
			for j := range n.elems {
				v.Elems = append(v.Elems, p.configured(c, module, &n.elems[j]))
			}
		case n.get("constant_value") != nil && isExpression(n):
			v = p.constant(n.get("constant_value"))
			v.markLiteral(v)
		case isExpression(n):
			v = &Value{Kind: Unknown, Reason: "the plan does not record the value", Pos: p.text.position(n.start, n.end)}
			if c != nil {
				v.Refs = p.refsOf(c, module, n, nil)
			}
		default:
			v = p.configured(c, module, n)
		}
		body.Fields = append(body.Fields, Field{n.name, v})
	}
	body.sortFields()
	return body
}

// refsOf resolves the references of an expression, or of all expressions in a
// block, as seen in one module instance; sorted.
func (p *planReader) refsOf(c *planConfig, module string, expression, repeater *planNode) []Ref {
	w := &refWalk{p: p, met: map[string]bool{}}
	w.expression(c, module, expression, repeater)
	slices.SortFunc(w.refs, compareRefs)
	return slices.Compact(w.refs)
}

// maxFollows bounds the references followed in one plan; a plan of 60 MB has
// about a million.
const maxFollows = 20_000_000

// refWalk follows references; each is followed once, so that a plan whose
// references run in a circle ends too.
type refWalk struct {
	p    *planReader
	met  map[string]bool
	refs []Ref
}

func (w *refWalk) expression(c *planConfig, module string, n, repeater *planNode) {
	if c == nil || n == nil {
		return
	}
	if references := n.get("references"); references.is('[') {
		for _, ref := range longest(references.strings()) {
			w.follow(c, module, ref, repeater)
		}
		return
	}
	if n.get("constant_value") == nil {
		for i := range n.elems {
			w.expression(c, module, &n.elems[i], repeater)
		}
	}
}

// longest drops the references that begin the one before them: Terraform lists
// x.a.id as x.a.id, x.a and, in some versions, x.
func longest(refs []string) []string {
	var out []string
	for i, ref := range refs {
		if i > 0 {
			last := refs[i-1]
			if len(last) > len(ref) && strings.HasPrefix(last, ref) && (last[len(ref)] == '.' || last[len(ref)] == '[') {
				continue
			}
		}
		out = append(out, ref)
	}
	return out
}

func (w *refWalk) follow(c *planConfig, module, ref string, repeater *planNode) {
	key := module + "\x00" + ref
	steps := addressSteps(ref)
	if len(steps) < 2 || w.met[key] {
		return
	}
	if w.p.follows++; w.p.follows > maxFollows {
		return
	}
	w.met[key] = true
	mode := ""
	switch steps[0].name {
	case "local", "path", "terraform", "self", "count":
		return
	case "each":
		w.expression(c, module, repeater.get("for_each_expression"), nil)
		return
	case "var":
		w.expression(c.parent, parentAddress(module), c.argument(steps[1].name), c.call)
		return
	case "module":
		child := c.children[steps[1].name]
		if child != nil && len(steps) > 2 {
			address := joinAddress(module, "module."+steps[1].name+steps[1].key)
			output := child.declared.get("outputs").get(steps[2].name)
			w.expression(child, address, output.get("expression"), nil)
		}
		return
	case "data":
		mode, steps = "data.", steps[1:]
	}
	if len(steps) < 2 {
		return
	}
	name := mode + steps[0].name + "." + steps[1].name
	declared := c.resources[name]
	if declared == nil {
		return
	}
	index := steps[1].key
	path := stepPath("", steps[2:])
	if !repeated(declared) {
		path, index = stepPath(index, steps[2:]), ""
	}
	w.refs = append(w.refs, Ref{Address: joinAddress(module, name+index), Path: path})
}
