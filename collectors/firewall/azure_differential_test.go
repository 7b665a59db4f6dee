package firewall_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/fact"
)

// nsgRule is a generated rule of a network security group.
type nsgRule struct {
	priority          int
	action            string // Allow, Deny or "" where it is not known
	protocol          string
	ports             []string
	source, target    string // tag, block, "*", "asg", or "" where it is not known
	inline, sometimes bool
}

// nsgCase is a network with one group at the subnet and perhaps one at the
// interface.
type nsgCase struct {
	subnet, nic []nsgRule
	hasNIC      bool
	network     string // address space, "" where it is not known
	v6          bool
}

func randomNSG(r *rand.Rand) []nsgRule {
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	inline := r.IntN(2) == 0
	var rules []nsgRule
	for n := range 1 + r.IntN(5) {
		g := nsgRule{priority: 100 + 10*n, action: one("Allow", "Allow", "Allow", "Deny", "Deny", ""), protocol: one("Tcp", "Tcp", "Udp", "*", "*"), inline: inline}
		for range 1 + r.IntN(2) {
			g.ports = append(g.ports, one("443", "443", "80", "400-500", "0-65535", "*", "?"))
		}
		if slices.Contains(g.ports, "*") || slices.Contains(g.ports, "?") {
			g.ports = g.ports[len(g.ports)-1:]
		}
		g.source = one("*", "Internet", "VirtualNetwork", "AzureLoadBalancer", "Storage", "asg", "10.0.0.0/8", "10.0.1.0/24", "203.0.113.0/24", "0.0.0.0/0", "192.0.2.0/25", "fd00::/8", "2001:db8::/32", "::/0", "")
		g.target = one("*", "*", "*", "VirtualNetwork", "10.0.1.4/32", "10.0.0.0/16", "")
		g.sometimes = !inline && r.IntN(8) == 0
		rules = append(rules, g)
	}
	r.Shuffle(len(rules), func(i, j int) { rules[i].priority, rules[j].priority = rules[j].priority, rules[i].priority })
	return rules
}

func (g nsgRule) write(w *strings.Builder, group string, n int) {
	value := func(s string) string {
		if s == "" || s == "?" {
			return "var.unknown"
		}
		return fmt.Sprintf("%q", s)
	}
	if g.inline {
		fmt.Fprintln(w, "  security_rule {")
	} else {
		fmt.Fprintf(w, "resource \"azurerm_network_security_rule\" \"%s%d\" {\n  network_security_group_name = azurerm_network_security_group.%s.name\n", group, n, group)
		if g.sometimes {
			fmt.Fprintln(w, "  count = var.unknown")
		}
	}
	fmt.Fprintf(w, "  name = \"r%d\"\n  priority = %d\n  direction = \"Inbound\"\n  access = %s\n  protocol = %q\n  source_port_range = \"*\"\n", n, g.priority, value(g.action), g.protocol)
	var ports []string
	for _, p := range g.ports {
		ports = append(ports, value(p))
	}
	fmt.Fprintf(w, "  destination_port_ranges = [%s]\n  destination_address_prefix = %s\n", strings.Join(ports, ", "), value(g.target))
	if g.source == "asg" {
		fmt.Fprintln(w, "  source_application_security_group_ids = [azurerm_application_security_group.asg.id]")
	} else {
		fmt.Fprintf(w, "  source_address_prefix = %s\n", value(g.source))
	}
	fmt.Fprintln(w, "}")
}

