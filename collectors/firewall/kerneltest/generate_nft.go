//go:build linux

package kerneltest

import (
	"fmt"
	"strings"
)

// table is a native table in the making.
type table struct {
	*maker
	family, name string
	sets         []named
	regular, nat int // chains c0… and n0…
	body, rules  strings.Builder
	v            int    // of the rule, 0 outside of one
	l4           string // of the rule
}

// named is a set or a map; left is what of a packet is looked up in it.
type named struct{ name, left, kind string }

// native makes tables of nft.
func (g *maker) native() string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		g.serial++
		t := &table{maker: g, family: g.pick("inet", "inet", "ip", "ip6"), name: fmt.Sprintf("t%d", g.serial), regular: g.IntN(4), nat: g.IntN(3)}
		t.write()
		b.WriteString(t.body.String() + t.rules.String())
	}
	if g.chance(12) && !g.box {
		family, hook := g.pick("netdev", "inet"), g.pick("ingress device \"eth0\"", "egress device \"docker0\"")
		if strings.HasPrefix(hook, "egress") {
			family = "netdev"
		}
		fmt.Fprintf(&b, "add table %s d\nadd chain %s d in { type filter hook %s priority 0; policy %s; }\n", family, family, hook, g.pick("accept", "accept", "accept", "drop"))
		for range 1 + g.IntN(2) {
			fmt.Fprintf(&b, "add rule %s d in %s %s\n", family, g.pick("tcp dport "+fmt.Sprint(g.port()), "ip saddr "+g.prefix(4), "ip6 saddr "+g.prefix(6), "meta l4proto udp", "meta protocol ip6", "meta mark set 1", "udp sport 0-1024"), g.pick("drop", "accept", "drop"))
		}
	}
	return b.String()
}

func (t *table) add(format string, args ...any) {
	fmt.Fprintf(&t.body, "add "+format+"\n", args...)
}

func (t *table) place() string { return t.family + " " + t.name }

func (t *table) write() {
	if t.chance(15) {
		t.add("table %s { flags dormant; }", t.place())
	} else {
		t.add("table %s", t.place())
	}
	for i := range t.regular {
		t.add("chain %s c%d", t.place(), i)
	}
	for i := range t.nat {
		t.add("chain %s n%d", t.place(), i)
	}
	for range t.IntN(4) {
		t.namedSet()
	}
	for i := range 1 + t.IntN(4) {
		hook := t.pick("input", "input", "input", "forward", "forward", "prerouting", "prerouting", "postrouting")
		kind, priority := "filter", t.pick("-400", "-300", "-250", "-150", "-100", "-50", "0", "0", "0", "1", "10", "50", "100", "225")
		if hook == "prerouting" && t.chance(2) {
			kind, priority = "nat", t.pick("-150", "-100", "-100", "-90", "0", "50")
		} else if hook == "input" && t.chance(12) {
			kind, priority = "nat", "100"
		} else if hook == "postrouting" && t.chance(3) {
			t.add("chain %s base%d { type nat hook postrouting priority 100; }", t.place(), i)
			t.add("rule %s base%d %s %s", t.place(), i, t.pick("oifname docker0", "iifname eth1", "meta l4proto tcp"), t.pick("masquerade", "masquerade", "accept", "log group 1"))
			continue
		}
		policy := t.pick("accept", "accept", "drop")
		if kind == "nat" {
			policy = "accept"
		}
		t.add("chain %s base%d { type %s hook %s priority %s; policy %s; }", t.place(), i, kind, hook, priority, policy)
		for range t.IntN(8) {
			t.rule(fmt.Sprintf("base%d", i), hook, kind == "nat" && hook == "prerouting", 0)
		}
	}
	for i := range t.regular {
		for range t.IntN(6) {
			t.rule(fmt.Sprintf("c%d", i), "", false, i+1)
		}
	}
	for i := range t.nat {
		for range t.IntN(4) {
			t.rule(fmt.Sprintf("n%d", i), "", true, i+1)
		}
	}
}

// version draws IP's version among those the table sees.
func (t *table) version() int {
	switch {
	case t.v != 0:
		return t.v
	case t.family == "ip":
		return 4
	case t.family == "ip6":
		return 6
	}
	return 4 + 2*t.IntN(2)
}

func proto(v int) string {
	if v == 6 {
		return "ip6"
	}
	return "ip"
}

// transport is the one that a rule is about.
func (t *table) transport() string {
	if t.l4 != "" {
		return t.l4
	}
	return t.pick("tcp", "udp")
}

func addrType(v int) string { return fmt.Sprintf("ipv%d_addr", v) }

