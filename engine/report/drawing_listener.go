package report

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// heldPort is a listener of the port map: what holds it, and what covers it.
type heldPort struct {
	target, id, name, process, scope string
	exposure                         []string
	documented                       string // "yes", "no", or "not known"
	entries                          []string
}

// reachedPort is what the exposure of a listener or published port comes to.
type reachedPort struct {
	verdict string
	sources []string // that certainly or possibly reach it
}

func (d *drawing) addListener(item *finding.Item) {
	p := heldPort{target: item.Target, id: item.ID, name: listenerName(item.Item), process: processName(item.Item), scope: textOf(item.Item, "scope"), documented: "not known"}
	for _, ref := range listOf(item.Item, "exposure") {
		p.exposure = append(p.exposure, fmt.Sprint(ref))
	}
	if entries, known := member(item.Item, "register").([]any); known {
		p.documented = "no"
		for _, e := range entries {
			_, name, _ := strings.Cut(fmt.Sprint(e), "#")
			p.entries = append(p.entries, name)
			p.documented = "yes"
		}
	}
	d.held = append(d.held, p)
}

// listenerName is protocol, address and port; a dual-stack socket is two listeners.
func listenerName(item any) string {
	port, _ := numberOf(item, "port")
	address := textOf(item, "address")
	if strings.Contains(address, ":") {
		address = "[" + address + "]"
	}
	name := fmt.Sprintf("%s %s:%.0f", textOf(item, "protocol"), address, port)
	if ns := textOf(item, "netns"); ns != "" {
		name += " in " + middle(ns, 24)
	}
	return name
}

// processName names what holds a socket: its unit, else its program, and how many
// more.
func processName(item any) string {
	owners, known := member(item, "owners").([]any)
	switch {
	case !known:
		return "not known"
	case len(owners) == 0:
		return cmp.Or(map[string]string{"kernel": "the kernel", "none": "no process"}[textOf(item, "attribution")], "not known")
	}
	var names []string
	for _, o := range owners {
		exe := textOf(o, "exe")
		name := cmp.Or(strings.TrimSuffix(textOf(o, "unit"), ".service"), path.Base(exe), "not known")
		if unit := textOf(o, "unit"); unit != "" && exe != "" {
			name = path.Base(exe) + " of " + name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 1 {
		return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
	}
	return names[0]
}

// noteReach keeps what of an exposure the port map says.
func (d *drawing) noteReach(item *finding.Item) {
	if textOf(item.Item, "of") != "port.listener" {
		return
	}
	r := reachedPort{verdict: textOf(item.Item, "verdict")}
	for _, p := range listOf(item.Item, "paths") {
		if v := textOf(p, "verdict"); v != "unreachable" {
			r.sources = append(r.sources, sourceName(p))
		}
	}
	if d.reached == nil {
		d.reached = map[string]reachedPort{}
	}
	d.reached[item.Target+"#"+item.ID] = r
}

// mapRow is a line of the port map.
type mapRow struct {
	Target, Listener, Process, Reach, Documented string
	Class                                        colour
}

// Sign says the colour to those who do not see it.
func (r mapRow) Sign() string { return r.Class.sign() }

// portMap lists listeners by target: those that nobody documented first, then by
// how wide they are. It is nil if there is none.
func (d *drawing) portMap() []mapRow {
	held := slices.Clone(d.held)
	rank := func(p heldPort) int {
		return slices.Index([]string{"no", "not known", "yes"}, p.documented)*8 - slices.Index(scopeNames(), p.scope)
	}
	slices.SortStableFunc(held, func(a, b heldPort) int {
		return cmp.Or(strings.Compare(a.target, b.target), cmp.Compare(rank(a), rank(b)), strings.Compare(a.id, b.id))
	})
	var rows []mapRow
	for _, p := range held {
		row := mapRow{Target: p.target, Listener: p.name, Process: p.process, Reach: d.reach(p), Documented: p.documented, Class: good}
		switch p.documented {
		case "yes":
			row.Documented = strings.Join(p.entries, ", ")
		case "no":
			row.Class = bad
		default:
			row.Class = open
		}
		rows = append(rows, row)
	}
	return rows
}

func scopeNames() []string { return []string{"loopback", "host", "internal", "partner", "internet"} }

// reach says who reaches a listener; without a word of the firewall what it is bound
// to.
func (d *drawing) reach(p heldPort) string {
	for _, ref := range p.exposure {
		r, ok := d.reached[ref]
		if !ok {
			continue
		}
		switch {
		case r.verdict == "unreachable":
			return "nobody"
		case r.verdict == "unknown" || len(r.sources) == 0:
			return "not known"
		case r.verdict == "conditional":
			return "as long as a rate is kept: " + someOf(r.sources)
		}
		return someOf(r.sources)
	}
	if p.scope == "loopback" {
		return "this host"
	}
	return "not known; bound to " + cmp.Or(p.scope, "what is not known")
}

func someOf(list []string) string {
	if len(list) > 2 {
		return fmt.Sprintf("%s, %s and %d more", list[0], list[1], len(list)-2)
	}
	return strings.Join(list, ", ")
}
