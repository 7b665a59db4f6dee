package azure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// SecurityGroup is a network security group: stateful, its rules asked in the
// order of their priorities, and after them the rules that the service always
// adds. In: from the virtual network, and from the platform's own load balancer
// probes; nothing else. Out: to the virtual network and to the internet.
type SecurityGroup struct {
	Name     string
	Resource *terraform.Resource // nil for one managed elsewhere
	Rules    []*Rule             // by priority, those without one first
	// Opaque says why it may have rules that are not in Rules.
	Opaque []vpc.Opaque
	Pos    fact.Position
	// network is where it is attached.
	network *Network
	// Subnets and Interfaces it is attached to; AttachedReason says why there may
	// be more.
	Subnets        []*Subnet
	AttachedReason string
}

// Rule is one rule, a block or a resource.
type Rule struct {
	ID, Name, NameReason              string
	Egress                            bool
	Priority                          int
	PriorityReason                    string
	Allow                             bool
	AllowReason                       string
	Protocol                          string // "any" or a name, "" with the reason
	ProtocolReason                    string
	Sources, Destinations             []vpc.Peer
	SourcePorts, DestinationPorts     []Ports // none for all
	SourcePortsReason, PortsReason    string
	Opaque                            string // why it may not be in force
	OwnerReason                       string // why it is not known whose it is
	Description, Tags                 *terraform.Value
	Pos, ProtocolPos, PortsPos        fact.Position
	PriorityPos, AllowPos, SourcesPos fact.Position
}

// Ports is a range, ends included.
type Ports struct{ From, To int }

const groupType = "azurerm_network_security_group"

func (n *Network) readGroups() {
	byAddress := map[string]*SecurityGroup{}
	for _, r := range n.x.OfType(groupType) {
		g := &SecurityGroup{Name: r.Address, Resource: r, Pos: r.Pos, network: n}
		n.Groups = append(n.Groups, g)
		byAddress[r.Address] = g
	}
	n.attach(byAddress) // before the rules: what a tag means hangs on it
	for _, g := range slices.Clone(n.Groups) {
		n.readInline(g)
	}
	for _, r := range n.x.OfType("azurerm_network_security_rule") {
		n.readStandalone(r, byAddress)
	}
	for _, g := range n.Groups {
		slices.SortStableFunc(g.Rules, func(a, b *Rule) int { return a.Priority - b.Priority })
	}
}

func (n *Network) readInline(g *SecurityGroup) {
	if g.Resource == nil {
		return
	}
	blocks := g.Resource.Body.Get("security_rule")
	list, reason := aws.Blocks(g.Resource.Body, "security_rule")
	if reason != "" {
		g.opaque(g.Name+" security_rule", reason, orPosition(blocks.Pos, g.Pos), false)
	}
	taken := map[string]int{}
	for _, b := range list {
		if b.Kind != terraform.Object {
			continue // its reason stands above
		}
		rules := n.decode(g, b, orPosition(b.Pos, g.Pos), "")
		for _, rule := range rules {
			id := g.Name + "/" + direction(rule.Egress) + "/" + rule.label()
			taken[id]++
			if k := taken[id]; k > 1 {
				id = fmt.Sprintf("%s~%d", id, k)
			}
			rule.ID, rule.Tags = id, g.Resource.Body.Get("tags")
		}
		g.Rules = append(g.Rules, rules...)
	}
}

// label names a rule in a group: by its name, else by its priority.
func (r *Rule) label() string {
	switch {
	case r.Name != "":
		return r.Name
	case r.PriorityReason == "":
		return strconv.Itoa(r.Priority)
	}
	return "unknown"
}

func direction(egress bool) string {
	if egress {
		return "outbound"
	}
	return "inbound"
}

func (g *SecurityGroup) opaque(text, reason string, at fact.Position, elsewhere bool) {
	for _, egress := range []bool{false, true} {
		g.Opaque = append(g.Opaque, vpc.Opaque{Egress: egress, Text: text, Reason: reason, Elsewhere: elsewhere, Pos: at})
	}
}

func (n *Network) readStandalone(r *terraform.Resource, byAddress map[string]*SecurityGroup) {
	name := First(r.Body, "network_security_group_name", "network_security_group_id")
	owner, reason := n.x.One(name, "the group of "+r.Address, groupType)
	var g *SecurityGroup
	switch {
	case owner != nil:
		g = byAddress[owner.Address]
	case strings.HasSuffix(reason, elsewhere):
		g = n.foreign(n.nameOf(name), byAddress, r.Pos)
	}
	rules := n.decode(g, r.Body, r.Pos, r.Address)
	for _, rule := range rules {
		if !r.KnownCount {
			rule.Opaque = "the number of instances of " + r.Address + " is not known"
		}
		if g == nil {
			rule.OwnerReason = reason
			n.Loose = append(n.Loose, rule)
			continue
		}
		if g.Resource != nil && !g.Resource.Body.Get("security_rule").Unset() && rule.Opaque == "" {
			rule.Opaque = g.Name + " has rules inline as well: the two forms undo each other"
		}
		if g.Resource != nil {
			rule.Tags = g.Resource.Body.Get("tags")
		}
		g.Rules = append(g.Rules, rule)
	}
}

// elsewhere ends the reasons of [Index.One] for what the root does not declare.
const elsewhere = "is managed elsewhere"

// nameOf names what is managed elsewhere: the data source that finds it, or the
// text.
func (n *Network) nameOf(v *terraform.Value) string {
	if v.Direct && len(v.Refs) == 1 {
		return v.Refs[0].Address
	}
	return v.Text[strings.LastIndexByte(v.Text, '/')+1:]
}