// jump is to a chain further on.
func (t *table) jump(nat bool, from int) string {
	name, n := "c", t.regular
	if nat {
		name, n = "n", t.nat
	}
	if from >= n {
		return t.pick("accept", "return", "continue")
	}
	return fmt.Sprintf("%s %s%d", t.pick("jump", "goto"), name, from+t.IntN(n-from))
}

func (t *table) namedSet() {
	t.serial++
	name, v := fmt.Sprintf("s%d", t.serial), t.version()
	set := func(left, kind, flags, elements string) {
		t.sets = append(t.sets, named{name, left, "set"})
		t.add("set %s %s { type %s; %s elements = { %s }; }", t.place(), name, kind, flags, elements)
	}
	addr := proto(v) + " " + t.pick("saddr", "saddr", "saddr", "daddr")
	switch t.IntN(10) {
	case 8:
		if !t.sure {
			set(addr, addrType(v), "flags timeout; timeout 1h;", t.address(v).String())
			return
		}
		t.sets = append(t.sets, named{name, addr, "set"})
		t.add("set %s %s { type %s; flags interval; }", t.place(), name, addrType(v)) // without members
	case 9:
		t.sets = append(t.sets, named{name, proto(v), "nat"})
		t.add("map %s %s { type inet_service : %s . inet_service; elements = { 22 : %s . %d, %d : %s . 80 }; }", t.place(), name, addrType(v), t.address(v), t.port(), 80, Box[min(v-4, 1)].Addr())
	case 0:
		set(addr, addrType(v), "", repeat(1+t.IntN(4), ", ", func() string { return t.address(v).String() }))
	case 1, 2:
		set(addr, addrType(v), "flags interval; auto-merge;", repeat(1+t.IntN(5), ", ", func() string {
			if t.chance(2) {
				return t.prefix(v)
			}
			a, b := t.span(v)
			if a == b {
				return a.String()
			}
			return fmt.Sprintf("%s-%s", a, b)
		}))
	case 3:
		set(t.pick("tcp", "udp")+" "+t.pick("dport", "dport", "sport"), "inet_service", "flags interval;", strings.Join(t.disjointPorts(1+t.IntN(3)), ", "))
	case 4:
		set("iifname", "ifname", "", t.pick(`"eth0", "docker0"`, `"eth1"`, `"eth0", "eth1", "eth12"`))
	case 5:
		set(fmt.Sprintf("%s saddr . %s dport", proto(v), t.pick("tcp", "udp")), addrType(v)+" . inet_service", "flags interval;",
			strings.Join(t.product(t.disjoint(v, 1+t.IntN(2)), t.disjointPorts(1+t.IntN(2))), ", "))
	case 6:
		set(fmt.Sprintf("%s saddr . meta l4proto . th dport", proto(v)), addrType(v)+" . inet_proto . inet_service", "",
			repeat(1+t.IntN(4), ", ", func() string { return fmt.Sprintf("%s . %s . %d", t.address(v), t.pick("tcp", "udp"), t.port()) }))
	case 7:
		t.sets = append(t.sets, named{name, addr, "vmap"})
		t.add("map %s %s { type %s : verdict; flags interval; elements = { %s }; }", t.place(), name, addrType(v), t.verdicts(t.disjoint(v, 1+t.IntN(3)), false, t.regular))
	}
}

func (t *table) product(a, b []string) []string {
	var list []string
	for i := range a {
		list = append(list, a[i]+" . "+b[i%len(b)])
	}
	return list
}

// verdicts are the elements of a verdict map.
func (t *table) verdicts(keys []string, nat bool, from int) string {
	var list []string
	for _, k := range keys {
		v := t.pick("accept", "drop", "return", "continue", "jump", "jump")
		if nat && v == "drop" {
			v = "accept"
		}
		if v == "jump" {
			v = t.jump(nat, from)
		}
		list = append(list, k+" : "+v)
	}
	return strings.Join(list, ", ")
}

