package firewall_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/engine/fact"
)

// scenario is a generated security group with rules in all three forms, and a
// load balancer in front of which it stands.
type scenario struct {
	rules    []groupRule
	port     int
	internal bool
}

type groupRule struct {
	form        int // 0 inline, 1 aws_security_group_rule, 2 aws_vpc_security_group_ingress_rule
	protocol    string
	from, to    int
	cidrs       []netip.Prefix // one in form 2
	unknown     bool           // the blocks are not known, of either family
	uncertain   bool           // whether the rule exists is not known
	unknownPort bool
}

var differentialPorts = []int{21, 22, 80, 443, 5432, 8080}

func randomScenario(r *rand.Rand) scenario {
	// Inline and standalone rules are not mixed: they would undo each other.
	s := scenario{port: differentialPorts[r.IntN(len(differentialPorts))], internal: r.IntN(3) == 0}
	inline := r.IntN(2) == 0
	blocks := []string{"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.4/32", "192.0.2.0/25", "192.0.2.128/25", "203.0.113.7/32",
		"::/0", "8000::/1", "2001:db8::/32", "2001:db8:1::/64", "fd00::/8", "fd00:1::/32", "::1/128"}
	for range r.IntN(5) {
		g := groupRule{protocol: []string{"tcp", "tcp", "tcp", "udp", "-1"}[r.IntN(5)]}
		if !inline {
			g.form = 1 + r.IntN(2)
		}
		g.from = differentialPorts[r.IntN(len(differentialPorts))]
		g.to = g.from + []int{0, 0, 1, 500, 6000}[r.IntN(5)]
		if g.protocol == "-1" {
			g.from, g.to = 0, 0
		}
		for range 1 + r.IntN(3) {
			g.cidrs = append(g.cidrs, netip.MustParsePrefix(blocks[r.IntN(len(blocks))]))
		}
		if g.form == 2 {
			g.cidrs = g.cidrs[:1]
		}
		g.unknown = r.IntN(8) == 0
		g.uncertain = g.form > 0 && r.IntN(8) == 0
		g.unknownPort = g.protocol != "-1" && r.IntN(8) == 0
		s.rules = append(s.rules, g)
	}
	return s
}

