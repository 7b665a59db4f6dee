package firewall

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
)

// truth is an answer in a cluster of which the manifests show a part.
type truth uint8

const (
	never truth = iota
	perhaps
	always
)

func and(a, b truth) truth { return min(a, b) }
func or(a, b truth) truth  { return max(a, b) }

// label is a name and its value, which may not be known; automatic ones are given
// by a controller, if its version does.
type label struct {
	key, value         string
	unknown, automatic bool
}

// labelSet are the labels of pods or of a namespace, sorted by key. The object may
// have others where open says why.
type labelSet struct {
	list []label
	open string
}

// get returns a label's value. found is perhaps where the set is open; a value that
// is not known is told by known.
func (s *labelSet) get(key string) (value string, known bool, found truth) {
	i, ok := slices.BinarySearchFunc(s.list, key, func(l label, k string) int { return strings.Compare(l.key, k) })
	switch {
	case ok && s.list[i].automatic:
		return "", false, perhaps
	case ok:
		return s.list[i].value, !s.list[i].unknown, always
	case s.open != "":
		return "", false, perhaps
	}
	return "", true, never
}

// automaticLabels are those that controllers give the pods they make.
var automaticLabels = map[string][]string{
	"Deployment":  {"pod-template-hash"},
	"StatefulSet": {"apps.kubernetes.io/pod-index", "controller-revision-hash", "statefulset.kubernetes.io/pod-name"},
	"DaemonSet":   {"controller-revision-hash", "pod-template-generation"},
	"Job":         {"batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-completion-index", "batch.kubernetes.io/job-name", "controller-uid", "job-name"},
	"CronJob":     {"batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-completion-index", "batch.kubernetes.io/job-name", "controller-uid", "job-name"},
}

// automatic adds the labels that a controller gives.
func (s *labelSet) automatic(kind string) {
	for _, key := range automaticLabels[kind] {
		i, found := slices.BinarySearchFunc(s.list, key, func(l label, k string) int { return strings.Compare(l.key, k) })
		if found {
			s.list[i] = label{key: key, unknown: true, automatic: true}
			continue
		}
		s.list = slices.Insert(s.list, i, label{key: key, unknown: true, automatic: true})
	}
}

// name tells label sets apart.
func (s *labelSet) name() string {
	var b strings.Builder
	for _, l := range s.list {
		b.WriteString(l.key)
		switch {
		case l.automatic:
			b.WriteString("\x03\x00")
			continue
		case l.unknown:
			b.WriteString("\x01\x00")
			continue
		}
		b.WriteString("=" + l.value + "\x00")
	}
	return b.String() + "\x02" + s.open
}

// unsettled is why a value is not known, or why it has no place here.
func unsettled(n *node.Node, what string) string {
	if n.Kind == node.Opaque {
		return n.Reason
	}
	return what
}

// readLabels reads a mapping of labels.
func readLabels(n *node.Node) *labelSet {
	s := &labelSet{}
	switch {
	case n.IsNull():
		return s
	case n.Kind != node.Object:
		s.open = unsettled(n, "labels are not a mapping")
		return s
	}
	for i, key := range n.Keys {
		l := label{key: key.Name}
		if v := n.Elems[i]; v.Kind == node.String {
			l.value = v.Text
		} else if !v.IsNull() {
			l.unknown = true
		}
		s.list = append(s.list, l)
	}
	slices.SortStableFunc(s.list, func(a, b label) int { return strings.Compare(a.key, b.key) })
	return s
}

// requirement is a condition on one label, in the terms of matchExpressions. One
// that cannot be decided has a reason.
type requirement struct {
	key, op string
	values  []string // sorted
	reason  string
}

// selector is a conjunction of requirements; without any it selects everything.
type selector struct{ list []requirement }

const namespaceLabel = "kubernetes.io/metadata.name"

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

// matches decides a selector on labels.
func (s selector) matches(l *labelSet) truth {
	answer := always
	for _, r := range s.list {
		if answer = and(answer, r.matches(l)); answer == never {
			break
		}
	}
	return answer
}

func (r requirement) matches(l *labelSet) truth {
	if r.reason != "" {
		return perhaps
	}
	value, known, found := l.get(r.key)
	switch r.op {
	case "Exists":
		return found
	case "DoesNotExist":
		return always - found
	case "In":
		switch {
		case found == never:
			return never
		case !known:
			return perhaps
		case slices.Contains(r.values, value):
			return always
		}
		return never
	}
	// NotIn also holds for an object without the label.
	switch {
	case found == never:
		return always
	case !known:
		return perhaps
	case slices.Contains(r.values, value):
		return never
	}
	return always
}

// all reports whether it certainly selects everything, whatever its labels.
func (s selector) all() bool { return len(s.list) == 0 }

// reason is why it cannot be decided, "" if it can.
func (s selector) reason() string {
	for _, r := range s.list {
		if r.reason != "" {
			return r.reason
		}
	}
	return ""
}

// fixed returns a label and value that everything it selects has, if there is one.
func (s selector) fixed() (key, value string, ok bool) {
	for _, r := range s.list {
		if r.reason == "" && r.op == "In" && len(r.values) == 1 {
			return r.key, r.values[0], true
		}
	}
	return "", "", false
}

// text is the selector in the notation of kubectl, "" if it selects everything.
func (s selector) text() string {
	parts := make([]string, len(s.list))
	for i, r := range s.list {
		parts[i] = r.text()
	}
	return strings.Join(parts, ",")
}

func (r requirement) text() string {
	switch {
	case r.reason != "":
		return "?"
	case r.op == "Exists":
		return r.key
	case r.op == "DoesNotExist":
		return "!" + r.key
	case r.op == "In" && len(r.values) == 1:
		return r.key + "=" + r.values[0]
	case r.op == "In":
		return r.key + " in (" + strings.Join(r.values, ",") + ")"
	case len(r.values) == 1:
		return r.key + "!=" + r.values[0]
	}
	return r.key + " notin (" + strings.Join(r.values, ",") + ")"
}
