package firewall

import (
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
