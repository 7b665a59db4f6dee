package firewall

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
)

// readSelector reads a LabelSelector. fault says why the API server would refuse it.
func readSelector(n *node.Node) (s selector, fault string) {
	switch {
	case n.IsNull():
		return s, ""
	case n.Kind != node.Object:
		return selector{[]requirement{{reason: unsettled(n, "a selector is not a mapping")}}}, faultOf(n, "a selector is not a mapping")
	}
	for i, key := range n.Keys {
		v := n.Elems[i]
		switch key.Name {
		case "matchLabels":
			s.list = append(s.list, readMatchLabels(v, &fault)...)
		case "matchExpressions":
			s.list = append(s.list, readExpressions(v, &fault)...)
		default:
			fault = cmp.Or(fault, "a selector has no "+key.Name)
		}
	}
	slices.SortStableFunc(s.list, func(a, b requirement) int { return strings.Compare(a.text(), b.text()) })
	s.list = slices.CompactFunc(s.list, func(a, b requirement) bool { return a.reason == "" && b.reason == "" && a.text() == b.text() })
	return s, fault
}

// faultOf is a fault of what is written; what is not known is none.
func faultOf(n *node.Node, fault string) string {
	if n.Kind == node.Opaque {
		return ""
	}
	return fault
}

func readMatchLabels(n *node.Node, fault *string) []requirement {
	switch {
	case n.IsNull():
		return nil
	case n.Kind != node.Object:
		*fault = cmp.Or(*fault, faultOf(n, "matchLabels is not a mapping"))
		return []requirement{{reason: unsettled(n, "matchLabels is not a mapping")}}
	}
	var list []requirement
	for i, key := range n.Keys {
		v := n.Elems[i]
		r := requirement{key: key.Name, op: "In"}
		switch {
		case v.Kind == node.String:
			r.values = []string{v.Text}
		case v.IsNull():
			r.values = []string{""}
		default:
			*fault = cmp.Or(*fault, faultOf(v, "the value of label "+key.Name+" is not a text"))
			r.reason = unsettled(v, "the value of label "+key.Name+" is not a text")
		}
		list = append(list, r)
	}
	return list
}

func readExpressions(n *node.Node, fault *string) []requirement {
	switch {
	case n.IsNull():
		return nil
	case n.Kind != node.Array:
		*fault = cmp.Or(*fault, faultOf(n, "matchExpressions is not a list"))
		return []requirement{{reason: unsettled(n, "matchExpressions is not a list")}}
	}
	var list []requirement
	for _, e := range n.Elems {
		list = append(list, readExpression(e, fault))
	}
	return list
}

func readExpression(n *node.Node, fault *string) requirement {
	r := requirement{}
	undecided := func(n *node.Node, what string) {
		*fault = cmp.Or(*fault, faultOf(n, what))
		r.reason = cmp.Or(r.reason, unsettled(n, what))
	}
	if n.Kind != node.Object {
		undecided(n, "an expression is not a mapping")
		return r
	}
	missing := &node.Node{}
	for _, part := range []struct {
		name string
		to   *string
	}{{"key", &r.key}, {"operator", &r.op}} {
		v := n.Get(part.name)
		if v == nil {
			v = missing
		}
		if v.Kind != node.String || v.Text == "" {
			undecided(v, "an expression has no "+part.name)
			continue
		}
		*part.to = v.Text
	}
	values := n.Get("values")
	if values != nil && values.Kind != node.Null && values.Kind != node.Array {
		undecided(values, "values of an expression are not a list")
		return r
	}
	if !values.IsNull() {
		for _, v := range values.Elems {
			if v.Kind != node.String {
				undecided(v, "a value of an expression is not a text")
				continue
			}
			r.values = append(r.values, v.Text)
		}
	}
	slices.Sort(r.values)
	r.values = slices.Compact(r.values)
	switch r.op {
	case "In", "NotIn":
		if len(r.values) == 0 && r.reason == "" {
			undecided(missing, r.op+" has no values")
		}
	case "Exists", "DoesNotExist":
		if len(r.values) > 0 {
			undecided(missing, r.op+" takes no values")
		}
	case "":
	default:
		undecided(missing, "there is no operator "+r.op)
	}
	for i, key := range n.Keys {
		if key.Name != "key" && key.Name != "operator" && key.Name != "values" {
			undecided(n.Elems[i], "an expression has no "+key.Name)
		}
	}
	return r
}
