//go:build linux

package kerneltest

import (
	"fmt"
	"strings"
)

// saver makes the input of iptables-restore for one version of IP.
type saver struct {
	*maker
	v      int
	legacy bool
	table  string
	chains int
}

func (s *saver) text() string {
	var b strings.Builder
	for _, table := range []string{"filter", "filter", "raw", "mangle", "nat", "security"} {
		if strings.Contains(b.String(), "*"+table) || table != "filter" && !s.chance(3) || table == "security" && !s.chance(4) {
			continue
		}
		s.table, s.chains = table, s.IntN(4)
		b.WriteString("*" + table + "\n")
		hooks := map[string]string{"filter": "INPUT FORWARD", "raw": "PREROUTING", "mangle": "PREROUTING INPUT FORWARD POSTROUTING", "nat": "PREROUTING POSTROUTING", "security": "INPUT FORWARD"}[table]
		for _, c := range strings.Fields(hooks) {
			policy := "ACCEPT"
			if table != "nat" && s.chance(4) {
				policy = "DROP"
			}
			fmt.Fprintf(&b, ":%s %s [0:0]\n", c, policy)
		}
		for i := range s.chains {
			fmt.Fprintf(&b, ":c%d - [0:0]\n", i)
		}
		for _, c := range strings.Fields(hooks) {
			n := 4
			if table == "filter" {
				n = 9
			}
			for range s.IntN(n) {
				s.rule(&b, c, 0)
			}
		}
		for i := range s.chains {
			for range s.IntN(6) {
				s.rule(&b, fmt.Sprintf("c%d", i), i+1)
			}
		}
		b.WriteString("COMMIT\n")
	}
	return b.String()
}

func (s *saver) not() string { return s.pick("", "", "", "! ") }

func (s *saver) rule(b *strings.Builder, chain string, from int) {
	words := []string{"-A", chain}
	add := func(text string) {
		if text != "" {
			words = append(words, text)
		}
	}
	protocol := s.pick("tcp", "tcp", "tcp", "udp", "udp", "", "", "! tcp", "icmp", "all")
	switch {
	case protocol == "icmp" && s.v == 6:
		add("-p ipv6-icmp")
	case strings.HasPrefix(protocol, "!"):
		add("! -p tcp")
	case protocol != "":
		add("-p " + protocol)
	}
	if s.chance(3) {
		add(s.not() + "-s " + s.pick(s.address(s.v).String(), s.prefix(s.v), s.prefix(s.v)))
	}
	if s.chance(6) {
		add(s.not() + "-d " + s.pick(s.address(s.v).String(), s.prefix(s.v)))
	}
	builtin := strings.ToUpper(chain) == chain
	if s.chance(5) && chain != "POSTROUTING" && (builtin || s.table != "mangle") {
		add(s.not() + "-i " + s.pick("eth0", "eth1", "eth+", "eth1+", "docker0", "lo", "tun0"))
	}
	if s.chance(8) && (chain == "FORWARD" || chain == "POSTROUTING") {
		add(s.not() + "-o " + s.pick("eth0", "docker0", "eth+"))
	}
	if protocol == "tcp" || protocol == "udp" {
		if s.chance(2) {
			add("-m " + protocol + " " + s.not() + s.pick("--dport", "--dport", "--dport", "--sport") + " " + s.portRange())
		}
		if protocol == "tcp" && s.chance(8) {
			add(s.pick("-m tcp --syn", "-m tcp ! --syn", "-m tcp --tcp-flags SYN,ACK SYN", "-m tcp ! --tcp-flags ALL SYN", "-m tcp --tcp-flags FIN,SYN FIN,SYN", "-m tcp --tcp-flags ALL NONE"))
		}
		if s.chance(4) {
			add(fmt.Sprintf("-m multiport %s%s %s", s.not(), s.pick("--dports", "--dports", "--sports", "--ports"), repeat(1+s.IntN(4), ",", s.portRange)))
		}
	}
	for range s.IntN(3) {
		if s.chance(2) {
			add(s.match())
		}
	}
	if s.chance(12) {
		s.ipset(&words)
	}
	if !s.sure && s.chance(4) {
		add(s.unmodelled(protocol))
	}
	if s.chance(12) {
		add(`-m comment --comment "it says: \"-j DROP\" -p tcp"`)
	}
	add(s.target(chain, protocol, from))
	b.WriteString(strings.Join(words, " ") + "\n")
}