func (c nsgCase) module() string {
	var w strings.Builder
	space := "var.unknown"
	if c.network != "" {
		space = fmt.Sprintf("[%q, \"fd00:1::/48\"]", c.network)
	}
	version := "IPv4"
	if c.v6 {
		version = "IPv6"
	}
	fmt.Fprintf(&w, `
variable "unknown" {}
resource "azurerm_application_security_group" "asg" {
  name = "asg"
}
resource "azurerm_virtual_network" "v" {
  name          = "v"
  address_space = %s
}
resource "azurerm_subnet" "s" {
  name                 = "s"
  virtual_network_name = azurerm_virtual_network.v.name
}
resource "azurerm_network_interface" "n" {
  name = "n"
  ip_configuration {
    subnet_id = azurerm_subnet.s.id
  }
}
resource "azurerm_public_ip" "p" {
  name       = "p"
  ip_version = %q
}
resource "azurerm_lb" "l" {
  name = "l"
  frontend_ip_configuration {
    name                 = "f"
    public_ip_address_id = azurerm_public_ip.p.id
  }
}
resource "azurerm_lb_backend_address_pool" "p" {
  name = "p"
}
resource "azurerm_network_interface_backend_address_pool_association" "p" {
  network_interface_id    = azurerm_network_interface.n.id
  backend_address_pool_id = azurerm_lb_backend_address_pool.p.id
}
resource "azurerm_lb_rule" "r" {
  loadbalancer_id                = azurerm_lb.l.id
  frontend_ip_configuration_name = "f"
  protocol                       = "Tcp"
  frontend_port                  = 443
  backend_port                   = 443
  backend_address_pool_ids       = [azurerm_lb_backend_address_pool.p.id]
}
`, space, version)
	group := func(name string, rules []nsgRule, association, argument, of string) {
		fmt.Fprintf(&w, "resource \"azurerm_network_security_group\" %q {\n  name = %q\n", name, name)
		for i, g := range rules {
			if g.inline {
				g.write(&w, name, i)
			}
		}
		fmt.Fprintln(&w, "}")
		for i, g := range rules {
			if !g.inline {
				g.write(&w, name, i)
			}
		}
		fmt.Fprintf(&w, "resource %q %q {\n  network_security_group_id = azurerm_network_security_group.%s.id\n  %s = %s\n}\n", association, name, name, argument, of)
	}
	group("subnet", c.subnet, "azurerm_subnet_network_security_group_association", "subnet_id", "azurerm_subnet.s.id")
	if c.hasNIC {
		group("nic", c.nic, "azurerm_network_interface_security_group_association", "network_interface_id", "azurerm_network_interface.n.id")
	}
	return w.String()
}

var nsgInside = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("::1/128"),
}

