package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// drawnKinds are the kinds of facts that a picture says more of than words.
func drawnKinds() []string {
	return []string{"firewall.exposure", "log.store", "port.listener", "tls.endpoint"}
}

// drawing keeps of items what the pictures show.
type drawing struct {
	ports  []exposedPort
	closed int // ports that no source reaches
	stores []keptStore
	served []servedEndpoint
	held   []heldPort
	// reached is by reference of the exposure.
	reached map[string]reachedPort
}

func (d *drawing) add(item *finding.Item) {
	switch item.Kind {
	case "firewall.exposure":
		d.addExposure(item)
		d.noteReach(item)
	case "port.listener":
		d.addListener(item)
	case "log.store":
		d.addStore(item)
	case "tls.endpoint":
		d.addEndpoint(item)
	}
}

// member walks into objects; nil where there is none. Items come from a saved report
// as well, so nothing of their shape is taken for granted.
func member(v any, path ...string) any {
	for _, name := range path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

func textOf(v any, path ...string) string {
	s, _ := member(v, path...).(string)
	return s
}

func listOf(v any, path ...string) []any {
	list, _ := member(v, path...).([]any)
	return list
}

// numberOf is a number, and whether there is one: null is not known.
func numberOf(v any, path ...string) (float64, bool) {
	switch n := member(v, path...).(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	}
	return 0, false
}

// middle cuts the middle out of s, which for addresses and paths says least.
func middle(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:(n-1)/2]) + "…" + string(r[len(r)-n/2:])
}

// whose names an item, with its target where a picture has several.
func whose(target, id string) string { return strings.Trim(target+" "+id, " ") }

// portName is "tcp/5432" or "tcp/8000-8010".
func portName(item map[string]any) string {
	from, _ := numberOf(item, "port_from")
	to, _ := numberOf(item, "port_to")
	name := textOf(item, "protocol")
	switch {
	case from == 0 && to == 0:
		return name
	case from == to:
		return fmt.Sprintf("%s/%.0f", name, from)
	}
	return fmt.Sprintf("%s/%.0f-%.0f", name, from, to)
}

// colour orders what a picture shows: bad before open before good.
type colour string

const (
	good colour = "good"
	open colour = "open"
	bad  colour = "bad"
)

func worse(a, b colour) colour {
	if rankOf(b) > rankOf(a) {
		return b
	}
	return a
}

func rankOf(c colour) int { return slices.Index([]colour{good, open, bad}, c) }

// sign says a colour to those who do not see it.
func (c colour) sign() string {
	switch c {
	case bad:
		return "✕ "
	case open:
		return "? "
	}
	return ""
}
