package firewall_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// aclRule is a generated rule of a network ACL.
type aclRule struct {
	number        int
	egress, allow bool
	protocol      string
	from, to      int
	block         netip.Prefix
	unknown       bool // its block is not known
	unknownAction bool
}

func randomACL(r *rand.Rand) []aclRule {
	var rules []aclRule
	blocks := []string{"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.0.2.0/25", "128.0.0.0/1", "::/0", "2001:db8::/32", "fd00::/8"}
	for n := range 3 + r.IntN(6) {
		a := aclRule{number: 10 * (1 + n), egress: r.IntN(3) == 0, allow: r.IntN(3) > 0, protocol: []string{"tcp", "tcp", "udp", "-1"}[r.IntN(4)]}
		a.from = []int{0, 80, 443, 1024, 32768}[r.IntN(5)]
		a.to = []int{443, 1023, 65535}[r.IntN(3)]
		a.to = max(a.from, a.to)
		if a.protocol == "-1" {
			a.from, a.to = 0, 0
		}
		a.block = netip.MustParsePrefix(blocks[r.IntN(len(blocks))])
		a.unknown, a.unknownAction = r.IntN(8) == 0, r.IntN(10) == 0
		rules = append(rules, a)
	}
	r.Shuffle(len(rules), func(i, j int) { rules[i].number, rules[j].number = rules[j].number, rules[i].number })
	return rules
}

func aclModule(rules []aclRule) string {
	var w strings.Builder
	fmt.Fprint(&w, `
variable "block" {}
variable "action" {}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "s" {
  vpc_id = aws_vpc.v.id
}
resource "aws_lb" "lb" {
  load_balancer_type = "network"
  ip_address_type    = "dualstack"
  subnets            = [aws_subnet.s.id]
}
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.lb.arn
  port              = 443
  protocol          = "TCP"
}
resource "aws_network_acl" "a" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.s.id]
`)
	for _, a := range rules {
		name, action, family, block := "ingress", `"deny"`, "cidr_block", fmt.Sprintf("%q", a.block)
		if a.egress {
			name = "egress"
		}
		if a.allow {
			action = `"allow"`
		}
		if a.unknownAction {
			action = "var.action"
		}
		if a.block.Addr().Is6() {
			family = "ipv6_cidr_block"
		}
		if a.unknown {
			block = "var.block"
		}
		fmt.Fprintf(&w, "  %s {\n    rule_no = %d\n    action = %s\n    protocol = %q\n    from_port = %d\n    to_port = %d\n    %s = %s\n  }\n", name, a.number, action, a.protocol, a.from, a.to, family, block)
	}
	fmt.Fprintln(&w, "}")
	return w.String()
}

// walk asks the rules in order; where one may match or not, both ways are gone.
func walk(rules []aclRule, source netip.Addr, port int) answer {
	if len(rules) == 0 {
		return no
	}
	a, rest := rules[0], rules[1:]
	if a.protocol != "-1" && (a.protocol != "tcp" || port < a.from || port > a.to) || a.block.Addr().Is4() != source.Is4() {
		return walk(rest, source, port)
	}
	matched := no
	if a.allow {
		matched = yes
	}
	if a.unknownAction {
		matched = maybe
	}
	switch {
	case a.unknown:
		if other := walk(rest, source, port); other != matched {
			return maybe
		}
		return matched
	case a.block.Contains(source):
		return matched
	}
	return walk(rest, source, port)
}

// Exposures through a network ACL agree with walking through its rules, in and,
// with some port of the client's choice, out again.
func TestACLAgreesWithWalkingThroughIt(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	seen := map[answer]int{}
	for range 400 {
		rules := randomACL(r)
		module := aclModule(rules)
		slices.SortFunc(rules, func(a, b aclRule) int { return a.number - b.number })
		var in, out []aclRule
		var borders []groupRule
		ports := []int{0, 65535}
		for _, a := range rules {
			borders = append(borders, groupRule{cidrs: []netip.Prefix{a.block}})
			if !a.egress {
				in = append(in, a)
				continue
			}
			out = append(out, a)
			ports = append(ports, a.from, a.to, max(0, a.from-1), min(65535, a.to+1))
		}
		items := derive(t, module)
		if len(items) != 1 {
			t.Fatalf("%d exposures\n%s", len(items), module)
		}
		for _, source := range (scenario{rules: borders}).witnesses() {
			back := no
			for _, p := range ports {
				back = max(back, walk(out, source, p))
			}
			want := min(walk(in, source, 443), back)
			seen[want]++
			if got := said(items[0], source); got != want {
				t.Fatalf("from %v: got %v, want %v\n%s", source, got, want, module)
			}
		}
	}
	if seen[no] < 300 || seen[maybe] < 300 || seen[yes] < 300 {
		t.Errorf("answers are one-sided: %v", seen)
	}
}
