package terraform

import "strings"

// planConfig is a module as the plan's configuration declares it, once for all
// its instances.
type planConfig struct {
	parent    *planConfig
	call      *planNode // how parent calls it
	declared  *planNode
	name      string
	children  map[string]*planConfig
	resources map[string]*planNode // by address within the module
}

func (p *planReader) readConfig() {
	n := p.nodeAt(offset(p.parts, "configuration"))
	p.keys = map[string]*Provider{}
	p.config = newPlanConfig(n.get("root_module"), nil, nil, "")
	if providers := n.get("provider_config"); providers.is('{') {
		for i := range providers.elems {
			e := &providers.elems[i]
			provider := &Provider{
				Module: e.get("module_address").str(), Name: e.get("name").str(), Alias: e.get("alias").str(),
				Pos: p.text.position(e.start, e.end),
			}
			if expressions := e.get("expressions"); expressions.is('{') {
				provider.Body = p.configured(p.config.at(provider.Module), provider.Module, expressions)
			}
			p.keys[e.name] = provider
			p.root.Providers = append(p.root.Providers, provider)
		}
	}
}

func newPlanConfig(declared *planNode, parent *planConfig, call *planNode, name string) *planConfig {
	c := &planConfig{
		parent: parent, call: call, declared: declared, name: name,
		children: map[string]*planConfig{}, resources: map[string]*planNode{},
	}
	if resources := declared.get("resources"); resources.is('[') {
		for i := range resources.elems {
			r := &resources.elems[i]
			c.resources[r.get("address").str()] = r
		}
	}
	if calls := declared.get("module_calls"); calls.is('{') {
		for i := range calls.elems {
			call := &calls.elems[i]
			c.children[call.name] = newPlanConfig(call.get("module"), c, call, call.name)
		}
	}
	return c
}

// at finds the module with an address, with or without indices; nil if the
// configuration does not declare it.
func (c *planConfig) at(address string) *planConfig {
	steps := addressSteps(address)
	for i := 1; i < len(steps) && c != nil; i += 2 {
		c = c.children[steps[i].name]
	}
	return c
}

// resource finds what r is an instance of, nil if it is not declared.
func (c *planConfig) resource(module string, r *Resource) *planNode {
	in := c.at(module)
	if in == nil {
		return nil
	}
	name := r.Type + "." + r.Name
	if r.Mode == "data" {
		name = "data." + name
	}
	return in.resources[name]
}

// repeated reports whether a resource or module call has count or for_each.
func repeated(n *planNode) bool {
	return n.get("count_expression") != nil || n.get("for_each_expression") != nil
}

// provider finds the configuration a resource uses. One that the plan does not
// list is implied.
func (p *planReader) provider(declared *planNode, fullName, resourceType string) *Provider {
	key := declared.get("provider_config_key").str()
	if key == "" {
		key = fullName[strings.LastIndexByte(fullName, '/')+1:]
	}
	if key == "" {
		key, _, _ = strings.Cut(resourceType, "_")
	}
	provider, ok := p.keys[key]
	if !ok {
		module, local, found := strings.Cut(key, ":")
		if !found {
			module, local = "", key
		}
		name, alias, _ := strings.Cut(local, ".")
		provider = &Provider{Module: module, Name: name, Alias: alias}
		p.keys[key] = provider
	}
	return provider
}