// foreign is a group managed elsewhere that rules of this root add to.
func (n *Network) foreign(name string, byAddress map[string]*SecurityGroup, at fact.Position) *SecurityGroup {
	if g := byAddress[name]; g != nil {
		return g
	}
	g := &SecurityGroup{Name: name, Pos: at, network: n, AttachedReason: name + " " + elsewhere}
	g.opaque(name, "the group is managed elsewhere and may hold other rules", at, true)
	byAddress[name] = g
	n.Groups = append(n.Groups, g)
	return g
}

// decode reads a rule. One whose direction is not known is read twice, and
// neither is certain.
func (n *Network) decode(g *SecurityGroup, body *terraform.Value, at fact.Position, id string) []*Rule {
	way := aws.Text(body, "", "direction")
	ways, opaque := []bool{false, true}, "whether it is for traffic in or out is not known"
	if way.Known() && (strings.EqualFold(way.Value, "Inbound") || strings.EqualFold(way.Value, "Outbound")) {
		ways, opaque = []bool{strings.EqualFold(way.Value, "Outbound")}, ""
	}
	var rules []*Rule
	for _, egress := range ways {
		r := &Rule{ID: id, Egress: egress, Opaque: opaque, Pos: at, Description: body.Get("description")}
		if opaque != "" && id != "" {
			r.ID += "/" + direction(egress)
		}
		name := aws.Text(body, "", "name")
		r.Name, r.NameReason = name.Value, name.Reason
		r.header(body, at)
		r.SourcePorts, r.SourcePortsReason, _ = portRanges(body, "source_port_range", at)
		r.DestinationPorts, r.PortsReason, r.PortsPos = portRanges(body, "destination_port_range", at)
		if r.Protocol != "" && r.Protocol != vpc.Any && !vpc.HasPorts(r.Protocol) {
			r.SourcePorts, r.DestinationPorts, r.SourcePortsReason, r.PortsReason = nil, nil, "", ""
		}
		r.Sources = n.peers(g, body, "source", at)
		r.Destinations = n.peers(g, body, "destination", at)
		rules = append(rules, r)
	}
	return rules
}

func (r *Rule) header(body *terraform.Value, at fact.Position) {
	priority := aws.Int(body, -1, "priority")
	r.Priority, r.PriorityReason, r.PriorityPos = priority.Value, priority.Reason, orPosition(priority.Pos, at)
	if priority.Default {
		r.PriorityReason = "no priority is given"
	}
	if r.PriorityReason != "" {
		r.Priority = 0
	}
	access := aws.Text(body, "", "access")
	r.AllowPos, r.AllowReason = orPosition(access.Pos, at), access.Reason
	switch {
	case !access.Known():
	case strings.EqualFold(access.Value, "Allow"):
		r.Allow = true
	case !strings.EqualFold(access.Value, "Deny"):
		r.AllowReason = "is neither Allow nor Deny"
	}
	protocol := aws.Text(body, "", "protocol")
	r.ProtocolPos, r.ProtocolReason = orPosition(protocol.Pos, at), protocol.Reason
	switch name := strings.ToLower(protocol.Value); {
	case !protocol.Known():
	case name == "*":
		r.Protocol = vpc.Any
	case slices.Contains([]string{"tcp", "udp", "icmp", "icmpv6", "esp", "ah"}, name):
		r.Protocol = name
	default:
		r.ProtocolReason = "protocol " + strconv.Quote(protocol.Value) + " is not one this reader knows"
	}
}

// portRanges reads a port argument and its plural; none means all of them.
func portRanges(body *terraform.Value, name string, at fact.Position) ([]Ports, string, fact.Position) {
	one, many := body.Get(name), body.Get(name+"s")
	pos := orPosition(orElsePos(one, many), at)
	var texts []string
	for _, v := range []*terraform.Value{one, many} {
		if v.Unset() {
			continue
		}
		list := aws.Texts(&terraform.Value{Kind: terraform.Object, Fields: []terraform.Field{{Name: name, Value: asText(v)}}}, name)
		if !list.Known() {
			return nil, list.Reason, pos
		}
		texts = append(texts, list.Value...)
	}
	var out []Ports
	for _, text := range texts {
		switch text {
		case "*":
			return nil, "", pos
		case "": // as a plan writes what is not set
			continue
		}
		p, ok := portRange(text)
		if !ok {
			return nil, strconv.Quote(text) + " is not a range of ports", pos
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, "no ports are given", pos
	}
	slices.SortFunc(out, func(a, b Ports) int { return a.From - b.From })
	return out, "", pos
}

// asText turns numbers, which Terraform converts, into text.
func asText(v *terraform.Value) *terraform.Value {
	switch v.Kind {
	case terraform.Number:
		return &terraform.Value{Kind: terraform.String, Text: v.Number, Pos: v.Pos}
	case terraform.List:
		out := *v
		out.Elems = nil
		for _, e := range v.Elems {
			out.Elems = append(out.Elems, asText(e))
		}
		return &out
	}
	return v
}

func orElsePos(a, b *terraform.Value) fact.Position {
	if a.Unset() {
		return b.Pos
	}
	return a.Pos
}

func portRange(text string) (Ports, bool) {
	first, last, ranged := strings.Cut(strings.TrimSpace(text), "-")
	if !ranged {
		last = first
	}
	from, err1 := strconv.Atoi(strings.TrimSpace(first))
	to, err2 := strconv.Atoi(strings.TrimSpace(last))
	return Ports{from, to}, err1 == nil && err2 == nil && 0 <= from && from <= to && to <= 65535
}