func (t *table) rule(chain, hook string, nat bool, from int) {
	var words []string
	t.v, t.l4 = t.version(), t.pick("tcp", "tcp", "udp")
	defer func() { t.v, t.l4 = 0, "" }()
	add := func(s string) {
		if s != "" {
			words = append(words, s)
		}
	}
	for range t.IntN(3) {
		add(t.match())
	}
	if t.chance(10) {
		add("counter")
	}
	if t.chance(6) {
		add(t.pick("log group 1", `log prefix "x " group 1`))
	}
	if t.chance(9) {
		add(t.pick("meta mark set 1", "meta mark set 2", "meta mark set 0x3", "meta mark set meta mark | 0x2", "meta mark set meta mark ^ 0x1", "meta mark set meta mark & 0x1", "ct mark set 1", "ct mark set 0x2", "ct mark set meta mark", "meta mark set ct mark"))
	}
	if t.chance(14) {
		add("notrack")
	}
	if !t.sure {
		if t.chance(8) {
			add(t.pick("limit rate 1/hour burst 1 packets", "limit rate over 2/minute burst 1 packets", "limit rate 10/second", "quota over 100 bytes", "limit rate 2/minute burst 1 packets log group 1", "limit rate over 1/hour burst 1 packets log group 1 drop", "ct count 2", "ct count over 1"))
		}
		if t.chance(8) {
			add(t.unmodelled())
		}
	}
	if t.chance(4) {
		add(t.match())
	}
	switch {
	case nat && t.chance(2):
		add(t.translation())
	case t.chance(6):
		add(t.vmap(nat, from))
		if t.chance(2) {
			add(t.pick("accept", "return", "log group 1", "log group 1 accept", t.jump(nat, from)))
		}
	default:
		verdict := t.pick("accept", "accept", "accept", "drop", "drop", "reject", "return", "jump", "jump", "jump", "")
		switch {
		case nat && (verdict == "drop" || verdict == "reject"):
			verdict = "accept"
		case verdict == "reject" && t.chance(2) && !strings.Contains(strings.Join(words, " "), "meta protocol"):
			// Behind a protocol that contradicts the answer's nft 1.0.6 does not list that.
			verdict = t.pick("reject with icmpx type admin-prohibited", "reject with icmp type host-unreachable", "reject with icmpv6 type no-route", "reject with tcp reset")
		case verdict == "reject" && (hook == "postrouting" || strings.HasPrefix(chain, "c")):
			verdict = "drop"
		case verdict == "jump":
			verdict = t.jump(nat, from)
		}
		add(verdict)
	}
	if len(words) == 0 {
		return
	}
	if t.chance(10) {
		add(`comment "a rule"`)
	}
	fmt.Fprintf(&t.rules, "add rule %s %s %s\n", t.place(), chain, strings.Join(words, " "))
}

// fits reports whether a rule may look something up in a set.
func (t *table) fits(s named) bool {
	other, l4 := "ip6 ", "udp "
	if t.v == 6 {
		other = "ip "
	}
	if t.l4 == "udp" {
		l4 = "tcp "
	}
	return !strings.HasPrefix(s.left, other) && !strings.Contains(s.left, l4)
}

func (t *table) vmap(nat bool, from int) string {
	v := t.version()
	for _, s := range t.sets {
		if s.kind == "vmap" && t.fits(s) && !nat && from == 0 && t.chance(2) {
			return s.left + " vmap @" + s.name
		}
	}
	switch t.IntN(6) {
	case 0:
		return fmt.Sprintf("%s saddr vmap { %s }", proto(v), t.verdicts(t.disjoint(v, 1+t.IntN(3)), nat, from))
	case 1:
		return fmt.Sprintf("%s dport vmap { %s }", t.transport(), t.verdicts(t.disjointPorts(1+t.IntN(3)), nat, from))
	case 2:
		return fmt.Sprintf("iifname vmap { %s }", t.verdicts([]string{`"eth0"`, `"eth1"`}, nat, from))
	case 3:
		return fmt.Sprintf("ct state vmap { %s }", t.verdicts([]string{t.pick("new", "untracked"), "established", "invalid"}, nat, from))
	case 4:
		return fmt.Sprintf("%s saddr . %s dport vmap { %s }", proto(v), t.transport(), t.verdicts(t.product(t.disjoint(v, 2), t.disjointPorts(1)), nat, from))
	}
	return fmt.Sprintf("meta l4proto . th dport vmap { %s }", t.verdicts([]string{fmt.Sprintf("tcp . %d", t.port()), fmt.Sprintf("udp . %d", t.port())}, nat, from))
}