func (s *saver) portRange() string {
	a, b := s.ports()
	if a == b || s.chance(2) {
		return fmt.Sprint(a)
	}
	return fmt.Sprintf("%d:%d", a, b)
}

func (s *saver) match() string {
	switch s.IntN(12) {
	case 0, 1, 2:
		return "-m conntrack " + s.not() + "--ctstate " + s.pick("NEW", "NEW", "ESTABLISHED", "RELATED,ESTABLISHED", "INVALID", "NEW,UNTRACKED", "UNTRACKED", "DNAT", "DNAT", "DNAT", "SNAT", "DNAT,SNAT")
	case 3:
		return "-m state --state " + s.pick("NEW", "ESTABLISHED,RELATED", "INVALID", "UNTRACKED")
	case 4:
		return "-m conntrack " + s.pick(
			s.not()+"--ctorigdstport "+s.portRange(), s.not()+"--ctorigdst "+s.prefix(s.v), s.not()+"--ctorigsrc "+s.prefix(s.v), "--ctdir ORIGINAL", "--ctdir REPLY",
			s.not()+"--ctstatus "+s.pick("CONFIRMED", "SEEN_REPLY,ASSURED", "EXPECTED"), "--ctstate UNTRACKED,NEW --ctorigdstport "+s.portRange())
	case 5, 6:
		a, b := s.span(s.v)
		return fmt.Sprintf("-m iprange %s%s %s-%s", s.not(), s.pick("--src-range", "--src-range", "--dst-range"), a, b)
	case 7, 8:
		return "-m mark " + s.not() + "--mark " + s.pick("0x1", "0x2", "0x1/0x1", "0x2/0x2", "0x0/0x3", "0x3/0x1", "0x0")
	case 9:
		return "-m connmark " + s.not() + "--mark " + s.pick("0x1", "0x0/0x1", "0x2")
	case 10:
		if s.v == 4 {
			return "-m addrtype " + s.not() + s.pick("--dst-type LOCAL", "--src-type LOCAL", "--dst-type UNICAST", "--src-type UNICAST", "--dst-type LOCAL,BROADCAST", "--src-type MULTICAST,BROADCAST")
		}
		return "-m addrtype " + s.not() + s.pick("--dst-type LOCAL", "--src-type LOCAL", "--dst-type UNICAST", "--src-type UNICAST")
	}
	return "-m pkttype " + s.not() + "--pkt-type " + s.pick("unicast", "multicast", "broadcast")
}

// ipset looks something up in a set that is made for it.
func (s *saver) ipset(words *[]string) {
	s.serial++
	name, family := fmt.Sprintf("set%d", s.serial), "inet"
	if s.v == 6 {
		family = "inet6"
		s.sets6++
	} else {
		s.sets4++
	}
	create := func(kind string, members ...string) {
		fmt.Fprintf(&s.ipsets, "create %s %s family %s\n", name, kind, family)
		for _, m := range members {
			fmt.Fprintf(&s.ipsets, "add %s %s -exist\n", name, m)
		}
	}
	sides := s.pick("src", "src", "dst")
	switch s.IntN(4) {
	case 0:
		create("hash:ip", s.address(s.v).String(), s.address(s.v).String())
	case 1, 2:
		create("hash:net", s.prefix(s.v), s.prefix(s.v), s.address(s.v).String())
	case 3:
		create("hash:ip,port", fmt.Sprintf("%s,tcp:%d", s.address(s.v), s.port()), fmt.Sprintf("%s,udp:%d", s.address(s.v), s.port()), fmt.Sprintf("%s,tcp:%d", s.address(s.v), s.port()))
		sides = s.pick("src,dst", "src,dst", "dst,dst")
	}
	*words = append(*words, "-m set "+s.not()+"--match-set "+name+" "+sides)
}

