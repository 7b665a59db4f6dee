package firewall

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"

	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/engine/fact"
)

// entry is an item of a document with its place in it.
type entry struct {
	doc   *fact.Document
	index int
	item  fact.Item
}

func entries(d *fact.Document) []entry {
	list := make([]entry, len(d.Items))
	for i, item := range d.Items {
		list[i] = entry{d, i, item}
	}
	return list
}

func (e entry) ref() string { return e.doc.Target.ID + "#" + e.item.ID() }

func (e entry) pointer(path ...string) string {
	return "/items/" + strconv.Itoa(e.index) + fact.Pointer(path...)
}

// at is where a field was read, or the item.
func (e entry) at(path ...string) fact.Position { return e.doc.Place(e.pointer(path...)) }

// why is the reason a field is not known.
func (e entry) why(path ...string) string {
	if reason, ok := e.doc.Reason(e.pointer(path...)); ok {
		return reason
	}
	return "not known"
}

// object is a decoded JSON object; the readers below say whether a member is
// known.
type object = map[string]any

func textOf(o object, name string) (string, bool) {
	s, ok := o[name].(string)
	return s, ok
}

func numberOf(o object, name string) (int, bool) {
	switch n := o[name].(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), n == float64(int(n))
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

func boolOf(o object, name string) (yes, ok bool) {
	yes, ok = o[name].(bool)
	return yes, ok
}

// textsOf reads a list of strings; it is known only if all its members are.
func textsOf(o object, name string) ([]string, bool) {
	list, ok := o[name].([]any)
	if !ok {
		return nil, false
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return out, false
		}
		out = append(out, s)
	}
	return out, true
}

// objectsOf reads a list of objects; it is known only if all its members are.
func objectsOf(o object, name string) ([]object, bool) {
	list, ok := o[name].([]any)
	if !ok {
		return nil, false
	}
	out := make([]object, 0, len(list))
	for _, v := range list {
		m, ok := v.(map[string]any)
		if !ok {
			return out, false
		}
		out = append(out, m)
	}
	return out, true
}

// blocksOf reads a list of blocks; it is known only if all its members are.
func blocksOf(o object, name string) (sources, bool) {
	list, ok := textsOf(o, name)
	var prefixes []netip.Prefix
	for _, text := range list {
		p, valid := parseBlock(text)
		if !valid {
			ok = false
			continue
		}
		prefixes = append(prefixes, p)
	}
	return sourcesOf(prefixes...), ok
}

// parseBlock reads a block or a single address.
func parseBlock(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), !p.Addr().Is4In6()
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" || a.Is4In6() {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// filterRule is a firewall.rule as far as it decides who gets in.
type filterRule struct {
	entry
	region
	// accept is false for a rule that refuses. Where the action is not known the
	// region is not certain, and both must be allowed for.
	accept, refuse bool
	position       int // 0 also where it is not known
	// internet is set where the peers are the service tag of that name, others is
	// the side of the match that is not asked about, everywhere if that is all.
	internet, everywhere bool
	others               sources
}

// readRule reads a rule; peers is the side of the match that is asked about. A
// member that is missing or null makes the rule uncertain, never absent.
func readRule(e entry, peers string) *filterRule {
	r := &filterRule{entry: e}
	r.certain = true
	match, ok := e.item["match"].(map[string]any)
	if !ok {
		match = object{}
	}
	r.protocol, _ = textOf(match, "protocol")
	r.from, r.to, r.portsKnown = portsOf(match)
	r.readPeers(match, peers)
	r.readOthers(match, peers)
	r.conditions(match)
	switch action, known := textOf(e.item, "action"); {
	case !known:
		r.accept, r.refuse, r.certain = true, true, false
	case action == "accept":
		r.accept = true
	case action == "drop" || action == "reject":
		r.refuse = true
	default:
		r.accept, r.refuse, r.certain = true, true, false
	}
	if opaque, known := e.item["opaque"].([]any); !known || len(opaque) > 0 {
		r.certain = false
	}
	r.position, _ = numberOf(e.item, "position")
	if !r.certain {
		r.peers = r.peers.uncertain()
	}
	return r
}

// ordered says whether the rule's position is known, mayBeACL and mayBeGroup
// where the rule can stand: positions mean nothing in a security group.
func (r *filterRule) ordered() bool {
	_, known := numberOf(r.item, "position")
	return known
}

func (r *filterRule) mayBeACL() bool   { return !r.ordered() || r.position != 0 }
func (r *filterRule) mayBeGroup() bool { return r.position == 0 }

// conditions: what this reading does not evaluate makes the rule uncertain.
func (r *filterRule) conditions(match object) {
	if list, known := match["source_ports"].([]any); !known || len(list) > 0 {
		r.certain = false
	}
	if list, known := textsOf(match, "states"); !known || len(list) > 0 && !slices.Contains(list, "new") {
		r.certain = false
	}
	for _, name := range []string{"in_interface", "out_interface"} {
		if name, known := textOf(match, name); !known || name != "" {
			r.certain = false
		}
	}
}

// portsOf reads the destination ports as one range: the hull, not certain, where
// there are several.
func portsOf(match object) (from, to int, known bool) {
	list, ok := objectsOf(match, "destination_ports")
	if !ok {
		return 0, 65535, false
	}
	if len(list) == 0 {
		return 0, 65535, true
	}
	from, to, known = 65535, 0, len(list) == 1
	for _, o := range list {
		lo, ok1 := numberOf(o, "from")
		hi, ok2 := numberOf(o, "to")
		if !ok1 || !ok2 {
			return 0, 65535, false
		}
		from, to = min(from, lo), max(to, hi)
	}
	return from, to, known
}

func (r *filterRule) readPeers(match object, name string) {
	list, known := match[name].([]any)
	if !known {
		r.peers, r.unknownGroups = possibly(allSources()), true
		return
	}
	var blocks []netip.Prefix
	for _, v := range list {
		o, ok := v.(map[string]any)
		if !ok {
			r.peers, r.unknownGroups = r.peers.union(possibly(allSources())), true
			continue
		}
		kind, ok := textOf(o, "type")
		group, named := textOf(o, "name")
		cidr, written := textOf(o, "cidr")
		p, valid := parseBlock(cidr)
		switch {
		case ok && kind == "prefix_list" && group == azure.LoadBalancer:
			// The platform's probes of health: nobody's traffic.
		case ok && kind == "prefix_list" && group == azure.Internet && valid:
			blocks, r.internet = append(blocks, p), true
		case ok && kind == "group" && named && group != "":
			r.groups = append(r.groups, group)
		case ok && kind == "group":
			r.unknownGroups = true
		case ok && written && valid:
			blocks = append(blocks, p)
		default:
			family, _ := textOf(o, "family")
			r.peers = r.peers.union(possibly(familySources(family)))
			r.unknownGroups = r.unknownGroups || !ok
		}
	}
	r.peers = r.peers.union(exactly(sourcesOf(blocks...)))
}

// readOthers reads the side of the match that is not asked about as far as it is
// certain.
func (r *filterRule) readOthers(match object, peers string) {
	side := "destinations"
	if peers == side {
		side = "sources"
	}
	list, _ := objectsOf(match, side)
	var blocks []netip.Prefix
	for _, o := range list {
		if name, _ := textOf(o, "name"); name == azure.VirtualNetwork {
			r.everywhere = true
		}
		text, _ := textOf(o, "cidr")
		if p, valid := parseBlock(text); valid {
			blocks = append(blocks, p)
		}
	}
	r.others = sourcesOf(blocks...)
	r.everywhere = r.everywhere || r.others.covers(allSources())
}
