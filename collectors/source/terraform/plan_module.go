package terraform

import (
	"maps"
	"slices"
	"strings"
)

// planInstance is a module instance that holds values.
type planInstance struct {
	address string
	at      int // offset of its values, -1 if it holds none
}

// readModules lists the module instances that hold values, and those of calls
// without count and for_each that hold none, with their variables. Instances of
// a repeated call that hold no values leave no trace in a plan.
func (p *planReader) readModules() {
	instances := map[string][]planInstance{} // by address without the last index
	known := map[string]bool{}
	var walk func(at int)
	walk = func(at int) {
		p.eachIn(offset(p.text.members(at), "child_modules"), func(at int) {
			address := p.nodeAt(offset(p.text.members(at), "address")).str()
			if !known[address] {
				known[address] = true
				call := withoutKey(address)
				instances[call] = append(instances[call], planInstance{address, at})
			}
			walk(at)
		})
	}
	walk(offset(p.text.members(offset(p.parts, "planned_values")), "root_module"))
	state := p.text.members(offset(p.parts, "prior_state"))
	walk(offset(p.text.members(offset(state, "values")), "root_module"))

	p.readVariables(p.config, "")
	p.readCalls(p.config, "", instances)
}

// readCalls lists the instances of the calls in one module instance, and what
// lies below them.
func (p *planReader) readCalls(c *planConfig, module string, instances map[string][]planInstance) {
	for _, name := range slices.Sorted(maps.Keys(c.children)) {
		child := c.children[name]
		address := joinAddress(module, "module."+name)
		found := instances[address]
		if len(found) == 0 && !repeated(child.call) {
			found = []planInstance{{address, -1}}
		}
		slices.SortFunc(found, func(a, b planInstance) int { return strings.Compare(a.address, b.address) })
		for _, in := range found {
			at := child.call
			if values := p.nodeAt(in.at); values != nil {
				at = values
			}
			p.root.Modules = append(p.root.Modules, &ModuleCall{
				Address: in.address, Source: child.call.get("source").str(), Resolved: true,
				Pos: p.text.position(at.start, at.end),
			})
			p.readVariables(child, in.address)
			p.readChildOutputs(child, in.address)
			p.readCalls(child, in.address, instances)
		}
	}
}

// withoutKey cuts the index off the end of an address.
func withoutKey(address string) string {
	steps := addressSteps(address)
	if len(steps) == 0 {
		return address
	}
	return strings.TrimSuffix(address, steps[len(steps)-1].key)
}

// readVariables lists the variables of one module instance. The root's have the
// value that the plan was made with; those of other modules have the constant
// that the call gives, before conversion to the variable's type, else the
// default, else they are Unknown: a plan does not record them.
func (p *planReader) readVariables(c *planConfig, module string) {
	given := p.nodeAt(offset(p.parts, "variables"))
	declared := c.declared.get("variables")
	if !declared.is('{') {
		return
	}
	for i := range declared.elems {
		n := &declared.elems[i]
		v := &Variable{Module: module, Name: n.name, Sensitive: n.get("sensitive").is('t'), Pos: p.text.position(n.start, n.end)}
		if d := n.get("default"); d != nil {
			v.Default = p.value(d, nil, nil, nil, v.Sensitive)
		}
		unknown := &Value{Kind: Unknown, Reason: "the plan does not record the value", Sensitive: v.Sensitive, Pos: v.Pos}
		switch arg := c.argument(n.name); {
		case module == "" && given.get(n.name) != nil:
			if value := given.get(n.name).get("value"); value != nil {
				v.Value = p.value(value, nil, nil, nil, v.Sensitive)
				v.Value.comesFrom(Computed)
			} else {
				v.Value = unknown
			}
		case arg.get("constant_value") != nil && !arg.get("constant_value").is('n'):
			v.Value = p.value(arg.get("constant_value"), nil, nil, nil, v.Sensitive)
		case arg != nil:
			v.Value = unknown
			v.Value.Refs = p.refsOf(c.parent, parentAddress(module), arg, c.call)
		case v.Default != nil && module != "":
			v.Value = v.Default
		default:
			v.Value = unknown
		}
		p.root.Variables = append(p.root.Variables, v)
	}
}

// argument is the expression that the module's caller gives a variable, nil if
// none or for the root.
func (c *planConfig) argument(name string) *planNode {
	if c.call == nil {
		return nil
	}
	return c.call.get("expressions").get(name)
}

// parentAddress is the address of the module that calls the one at address.
func parentAddress(address string) string {
	steps := addressSteps(address)
	if len(steps) < 4 {
		return ""
	}
	tail := ".module." + steps[len(steps)-1].name + steps[len(steps)-1].key
	return strings.TrimSuffix(address, tail)
}

// readOutputs lists the outputs of the root module.
func (p *planReader) readOutputs() {
	planned := p.text.members(offset(p.parts, "planned_values"))
	outputs := p.nodeAt(offset(planned, "outputs"))
	changes := p.nodeAt(offset(p.parts, "output_changes"))
	declared := p.config.declared.get("outputs")
	if !outputs.is('{') {
		return
	}
	for i := range outputs.elems {
		n := &outputs.elems[i]
		change := changes.get(n.name)
		o := &Output{Name: n.name, Sensitive: n.get("sensitive").is('t'), Pos: p.text.position(n.start, n.end)}
		value := n.get("value")
		if value == nil {
			value = &planNode{kind: 'n', start: n.start, end: n.end}
		}
		o.Value = p.value(value, change.get("after_unknown"), change.get("after_sensitive"), nil, o.Sensitive)
		o.Value.addRefs(p.refsOf(p.config, "", declared.get(n.name).get("expression"), nil))
		p.root.Outputs = append(p.root.Outputs, o)
	}
}

// readChildOutputs lists the outputs of a module that is called: constants, and
// for the rest, which a plan does not record, what they refer to.
func (p *planReader) readChildOutputs(c *planConfig, module string) {
	outputs := c.declared.get("outputs")
	if !outputs.is('{') {
		return
	}
	for i := range outputs.elems {
		n := &outputs.elems[i]
		o := &Output{Module: module, Name: n.name, Sensitive: n.get("sensitive").is('t'), Pos: p.text.position(n.start, n.end)}
		expression := n.get("expression")
		if constant := expression.get("constant_value"); constant != nil {
			o.Value = p.value(constant, nil, nil, nil, o.Sensitive)
		} else {
			o.Value = &Value{Kind: Unknown, Reason: "the plan does not record the value", Sensitive: o.Sensitive, Pos: o.Pos}
			o.Value.Refs = p.refsOf(c, module, expression, nil)
		}
		p.root.Outputs = append(p.root.Outputs, o)
	}
}