func list(cidrs []netip.Prefix, v6 bool) string {
	var quoted []string
	for _, p := range cidrs {
		if p.Addr().Is6() == v6 {
			quoted = append(quoted, fmt.Sprintf("%q", p))
		}
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func (s scenario) module() string {
	var w strings.Builder
	fmt.Fprintln(&w, `variable "blocks" {}`)
	fmt.Fprintln(&w, `variable "on" {}`)
	fmt.Fprintln(&w, `variable "port" {}`)
	fmt.Fprintln(&w, `resource "aws_security_group" "g" {`)
	for _, g := range s.rules {
		if g.form == 0 {
			fmt.Fprintf(&w, "  ingress {\n%s  }\n", g.arguments("protocol", "cidr_blocks", "ipv6_cidr_blocks"))
		}
	}
	fmt.Fprintln(&w, "}")
	for i, g := range s.rules {
		count := ""
		if g.uncertain {
			count = "  count = var.on ? 1 : 0\n"
		}
		switch g.form {
		case 1:
			fmt.Fprintf(&w, "resource \"aws_security_group_rule\" \"r%d\" {\n%s  type = \"ingress\"\n  security_group_id = aws_security_group.g.id\n%s}\n", i, count, g.arguments("protocol", "cidr_blocks", "ipv6_cidr_blocks"))
		case 2:
			peer := fmt.Sprintf("  cidr_ipv4 = %q\n", g.cidrs[0])
			if g.cidrs[0].Addr().Is6() {
				peer = fmt.Sprintf("  cidr_ipv6 = %q\n", g.cidrs[0])
			}
			if g.unknown {
				peer = "  cidr_ipv4 = var.blocks\n  cidr_ipv6 = var.blocks\n"
			}
			fmt.Fprintf(&w, "resource \"aws_vpc_security_group_ingress_rule\" \"r%d\" {\n%s  security_group_id = aws_security_group.g.id\n%s%s}\n", i, count, g.ports("ip_protocol"), peer)
		}
	}
	fmt.Fprintf(&w, "resource \"aws_lb\" \"lb\" {\n  internal = %v\n  ip_address_type = \"dualstack\"\n  security_groups = [aws_security_group.g.id]\n}\n", s.internal)
	fmt.Fprintf(&w, "resource \"aws_lb_listener\" \"l\" {\n  load_balancer_arn = aws_lb.lb.arn\n  port = %d\n  protocol = \"TCP\"\n}\n", s.port)
	return w.String()
}

func (g groupRule) ports(protocol string) string {
	from, to := fmt.Sprint(g.from), fmt.Sprint(g.to)
	if g.unknownPort {
		from, to = "var.port", "var.port"
	}
	if protocol == "ip_protocol" && g.protocol == "-1" {
		return "  ip_protocol = \"-1\"\n"
	}
	return fmt.Sprintf("  %s = %q\n  from_port = %s\n  to_port = %s\n", protocol, g.protocol, from, to)
}

func (g groupRule) arguments(protocol, v4, v6 string) string {
	if g.unknown {
		return g.ports(protocol) + fmt.Sprintf("  %s = var.blocks\n  %s = var.blocks\n", v4, v6)
	}
	return g.ports(protocol) + fmt.Sprintf("  %s = %s\n  %s = %s\n", v4, list(g.cidrs, false), v6, list(g.cidrs, true))
}

// answer is what an evaluation says of one source.
type answer int

const (
	no answer = iota
	maybe
	yes
)

// admits asks every rule in turn, as the group would.
func (s scenario) admits(source netip.Addr, protocol string, port int) answer {
	best := no
	for _, g := range s.rules {
		if g.protocol != "-1" && g.protocol != protocol {
			continue
		}
		one := yes
		if g.protocol != "-1" {
			switch {
			case g.unknownPort:
				one = maybe
			case port < g.from || port > g.to:
				continue
			}
		}
		inside := false
		for _, p := range g.cidrs {
			inside = inside || p.Contains(source)
		}
		switch {
		case g.unknown:
			one = maybe
		case !inside:
			continue
		}
		if g.uncertain {
			one = maybe
		}
		best = max(best, one)
	}
	return best
}

// witnesses are addresses at and beside the borders of all blocks.
func (s scenario) witnesses() []netip.Addr {
	list := []netip.Addr{netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("255.255.255.255"), netip.MustParseAddr("10.77.0.1"), netip.MustParseAddr("198.51.100.1"),
		netip.MustParseAddr("::"), netip.MustParseAddr("2001:db8:ffff::1"), netip.MustParseAddr("fd77::1"), netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")}
	for _, g := range s.rules {
		for _, p := range g.cidrs {
			last := lastOf(p)
			for _, a := range []netip.Addr{p.Addr(), p.Addr().Prev(), last, last.Next()} {
				if a.IsValid() {
					list = append(list, a)
				}
			}
		}
	}
	return list
}

func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// said is what an exposure's paths say of one source: the narrowest block that
// holds it decides, else the path for all others.
func said(item fact.Item, source netip.Addr) answer {
	verdict, bits := "unreachable", -1
	for _, v := range item["paths"].([]any) {
		path := v.(map[string]any)
		if path["group"] != "" || path["cidr"] == "" {
			continue
		}
		p := netip.MustParsePrefix(path["cidr"].(string))
		if p.Contains(source) && p.Bits() > bits {
			verdict, bits = path["verdict"].(string), p.Bits()
		}
	}
	return map[string]answer{"unreachable": no, "unknown": maybe, "reachable": yes}[verdict]
}

func derive(t testing.TB, module string, more ...txtar.File) []fact.Item {
	t.Helper()
	a := &txtar.Archive{Files: append([]txtar.File{{Name: "main.tf", Data: []byte(module)}}, more...)}
	docs, err := firewall.Exposure{}.Derive(t.Context(), collect(t, a))
	if err != nil {
		t.Fatal(err)
	}
	var items []fact.Item
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Fatalf("%v\n%s", p, module)
		}
		items = append(items, d.Items...)
	}
	return items
}

func covers(item fact.Item, protocol string, port int) bool {
	if item["protocol"] != protocol {
		return false
	}
	from, to := item["port_from"].(int), item["port_to"].(int)
	return from <= port && port <= to
}

// Exposures agree with asking every rule for every source, for the published
// port and for the group's own ranges, in both families, with parts of rules
// that are not known.
func TestExposureAgreesWithAskingEveryRule(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	asked := 0
	for range 400 {
		s := randomScenario(r)
		module := s.module()
		for _, item := range derive(t, module) {
			of, published := item["of"], item["of"] == "port.published"
			if item["protocol"] == nil || item["port_from"] == nil {
				continue // stands for a rule whose ports are not known
			}
			protocol := item["protocol"].(string)
			for _, port := range append([]int{s.port}, differentialPorts...) {
				if !covers(item, protocol, port) || protocol == "any" {
					continue
				}
				for _, source := range s.witnesses() {
					want := s.admits(source, protocol, port)
					if published && s.internal && want == yes && !isInside(source) {
						want = maybe
					}
					if got := said(item, source); got != want {
						t.Fatalf("%v %s, %s port %d from %v: got %v, want %v\n%s", of, item.ID(), protocol, port, source, got, want, module)
					}
					asked++
				}
			}
		}
	}
	if asked < 20000 {
		t.Errorf("only %d questions were asked", asked)
	}
}

func isInside(a netip.Addr) bool {
	return a.IsPrivate() || netip.MustParsePrefix("100.64.0.0/10").Contains(a)
}

// Every port that a rule admits somebody to has an exposure that says so.
func TestEveryAdmittedPortIsExposed(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		s := randomScenario(r)
		module := s.module()
		items := derive(t, module)
		for _, protocol := range []string{"tcp", "udp"} {
			for _, port := range append([]int{1, 65535}, differentialPorts...) {
				for _, source := range s.witnesses() {
					want := s.admits(source, protocol, port)
					if want == no {
						continue
					}
					best := no
					for _, item := range items {
						switch {
						case item["of"] == "port.published":
							if covers(item, protocol, port) {
								best = yes // judged by the other test
							}
						case item["protocol"] == nil, item["port_from"] == nil, covers(item, protocol, port), item["protocol"] == "any":
							best = max(best, said(item, source))
						}
					}
					if best < want {
						t.Fatalf("%s port %d from %v: exposures say %v, rules %v\n%s", protocol, port, source, best, want, module)
					}
				}
			}
		}
	}
}

func BenchmarkDerive(b *testing.B) {
	var w bytes.Buffer
	fmt.Fprintln(&w, "resource \"aws_security_group\" \"g\" {")
	for i := range 200 {
		fmt.Fprintf(&w, "  ingress {\n    protocol = \"tcp\"\n    from_port = %d\n    to_port = %d\n    cidr_blocks = [\"10.%d.0.0/16\", \"192.0.2.%d/32\"]\n  }\n", 1000+i, 1000+2*i, i, i)
	}
	fmt.Fprintln(&w, "}")
	docs := collect(b, &txtar.Archive{Files: []txtar.File{{Name: "main.tf", Data: w.Bytes()}}})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (firewall.Exposure{}).Derive(b.Context(), docs); err != nil {
			b.Fatal(err)
		}
	}
}