func (t *table) translation() string {
	v := t.version()
	ip := "ip"
	target, bracketed := t.address(v), ""
	if t.chance(2) {
		target = Box[min(v-4, 1)].Addr()
	}
	if bracketed = target.String(); v == 6 {
		ip, bracketed = "ip6", "["+bracketed+"]"
	}
	before := ""
	if t.family == "inet" {
		before = "meta nfproto ipv4 "
		if v == 6 {
			before = "meta nfproto ipv6 "
		}
	} else {
		ip = ""
	}
	l4 := t.transport()
	for _, s := range t.sets {
		if s.kind == "nat" && s.left == proto(v) && t.chance(2) {
			return fmt.Sprintf("dnat %s to %s dport map @%s", ip, l4, s.name)
		}
	}
	if !t.sure && t.chance(3) {
		a, b := t.span(v)
		return t.pick(fmt.Sprintf("%sdnat %s to %s-%s", before, ip, a, b), fmt.Sprintf("meta l4proto %s redirect to :80-90", l4), fmt.Sprintf("meta l4proto %s dnat %s to %s:80-443", l4, ip, bracketed))
	}
	switch t.IntN(7) {
	case 0:
		return "redirect"
	case 1:
		return fmt.Sprintf("meta l4proto { tcp, udp } redirect to :%d", t.port())
	case 2:
		return strings.TrimSpace(fmt.Sprintf("%sdnat %s to %s", before, ip, target))
	case 3:
		return fmt.Sprintf("meta l4proto %s dnat %s to %s:%d", l4, ip, bracketed, t.port())
	case 4:
		return fmt.Sprintf("%s%s dport %d dnat %s to %s", before, l4, t.port(), ip, target)
	case 5:
		return fmt.Sprintf("dnat %s to %s dport map { %d : %s, %d-%d : %s }", ip, l4, 22, target, 80, 443+t.IntN(2000), t.address(v))
	}
	return fmt.Sprintf("dnat %s to %s dport map { %d : %s . %d, %d : %s . %d }", ip, l4, 22, target, t.port(), 80, t.address(v), t.port())
}

func (t *table) match() string {
	v := t.version()
	not := t.pick("", "", "", "!= ")
	if len(t.sets) > 0 && t.chance(4) {
		if s := t.sets[t.IntN(len(t.sets))]; s.kind == "set" && t.fits(s) {
			return s.left + " " + not + "@" + s.name
		}
	}
	addresses := func() string {
		switch t.IntN(5) {
		case 0:
			return t.address(v).String()
		case 1:
			return t.prefix(v)
		case 2:
			if a, b := t.span(v); a != b {
				return fmt.Sprintf("%s-%s", a, b)
			}
			return t.address(v).String()
		case 3:
			return "{ " + strings.Join(t.disjoint(v, 1+t.IntN(4)), ", ") + " }"
		}
		return "{ " + repeat(1+t.IntN(3), ", ", func() string { return t.prefix(v) }) + " }"
	}
	numbers := func() string {
		switch a, b := t.ports(); {
		case t.chance(3):
			return "{ " + strings.Join(t.disjointPorts(1+t.IntN(3)), ", ") + " }"
		case a != b && t.chance(2):
			return fmt.Sprintf("%d-%d", a, b)
		default:
			return fmt.Sprint(a)
		}
	}
	if t.nat > 0 && t.chance(12) {
		return t.pick("ct status dnat", "ct status ! dnat", "ct status dnat", "ct original proto-dst 80")
	}
	switch t.IntN(30) {
	case 0, 1, 2, 3, 4:
		return fmt.Sprintf("%s saddr %s%s", proto(v), not, addresses())
	case 5, 6:
		return fmt.Sprintf("%s daddr %s%s", proto(v), not, addresses())
	case 7, 8, 9, 10:
		return fmt.Sprintf("%s dport %s%s", t.transport(), not, numbers())
	case 11:
		return fmt.Sprintf("%s sport %s%s", t.transport(), not, t.pick(numbers(), "1024-65535", "0-1023"))
	case 12:
		return fmt.Sprintf("meta l4proto { tcp, udp } th dport %s%s", not, numbers())
	case 13:
		return fmt.Sprintf("%s dport %s %d", t.transport(), t.pick("<", ">", "<=", ">="), t.port())
	case 14, 15:
		return fmt.Sprintf("iifname %s%s", not, t.pick(`"eth0"`, `"eth1"`, `"eth*"`, `"eth1*"`, `"docker0"`, `"tun0"`, `"lo"`, `{ "eth0", "docker0" }`, `{ "eth0", "eth1*" }`))
	case 16:
		return fmt.Sprintf("iif %s%s", not, t.pick(`"eth0"`, `"docker0"`, `"lo"`))
	case 17:
		return fmt.Sprintf("oifname %s%s", not, t.pick(`"eth0"`, `"docker0"`, `"eth*"`))
	case 18, 19:
		return "ct state " + t.pick("new", "established", "established,related", "new,untracked", "invalid", "untracked", "!= new", "!= established", "{ new, related }", "new | established", "! new", "! invalid,untracked")
	case 20:
		return t.pick("ct status dnat", "ct status ! dnat", "ct direction original", "ct direction reply", "ct status snat,dnat", "ct status confirmed")
	case 21:
		return t.pick(fmt.Sprintf("meta l4proto %s ct original proto-dst %s%d", t.transport(), not, t.port()), fmt.Sprintf("ct original %s daddr %s%s", proto(v), not, t.prefix(v)), fmt.Sprintf("ct original %s saddr %s%s", proto(v), not, t.prefix(v)))
	case 22:
		return t.pick("meta mark 1", "meta mark != 1", "meta mark 2", "meta mark & 0x2 == 0x2", "meta mark & 0x1 != 0x1", "meta mark 0x2-0x3", "meta mark { 1, 3 }", "ct mark 1", "ct mark != 0", "ct mark & 0x3 == 0x2")
	case 23:
		if t.l4 == "udp" {
			return "meta l4proto udp"
		}
		return "tcp flags " + t.pick("syn", "syn / syn,ack", "& (fin | syn | rst | ack) == syn", "!= syn", "ack", "! ack", "== syn", "& syn == 0", "syn,ack", "{ syn, ack }")
	case 24:
		return "fib " + t.pick("daddr type local", "daddr type != local", "saddr type local", "daddr type { local, broadcast }", "saddr type != unicast", "daddr type unicast", "saddr type { broadcast, multicast }")
	case 25:
		return t.pick("meta l4proto tcp", "meta l4proto udp", "meta l4proto != tcp", "meta l4proto { tcp, udp }", "meta l4proto icmp", proto(v)+" "+map[string]string{"ip": "protocol tcp", "ip6": "daddr != ::1"}[proto(v)], "icmp type echo-request", "icmpv6 type { echo-request, nd-neighbor-solicit }")
	case 26:
		if t.family == "inet" {
			return t.pick("meta nfproto ipv4", "meta nfproto ipv6", "meta nfproto != ipv4", "meta protocol ip", "meta protocol ip6", "meta protocol { ip, ip6 }")
		}
		return t.pick("meta pkttype host", "meta pkttype != host", "meta pkttype { broadcast, multicast }")
	case 27:
		return fmt.Sprintf("%s saddr . %s dport %s{ %s }", proto(v), t.transport(), not, strings.Join(t.product(t.disjoint(v, 2), t.disjointPorts(2)), ", "))
	case 28:
		return fmt.Sprintf("iifname . %s dport %s{ %s . %d, %s . %d }", t.transport(), not, `"eth0"`, t.port(), `"eth1"`, t.port())
	}
	return fmt.Sprintf("%s daddr . %s saddr %s{ %s }", proto(v), proto(v), not, strings.Join(t.product(t.disjoint(v, 2), t.disjoint(v, 2)), ", "))
}

