package terraform

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	tfjson "github.com/hashicorp/terraform-json"
)

// ReadPlan reads a plan as "terraform show -json PLAN" writes it, of any
// version that terraform-json supports; path names the file. It takes time in
// proportion to the text.
//
// Resources are those that exist after the apply: the planned ones, the data
// sources read before it, and what the state holds and the plan leaves alone.
// Their bodies hold every attribute that the provider knows of, Null where none
// is set. An attribute that is known only after apply is Unknown, at any depth.
// Positions are places in the plan; [Root.AttachHCL] puts those of the
// configuration in their place.
//
// Refs are those of the configuration, followed through variables and outputs
// of modules; a plan does not record locals, so what comes through one has no
// Refs. An Unknown carries the Refs of the whole expression it is part of, and
// is never Direct: a plan does not tell x.arn from "${x.arn}/*".
//
// What is no plan (a state, a plan in Terraform's own format, a log) and what
// is cut short is named in an error diagnostic, and the Root is Incomplete.
func ReadPlan(data []byte, path string) *Root {
	sum := sha256.Sum256(data)
	root := &Root{Dir: path, Files: []File{{Path: path, SHA256: hex.EncodeToString(sum[:])}}}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if d := notPlan(data, path); d != nil {
		root.Diagnostics = []Diagnostic{*d}
		root.Incomplete = []string{"plan " + path + ": " + d.Summary}
		return root
	}
	p := &planReader{text: newPlanText(path, data), root: root, seen: map[string]bool{}}
	p.parts = p.text.members(p.text.space(0))
	p.readChanges()
	p.readConfig()
	p.readModules()
	p.readOutputs()
	p.readResources()
	p.readGaps()
	return root
}

// planReader is the work of one ReadPlan.
type planReader struct {
	text    *planText
	root    *Root
	parts   map[string]int // offsets of the plan's members
	changes map[string]planChange
	config  *planConfig
	keys    map[string]*Provider // by provider_config_key
	seen    map[string]bool      // addresses of resources read
	follows int                  // references followed
}

// planChange is what a resource change says of a resource besides its values.
type planChange struct {
	unknown, sensitive int // offsets, -1 if absent
	gone               bool
}

// offset returns where a member stands, -1 if there is none.
func offset(members map[string]int, name string) int {
	if at, ok := members[name]; ok {
		return at
	}
	return -1
}

// nodeAt reads the value at offset at, nil if at is -1.
func (p *planReader) nodeAt(at int) *planNode {
	if at < 0 {
		return nil
	}
	n := p.text.node(at)
	return &n
}

// readChanges indexes the changes by address; those of deposed objects, which
// are all destroyed, have no part in what will exist.
func (p *planReader) readChanges() {
	p.changes = map[string]planChange{}
	p.eachIn(offset(p.parts, "resource_changes"), func(at int) {
		members := p.text.members(at)
		if _, deposed := members["deposed"]; deposed {
			return
		}
		change := p.text.members(offset(members, "change"))
		c := planChange{unknown: offset(change, "after_unknown"), sensitive: offset(change, "after_sensitive")}
		actions := p.nodeAt(offset(change, "actions")).strings()
		if len(actions) == 1 {
			c.gone = actions[0] == string(tfjson.ActionDelete) || actions[0] == string(tfjson.ActionForget)
		}
		p.changes[p.nodeAt(offset(members, "address")).str()] = c
	})
}

// eachIn calls f with the offset of every element of the array at offset at.
func (p *planReader) eachIn(at int, f func(at int)) {
	if at < 0 || p.text.data[at] != '[' {
		return
	}
	p.text.each(at, func(_ string, _, value int) int {
		f(value)
		return 0
	})
}

// readResources reads the planned values, then of the prior state what the plan
// says nothing about: data sources, and managed resources that it neither
// changes nor destroys (of a plan for targets, or to refresh only).
func (p *planReader) readResources() {
	planned := p.text.members(offset(p.parts, "planned_values"))
	p.readModuleValues(offset(planned, "root_module"), "", true)
	state := p.text.members(offset(p.parts, "prior_state"))
	values := p.text.members(offset(state, "values"))
	p.readModuleValues(offset(values, "root_module"), "", false)
	p.root.sort()
}

func (p *planReader) readModuleValues(at int, module string, planned bool) {
	members := p.text.members(at)
	p.eachIn(offset(members, "resources"), func(at int) { p.readResource(at, module, planned) })
	p.eachIn(offset(members, "child_modules"), func(at int) {
		child := p.nodeAt(offset(p.text.members(at), "address")).str()
		p.readModuleValues(at, child, planned)
	})
}

func (p *planReader) readResource(at int, module string, planned bool) {
	n := p.text.node(at)
	r := &Resource{
		Address: n.get("address").str(), Module: module, Mode: n.get("mode").str(),
		Type: n.get("type").str(), Name: n.get("name").str(), KnownCount: true,
		Pos: p.text.position(n.start, n.end),
	}
	change, changed := p.changes[r.Address]
	if r.Address == "" || p.seen[r.Address] || n.get("deposed_key") != nil || !planned && change.gone {
		return
	}
	p.seen[r.Address] = true
	switch key := n.get("index"); {
	case key.is('"'):
		r.Key = key.text
	case key.is('0'):
		r.Key, _ = strconv.ParseInt(key.text, 10, 64)
	}
	p.root.Resources = append(p.root.Resources, r)
	declared := p.config.resource(module, r)
	r.Provider = p.provider(declared, n.get("provider_name").str(), r.Type)

	switch {
	case planned && !changed:
		r.Body = &Value{Kind: Unknown, Reason: "the plan holds no change for it, so what is not known cannot be told", Pos: r.Pos}
		return
	case planned:
		r.Body = p.body(&n, p.nodeAt(change.unknown), p.nodeAt(change.sensitive))
	default:
		r.Body = p.body(&n, nil, nil)
	}
	p.explain(r, declared)
}

// readGaps records why the plan may lack resources.
func (p *planReader) readGaps() {
	why := func(reason string) {
		if !slices.Contains(p.root.Incomplete, reason) {
			p.root.Incomplete = append(p.root.Incomplete, reason)
		}
	}
	if at := offset(p.parts, "planned_values"); at < 0 || p.text.data[at] != '{' {
		why("the plan holds no planned values")
	}
	if p.nodeAt(offset(p.parts, "errored")).is('t') {
		why("planning ended with an error")
	}
	if p.nodeAt(offset(p.parts, "complete")).is('f') {
		why("the plan leaves out resources (targets, or deferred changes)")
	}
	p.eachIn(offset(p.parts, "deferred_changes"), func(at int) {
		change := p.text.members(offset(p.text.members(at), "resource_change"))
		why("resource " + p.nodeAt(offset(change, "address")).str() + ": its change is deferred")
	})
	for address, change := range p.changes {
		if !p.seen[address] && !change.gone {
			why("resource " + address + ": the plan changes it and holds no values for it")
		}
	}
	slices.Sort(p.root.Incomplete)
	if p.follows > maxFollows {
		p.root.Diagnostics = append(p.root.Diagnostics, Diagnostic{
			Severity: severityWarning, Summary: "the plan has too many references: not all were followed", Pos: p.text.position(0, 0),
		})
	}
}