func (s *saver) unmodelled(protocol string) string {
	list := []string{
		"-m limit --limit 2/hour --limit-burst 1", "-m limit --limit 10/sec", "-m statistic --mode nth --every 2 --packet 0", "-m length --length 40:100",
		"-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name h" + fmt.Sprint(s.serial),
		"-m recent --set --name r --rsource", "-m recent --rcheck --name r --rsource", "-m connlimit --connlimit-above 1", "-m mac --mac-source 02:00:00:00:01:01",
		"-m quota --quota 100", "-m conntrack --ctproto tcp", "-m conntrack --ctstatus NONE", "-m conntrack ! --ctstatus NONE", "-m conntrack --ctstate INVALID,DNAT", "-m conntrack --ctproto udp --ctstate NEW", "-m conntrack --ctrepldst 203.0.113.0/24", "-m cpu --cpu 0", "-m u32 --u32 \"0>>28=4\"",
	}
	if s.v == 4 {
		list = append(list, "-m ttl --ttl-eq 64", "-f", "-m rpfilter", "-m realm --realm 1")
	} else {
		list = append(list, "-m hl --hl-lt 64", "-m rpfilter --invert")
	}
	if protocol == "tcp" {
		list = append(list, "-m tcp --tcp-option 2", "-m tcpmss --mss 1:1500")
	}
	return s.pick(list...)
}

func (s *saver) target(chain, protocol string, from int) string {
	verdict := s.pick("ACCEPT", "ACCEPT", "ACCEPT", "DROP", "DROP", "RETURN", "jump", "jump", "jump", "log", "special", "special", "")
	switch verdict {
	case "jump":
		if from >= s.chains {
			return "-j " + s.pick("ACCEPT", "RETURN")
		}
		return fmt.Sprintf("%s c%d", s.pick("-j", "-g"), from+s.IntN(s.chains-from))
	case "log":
		return s.pick("-j NFLOG --nflog-group 1", "-j NFLOG --nflog-group 1 --nflog-prefix \"x y\"")
	case "DROP":
		if s.table == "nat" {
			return "-j ACCEPT"
		}
	case "":
		return ""
	case "special":
		switch s.table {
		case "filter":
			if chain == "INPUT" || chain == "FORWARD" {
				if protocol == "tcp" {
					return "-j REJECT --reject-with tcp-reset"
				}
				return "-j REJECT"
			}
			return "-j DROP"
		case "raw":
			if !s.sure && s.chance(3) {
				return "-j CT --zone 1"
			}
			return s.pick("-j CT --notrack", "-j NOTRACK")
		case "nat":
			if chain == "POSTROUTING" {
				return "-j MASQUERADE"
			}
			return s.translation(protocol)
		}
		return s.pick("-j MARK --set-mark 1", "-j MARK --set-xmark 0x2/0x2", "-j MARK --or-mark 0x1", "-j MARK --and-mark 0x2", "-j MARK --xor-mark 0x3", "-j MARK --set-mark 0x1/0x3",
			"-j CONNMARK --set-mark 1", "-j CONNMARK --save-mark", "-j CONNMARK --restore-mark", "-j CONNMARK --set-xmark 0x2/0x0")
	}
	return "-j " + verdict
}

func (s *saver) translation(protocol string) string {
	a := s.address(s.v)
	if s.chance(2) {
		a = Box[min(s.v-4, 1)].Addr()
	}
	withPort := fmt.Sprintf("%s:%d", a, s.port())
	if s.v == 6 {
		withPort = fmt.Sprintf("[%s]:%d", a, s.port())
	}
	switch {
	case protocol != "tcp" && protocol != "udp":
		return s.pick("-j REDIRECT", fmt.Sprintf("-j DNAT --to-destination %s", a))
	case !s.sure && s.chance(4):
		return s.pick("-j REDIRECT --to-ports 80-90", strings.Replace(fmt.Sprintf("-j DNAT --to-destination %s", withPort), ":80", ":80-90", 1), fmt.Sprintf("-j DNAT --to-destination %s --random", a))
	case s.chance(8):
		if s.v == 4 {
			return "-j NETMAP --to 10.9.0.0/24"
		}
		return "-j NETMAP --to fd00:9::/64"
	}
	return s.pick(fmt.Sprintf("-j REDIRECT --to-ports %d", s.port()), "-j REDIRECT", fmt.Sprintf("-j DNAT --to-destination %s", a), "-j DNAT --to-destination "+withPort, "-j DNAT --to-destination "+withPort)
}
