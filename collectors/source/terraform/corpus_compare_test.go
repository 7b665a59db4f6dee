package terraform

import (
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// comparison compares an evaluated configuration with Terraform's plan of it.
type comparison struct {
	tally
	failures []string
	exact    bool   // of the resource at hand: no schema converts its arguments
	module   string // of the corpus
	kind     string // the type of the resource at hand
	at       string // the address of the resource at hand
}

func (c *comparison) fail(format string, args ...any) {
	c.failures = append(c.failures, c.at+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) roots(hcl, plan *Root) {
	planned := map[string]*Resource{}
	for _, r := range plan.Resources {
		planned[r.Address] = r
	}
	met, open := map[string]bool{}, map[string]bool{}
	for _, r := range hcl.Resources {
		c.at = r.Address
		if !r.KnownCount {
			open[staticAddress(r.Address)] = true
			continue
		}
		p := planned[r.Address]
		switch {
		case met[r.Address]:
			c.fail("is there twice")
		case p == nil:
			c.fail("is not planned")
		default:
			c.resource(r, p)
		}
		met[r.Address] = true
	}
	for address, p := range planned {
		c.at = address
		switch {
		case met[address]:
		case open[staticAddress(address)] || len(hcl.Incomplete) > 0:
			c.unknown += leaves(p.Body)
		default:
			c.fail("is planned and was not evaluated")
		}
	}
	c.variables(hcl, plan)
	c.outputs(hcl, plan)
	slices.Sort(c.failures)
}

func (c *comparison) variables(hcl, plan *Root) {
	for _, p := range plan.Variables {
		if p.Module != "" || p.Value.Kind == Unknown {
			continue
		}
		i := slices.IndexFunc(hcl.Variables, func(v *Variable) bool { return v.Module == "" && v.Name == p.Name })
		c.at, c.exact = "var."+p.Name, true
		if i < 0 {
			c.fail("was not evaluated")
			continue
		}
		v := hcl.Variables[i]
		if v.Sensitive != p.Sensitive {
			c.fail("sensitive is %v, planned %v", v.Sensitive, p.Sensitive)
		}
		if v.Value.Kind != Unknown && !agrees(p.Value, v.Value) {
			c.fail("is %s, planned %s", show(v.Value), show(p.Value))
		}
	}
}

func (c *comparison) outputs(hcl, plan *Root) {
	c.exact, c.kind = true, "output"
	for _, p := range plan.Outputs {
		if p.Module != "" {
			continue
		}
		c.at = "output." + p.Name
		i := slices.IndexFunc(hcl.Outputs, func(o *Output) bool { return o.Module == "" && o.Name == p.Name })
		if i < 0 {
			c.fail("was not evaluated")
			continue
		}
		if o := hcl.Outputs[i]; o.Sensitive != p.Sensitive {
			c.fail("sensitive is %v, planned %v", o.Sensitive, p.Sensitive)
		}
		c.value("value", hcl.Outputs[i].Value, p.Value)
	}
}

func (c *comparison) resource(ours, plan *Resource) {
	c.resources++
	c.kind = ours.Type
	c.exact = ours.Type == "terraform_data" || ours.Type == "terraform_remote_state"
	if ours.Type != plan.Type || ours.Name != plan.Name || ours.Mode != plan.Mode || ours.Module != plan.Module || !reflect.DeepEqual(ours.Key, plan.Key) {
		c.fail("is %+v, planned %+v", *ours, *plan)
	}
	if ours.Provider != nil && plan.Provider != nil && (ours.Provider.Name != plan.Provider.Name || ours.Provider.Alias != plan.Provider.Alias) {
		c.fail("provider is %s.%s, planned %s.%s", ours.Provider.Name, ours.Provider.Alias, plan.Provider.Name, plan.Provider.Alias)
	}
	if plan.Body.Kind != Object {
		c.fail("plan has no body: %s", plan.Body.Reason)
		return
	}
	for _, f := range ours.Body.Fields {
		c.value(f.Name, f.Value, plan.Body.field(f.Name))
	}
	c.written("", ours.Body, plan.Body)
}

// written fails if the configuration sets something (a literal or a reference
// stands behind it, or it is a block) that the evaluator does not have.
func (c *comparison) written(path string, ours, plan *Value) {
	for _, f := range plan.Fields {
		if ours.field(f.Name) != nil {
			continue
		}
		blocks := f.Value.Kind == List && slices.ContainsFunc(f.Value.Elems, func(e *Value) bool { return e.Kind == Object })
		if f.Value.Literal || len(f.Value.Refs) > 0 || blocks {
			c.fail("%s%s is absent, planned %s", path, f.Name, show(f.Value))
		}
	}
}

// value compares one value. An unknown is never wrong; a known one where the
// plan has an unknown is.
func (c *comparison) value(path string, ours, plan *Value) {
	name := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case c.excepted(path, ours, plan):
		c.equal++
	case ours.Kind == List && len(ours.Elems) == 1 && plan != nil && plan.Kind == Object:
		c.object(path, ours.Elems[0], plan, true) // a block of which there can be one
	case plan == nil:
		if !ours.Unset() {
			c.fail("%s is %s, planned nothing of that name", path, show(ours))
		}
	case plan.Kind == Unknown:
		if ours.Kind != Unknown && !holdsUnknown(ours) && !strings.HasSuffix(name, "_wo") {
			c.fail("%s is %s, planned unknown", path, show(ours))
		}
	case ours.Kind == Unknown:
		c.unknown += leaves(plan)
	case ours.Kind == List && plan.Kind == List:
		c.list(path, ours, plan)
	case ours.Kind == Object && plan.Kind == Object:
		c.object(path, ours, plan, true)
	case c.scalars(ours, plan):
		c.equal++
		c.sensitivity(path, ours, plan)
	default:
		c.fail("%s is %s, planned %s", path, show(ours), show(plan))
	}
}

// sensitivity fails if Terraform hides a value that the evaluator shows, unless
// the provider's schema is what hides it.
func (c *comparison) sensitivity(path string, ours, plan *Value) {
	if plan.Sensitive && !ours.Sensitive && !schemaHides(c.kind, path) {
		c.fail("%s is not sensitive, planned sensitive", path)
	}
}

func (c *comparison) object(path string, ours, plan *Value, whole bool) {
	for _, f := range ours.Fields {
		c.value(path+"."+f.Name, f.Value, plan.field(f.Name))
	}
	if !whole {
		c.written(path+".", ours, plan)
	}
	for _, f := range plan.Fields {
		if whole && ours.field(f.Name) == nil && f.Value.Kind != Null && f.Value.Kind != Unknown {
			c.fail("%s.%s is absent, planned %s", path, f.Name, show(f.Value))
		}
	}
	if len(ours.Fields)+len(plan.Fields) == 0 {
		c.equal++
	}
}

// list compares elements in order; where a schema may have made a set of them
// also in any order, and without repetitions.
func (c *comparison) list(path string, ours, plan *Value) {
	if len(ours.Elems)+len(plan.Elems) == 0 {
		c.equal++
		return
	}
	in := func(elems []*Value) *comparison {
		try := &comparison{exact: c.exact, module: c.module, kind: c.kind, at: c.at}
		if len(elems) != len(plan.Elems) {
			try.fail("%s has %d elements, planned %d: %s, planned %s", path, len(elems), len(plan.Elems), show(ours), show(plan))
			return try
		}
		for i, e := range elems {
			at := fmt.Sprintf("%s.%d", path, i)
			if e.Kind == Object && plan.Elems[i].Kind == Object {
				try.object(at, e, plan.Elems[i], c.exact)
			} else {
				try.value(at, e, plan.Elems[i])
			}
		}
		return try
	}
	best := in(ours.Elems)
	if len(best.failures) > 0 && !c.exact {
		if set := in(c.asSet(ours.Elems, plan.Elems)); len(set.failures) == 0 {
			best = set
		}
	}
	c.tally.add(best.tally)
	c.failures = append(c.failures, best.failures...)
}

// asSet orders elems as the planned ones they agree with, those that agree with
// an equal planned one first; repetitions go.
func (c *comparison) asSet(elems, planned []*Value) []*Value {
	distinct := slices.CompactFunc(slices.SortedFunc(slices.Values(elems), func(a, b *Value) int {
		return strings.Compare(show(a), show(b))
	}), func(a, b *Value) bool { return !holdsUnknown(a) && show(a) == show(b) })
	rest := newMatcher(distinct)
	var out []*Value
	for _, p := range planned {
		if h := rest.take(len(distinct), p); h != nil {
			out = append(out, h)
		}
	}
	for _, h := range rest.written {
		if h != nil {
			out = append(out, h)
		}
	}
	return out
}

// scalars compares two scalars; without a schema "30" and 30 are what the
// configuration says, and the schema decides, except in exact resources. JSON
// is compared as JSON, since providers write it anew.
func (c *comparison) scalars(ours, plan *Value) bool {
	if ours.Kind == Null || plan.Kind == Null {
		return ours.Kind == plan.Kind || !c.exact && ours.Kind == Null && plan.empty() && !plan.Literal && len(plan.Refs) == 0
	}
	a, okA := ours.scalar()
	b, okB := plan.scalar()
	if !okA || !okB || c.exact && ours.Kind != plan.Kind {
		return false
	}
	if a == b || !c.exact && b == fmt.Sprintf("%x", sha1.Sum([]byte(a))) { // user_data is planned as its hash
		return true
	}
	var x, y any
	return !c.exact && json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

func holdsUnknown(v *Value) bool { return v.holdsUnknown() }

// leaves counts what a value can be compared by.
func leaves(v *Value) int {
	if v == nil || v.Kind == Unknown {
		return 0
	}
	n := 0
	for _, c := range v.children() {
		n += leaves(c)
	}
	return max(n, 1)
}

// show writes a value on one line.
func show(v *Value) string {
	if v == nil {
		return "absent"
	}
	var b strings.Builder
	switch v.Kind {
	case List:
		b.WriteByte('[')
		for i, e := range v.Elems {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(show(e))
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, f := range v.Fields {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%s = %s", f.Name, show(f.Value))
		}
		b.WriteByte('}')
	case String:
		fmt.Fprintf(&b, "%q", v.Text)
	case Unknown:
		fmt.Fprintf(&b, "unknown(%s)", v.Reason)
	case Null:
		b.WriteString("null")
	default:
		s, _ := v.scalar()
		b.WriteString(s)
	}
	return b.String()
}
