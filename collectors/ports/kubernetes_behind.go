package ports

import (
	"maps"
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
)

// workload is what is kept of the pods that an object makes: labels, and per
// container the product of its image and its ports by number and name.
type workload struct {
	labels     map[string]string // nil if they are not known
	containers []served
	reason     string // why it may serve more
	host       bool   // it uses, or may use, the addresses of its node
}

type served struct {
	product    aws.Answer[string]
	controller string // the ingress controller that it runs, "" if none is known
	ports      []string
}

// podLabel is one label of pods.
type podLabel struct{ name, value string }

// workloads are those of one namespace. A large one holds thousands, so that those
// that a selector takes are found by its rarest label.
type workloads struct {
	all       []workload
	labelled  map[podLabel][]int
	unlabeled bool // of some the labels are not known
}

func (ws *workloads) add(w workload) {
	if w.labels == nil {
		ws.unlabeled = true
	}
	if ws.labelled == nil {
		ws.labelled = map[podLabel][]int{}
	}
	for name, value := range w.labels {
		ws.labelled[podLabel{name, value}] = append(ws.labelled[podLabel{name, value}], len(ws.all))
	}
	ws.all = append(ws.all, w)
}

// selected yields the workloads that have every label of a selector, in order.
func (ws *workloads) selected(selector map[string]string) []workload {
	if ws == nil {
		return nil
	}
	rarest, first := []int(nil), true
	for name, value := range selector {
		if at := ws.labelled[podLabel{name, value}]; first || len(at) < len(rarest) {
			rarest, first = at, false
		}
	}
	var out []workload
	for _, i := range rarest {
		if selects(selector, ws.all[i].labels) {
			out = append(out, ws.all[i])
		}
	}
	return out
}

func selects(selector, labels map[string]string) bool {
	for name, value := range selector {
		if own, ok := labels[name]; !ok || own != value {
			return false
		}
	}
	return true
}

// behind is the product that the pods of a Service serve at its port: "" unless the
// manifests hold pods that it selects and all of them serve the same one.
func (c *cluster) behind(p clusterPort) aws.Answer[string] {
	ws := c.workloads[p.namespace]
	if ws != nil && ws.unlabeled {
		return aws.NotKnown[string]("the labels of pods are not known", p.at)
	}
	found := map[string]bool{}
	for _, w := range ws.selected(p.selector) {
		if w.reason != "" {
			return aws.NotKnown[string](w.reason, p.at)
		}
		for _, s := range w.containers {
			if len(w.containers) == 1 || slices.Contains(s.ports, p.target) && p.target != "" {
				if !s.product.Known() {
					return s.product
				}
				found[s.product.Value] = true
			}
		}
	}
	switch len(found) {
	case 0:
		return aws.Default("", p.at)
	case 1:
		return aws.Declared(slices.Collect(maps.Keys(found))[0], p.at)
	}
	return aws.NotKnown[string]("its pods serve different products", p.at)
}