func holds(list []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

func (c nsgCase) space() []netip.Prefix {
	if c.network == "" {
		return nil
	}
	return []netip.Prefix{netip.MustParsePrefix(c.network), netip.MustParsePrefix("fd00:1::/48")}
}

// matches says whether a rule is for a connection to TCP port 443 of the machine,
// from an address, or from members of a group whose address is not known.
func (c nsgCase) matches(g nsgRule, source netip.Addr, member string) answer {
	out := yes
	switch g.protocol {
	case "Udp":
		return no
	}
	port := no
	for _, p := range g.ports {
		switch p {
		case "443", "400-500", "0-65535", "*":
			port = yes
		case "?":
			port = max(port, maybe)
		}
	}
	out = min(out, port)
	switch {
	case g.target == "", g.target == "10.0.1.4/32", g.target == "10.0.0.0/16":
		// The machine's own address is not said, and its network has IPv6 too.
		out = min(out, maybe)
	}
	if g.sometimes {
		out = min(out, maybe)
	}
	if member != "" {
		return min(out, c.matchesMember(g, member))
	}
	inside := holds(nsgInside, source) || holds(c.space(), source)
	from := no
	switch g.source {
	case "*":
		from = yes
	case "", "Storage":
		from = maybe
	case "AzureLoadBalancer":
	case "Internet":
		// Who is let in as the internet is said to be everyone; whom a refusal
		// leaves is not.
		from = yes
		if inside && g.action == "Deny" {
			from = maybe
		}
	case "VirtualNetwork":
		switch {
		case holds(c.space(), source):
			from = yes
		case c.network == "" && inside && g.action != "Allow":
			from = maybe
		}
	case "asg":
		if inside && g.action != "Allow" {
			from = maybe
		}
	default:
		if netip.MustParsePrefix(g.source).Contains(source) {
			from = yes
		}
	}
	return min(out, from)
}

// matchesMember: members have some address inside their network.
func (c nsgCase) matchesMember(g nsgRule, member string) answer {
	home := nsgInside
	if c.network != "" {
		home = c.space()
	}
	switch g.source {
	case "*", "VirtualNetwork":
		return yes
	case "Internet", "AzureLoadBalancer":
		return no
	case "asg":
		if member == "azurerm_application_security_group.asg" {
			return yes
		}
		return maybe
	case "", "Storage":
		return maybe
	}
	block := netip.MustParsePrefix(g.source)
	for _, p := range home {
		if p.Overlaps(block) {
			return maybe
		}
	}
	return no
}

func (c nsgCase) walk(rules []nsgRule, source netip.Addr, member string) answer {
	if len(rules) == 0 {
		if member != "" || holds(c.space(), source) {
			return yes
		}
		return no
	}
	g, rest := rules[0], rules[1:]
	matched := map[string]answer{"Allow": yes, "Deny": no, "": maybe}[g.action]
	switch c.matches(g, source, member) {
	case yes:
		return matched
	case no:
		return c.walk(rest, source, member)
	}
	if other := c.walk(rest, source, member); other != matched {
		return maybe
	}
	return matched
}

func (c nsgCase) answer(source netip.Addr, member string) answer {
	order := func(rules []nsgRule) []nsgRule {
		return slices.SortedFunc(slices.Values(rules), func(a, b nsgRule) int { return a.priority - b.priority })
	}
	out := c.walk(order(c.subnet), source, member)
	if c.hasNIC {
		out = min(out, c.walk(order(c.nic), source, member))
	}
	return out
}

// saidOf is what an exposure says of the members of a group.
func saidOf(item fact.Item, group string) answer {
	out := no
	for _, v := range item["paths"].([]any) {
		if path := v.(map[string]any); path["group"] == group {
			out = map[string]answer{"unreachable": no, "unknown": maybe, "reachable": yes}[path["verdict"].(string)]
		}
	}
	return out
}

// Exposures through network security groups agree with asking their rules one by
// one, for addresses and for members.
func TestSecurityGroupsOfAzureAgreeWithAskingEveryRule(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	seen, members := map[answer]int{}, map[answer]int{}
	for range 1000 {
		c := nsgCase{subnet: randomNSG(r), hasNIC: r.IntN(2) == 0, network: []string{"10.0.0.0/16", "203.0.0.0/16", ""}[r.IntN(3)], v6: r.IntN(4) == 0}
		if c.hasNIC {
			c.nic = randomNSG(r)
		}
		module := c.module()
		var port fact.Item
		for _, item := range derive(t, module) {
			if item.ID() == "azurerm_lb_rule.r/tcp/443" {
				port = item
			}
		}
		if port == nil {
			t.Fatalf("no exposure\n%s", module)
		}
		var borders []groupRule
		for _, text := range []string{"10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "203.0.113.0/24", "203.0.0.0/16", "192.0.2.0/25", "fd00::/8", "fd00:1::/48", "2001:db8::/32", "168.63.129.16/32", "192.168.0.0/16"} {
			borders = append(borders, groupRule{cidrs: []netip.Prefix{netip.MustParsePrefix(text)}})
		}
		for _, source := range (scenario{rules: borders}).witnesses() {
			if source.Is6() != c.v6 {
				continue
			}
			want := c.answer(source, "")
			seen[want]++
			if got := said(port, source); got != want {
				t.Fatalf("from %v: got %v, want %v\n%s", source, got, want, module)
			}
		}
		for _, name := range c.named() {
			want := c.answer(netip.Addr{}, name)
			members[want]++
			if got := saidOf(port, name); got != want {
				t.Fatalf("members of %s: got %v, want %v\n%s", name, got, want, module)
			}
		}
	}
	if seen[no] < 1000 || seen[maybe] < 1000 || seen[yes] < 1000 || members[no] < 15 || members[maybe] < 100 || members[yes] < 100 {
		t.Errorf("answers are one-sided: %v, members %v", seen, members)
	}
}

// named are the members that the exposure has to speak of.
func (c nsgCase) named() []string {
	var out []string
	if c.network == "" {
		out = append(out, "VirtualNetwork")
	}
	for _, g := range append(slices.Clone(c.subnet), c.nic...) {
		if g.source == "asg" && g.action != "Deny" && !slices.Contains(out, "azurerm_application_security_group.asg") {
			out = append(out, "azurerm_application_security_group.asg")
		}
	}
	return out
}
