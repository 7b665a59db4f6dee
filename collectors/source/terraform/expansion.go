package terraform

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// form is how a block is repeated.
type form uint8

const (
	single form = iota
	counted
	keyed
	unsettled // not known how often
)

// expansion is the instances that count or for_each make of a block.
type expansion struct {
	form  form
	keys  []any // nil, int64 or string: one per instance
	frame []*frame
	// byName finds the instances of for_each.
	byName map[string]int
	// Of an unsettled one: the reason, and the marks of the deciding value.
	reason string
	marks  cty.ValueMarks
}

// expand evaluates count and for_each. What is not known gives one instance
// that stands for any number.
func (f *frame) expand(body *hclsyntax.Body, what string) expansion {
	count, each := body.Attributes["count"], body.Attributes["for_each"]
	switch {
	case count != nil && each != nil:
		f.ev.fail(each.NameRange, what+" has both count and for_each", "")
		return f.unsettled(what, "it has both count and for_each", nil)
	case count != nil:
		return f.expandCount(count, what)
	case each != nil:
		return f.expandEach(each, what)
	}
	f.ev.spent.instances++
	return expansion{form: single, keys: []any{nil}, frame: []*frame{f}}
}

func (f *frame) unsettled(what, reason string, marks cty.ValueMarks) expansion {
	f.ev.incomplete(what + ": " + reason)
	unknown := func(name string) *datum {
		v := cty.DynamicVal.WithMarks(marks)
		if len(marks) == 0 {
			v = unknownBecause(cty.DynamicPseudoType, reason)
		}
		return settled(f.ev, name, v, nil)
	}
	inner := f.with(&binding{name: "count", fields: []boundField{{"index", unknown("count.index")}}}).
		with(&binding{name: "each", fields: []boundField{{"key", unknown("each.key")}, {"value", unknown("each.value")}}})
	f.ev.spent.instances++
	return expansion{form: unsettled, keys: []any{nil}, frame: []*frame{inner}, reason: reason, marks: marks}
}

// refused is an expansion that Terraform would not accept.
func (f *frame) refused(a *hclsyntax.Attribute, what, problem string) expansion {
	f.ev.fail(a.Expr.Range(), a.Name+" of "+what+" "+problem, "")
	return f.unsettled(what, a.Name+" "+problem, nil)
}

func (f *frame) expandCount(a *hclsyntax.Attribute, what string) expansion {
	v, marks := f.value(a.Expr).Unmark()
	if v.IsNull() {
		return f.refused(a, what, "is null")
	}
	n, err := convert.Convert(v, cty.Number)
	if err != nil {
		return f.refused(a, what, "is not a number")
	}
	if !n.IsKnown() {
		return f.unsettled(what, notKnown(a.Name, marks), marks)
	}
	number := n.AsBigFloat()
	if !number.IsInt() || number.Sign() < 0 {
		return f.refused(a, what, "is "+decimal(number)+", not a whole number from 0")
	}
	total, _ := number.Int64()
	if !number.IsInt() || !f.admit(total) {
		return f.tooMany(a, what, decimal(number))
	}
	e := expansion{form: counted, marks: marks}
	for i := range total {
		index := settled(f.ev, "count.index", cty.NumberIntVal(i), nil)
		e.keys = append(e.keys, i)
		e.frame = append(e.frame, f.with(&binding{name: "count", fields: []boundField{{"index", index}}}))
	}
	return e
}

// admit takes n instances from the budget, or none and reports false.
func (f *frame) admit(n int64) bool {
	if n > int64(f.ev.limits.Instances-f.ev.spent.instances) {
		return false
	}
	f.ev.spent.instances += int(n)
	return true
}

func (f *frame) tooMany(a *hclsyntax.Attribute, what, n string) expansion {
	problem := fmt.Sprintf("makes %s instances, more than the %d of one root module", n, f.ev.limits.Instances)
	f.ev.warn(a.Expr.Range(), a.Name+" of "+what+" "+problem, "")
	return f.unsettled(what, a.Name+" "+problem, nil)
}

func notKnown(name string, marks cty.ValueMarks) string {
	if reason := originsOf(marks).reason; reason != "" {
		return name + " is not known: " + reason
	}
	return name + " is not known"
}

func (f *frame) expandEach(a *hclsyntax.Attribute, what string) expansion {
	whole := f.datum("for_each", a.Expr)
	v, marks := whole.value().Unmark()
	ty := v.Type()
	switch {
	case v.IsNull():
		return f.refused(a, what, "is null")
	case !v.IsKnown():
		return f.unsettled(what, notKnown(a.Name, marks), marks)
	case ty.IsSetType() && ty.ElementType() != cty.String && v.LengthInt() > 0 && v.IsWhollyKnown():
		return f.refused(a, what, "is a set of "+ty.ElementType().FriendlyName()+", not of strings")
	case !ty.IsSetType() && !ty.IsMapType() && !ty.IsObjectType():
		return f.refused(a, what, "is a "+ty.FriendlyName()+", not a map or a set of strings")
	case ty.IsSetType() && !v.IsWhollyKnown():
		left := 10_000
		deepMarks(v, marks, &left)
		return f.unsettled(what, notKnown(a.Name, marks), marks)
	}
	if !f.admit(int64(v.LengthInt())) {
		return f.tooMany(a, what, strconv.Itoa(v.LengthInt()))
	}
	e := expansion{form: keyed, marks: marks, byName: map[string]int{}}
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if key, _ = key.Unmark(); key.IsNull() {
			return f.refused(a, what, "holds null")
		}
		name := key.AsString()
		if name == openAttribute {
			return f.unsettled(what, notKnown(a.Name, marks), marks)
		}
		e.byName[name] = len(e.keys)
		e.keys = append(e.keys, name)
		e.frame = append(e.frame, f.with(iteration(f.ev, "each", key, value, whole, a.Expr.Range())))
	}
	return e
}

// iteration binds key and value of one element of a collection.
func iteration(ev *evaluation, name string, key, value cty.Value, whole *datum, rng hcl.Range) *binding {
	shape := func() *Value {
		tree := whole.shaped(rng)
		if t, ok := tree.at(hcl.Traversal{hcl.TraverseIndex{Key: key}}); ok {
			return t
		}
		if t := tree.sameScalar(value); t != nil {
			return t
		}
		return &Value{Pos: tree.Pos}
	}
	return &binding{name: name, fields: []boundField{
		{"key", settled(ev, name+".key", key, nil)},
		{"value", settled(ev, name+".value", value, shape)},
	}}
}

// suffix is a key as it stands in an address: [0] or ["a"].
func suffix(key any) string {
	switch k := key.(type) {
	case int64:
		return "[" + strconv.FormatInt(k, 10) + "]"
	case string:
		return "[" + quoteKey(k) + "]"
	}
	return ""
}

func (e *expansion) index(key cty.Value) int {
	key, _ = key.Unmark()
	if !key.IsKnown() || key.IsNull() {
		return -1
	}
	switch e.form {
	case counted:
		if n, err := convert.Convert(key, cty.Number); err == nil {
			i, acc := n.AsBigFloat().Int64()
			if acc == 0 && i >= 0 && i < int64(len(e.keys)) {
				return int(i)
			}
		}
	case keyed:
		if s, err := convert.Convert(key, cty.String); err == nil {
			if i, ok := e.byName[s.AsString()]; ok {
				return i
			}
		}
	}
	return -1
}