// unmodelled asks for what says nothing of who sent a packet, or may change.
func (t *table) unmodelled() string {
	switch t.IntN(10) {
	case 8:
		return fmt.Sprintf("%s saddr & %s == %s", proto(t.v), map[int]string{4: "255.255.0.255", 6: "ffff::ff"}[t.v], map[int]string{4: "203.0.0.1", 6: "2001::1"}[t.v])
	case 0:
		return t.pick("ip ttl 64", "ct status != dnat")
	case 1:
		return "ip6 hoplimit != 64"
	case 2:
		return "meta length > 60"
	case 3:
		return "th dport " + fmt.Sprint(t.port())
	case 4:
		return "ip6 nexthdr tcp"
	case 5:
		return "tcp option maxseg exists"
	case 6:
		return t.pick("meta cpu 0", "meta skuid 0", "meta iiftype 1", "meta day \"Monday\"", "socket transparent 1", "rt classid 1", "fib saddr . iif oif exists", "fib saddr . iif oif missing", "fib daddr . iif type local", "meta mark set ip dscp map { cs0 : 1, cs1 : 2 }", "meta mark set tcp dport map { 22 : 1, 80 : 2 }", "ct zone 1", "ct l3proto ipv4", "ct protocol tcp", "meta priority 1:2", "meta hour < \"12:00\"")
	case 7:
		return "numgen inc mod 2 vmap { 0 : continue, 1 : " + t.pick("drop", "accept", "return") + " }"
	}
	t.serial++
	name, v := fmt.Sprintf("dyn%d", t.serial), t.version()
	t.add("set %s %s { type %s; flags dynamic; size 1000; }", t.place(), name, addrType(v))
	t.sets = append(t.sets, named{name, proto(v) + " saddr", "set"})
	return fmt.Sprintf("%s @%s { %s saddr }", t.pick("add", "update"), name, proto(v))
}
