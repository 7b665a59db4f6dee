package netfilter

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Space is what besides its filters decides about the packets of a network namespace.
// A reason says why what stands beside it is not known.
type Space struct {
	Interfaces       []Interface // by name
	InterfacesReason string
	Routes           []Route
	PolicyRouting    bool
	RoutesReason     string
	IPv6             bool
	BridgeV4         bool // packets that a bridge passes on go through netfilter
	BridgeV6         bool
	LocalNets        bool // loopback addresses are reached by other interfaces than lo
	SettingsReason   string
	Layers           []Layer
	LayersReason     string
	// Tables that nf_tables has, as FAMILY NAME.
	Tables []string
	// Rules counts the rules of its chains, by FAMILY TABLE CHAIN.
	Rules        map[string]int
	TablesReason string
	// Legacy lists the tables of x_tables that are in use, for IPv4 and IPv6.
	Legacy       [2][]string
	LegacyReason string
}

// Interface is a network device.
type Interface struct {
	Name, Type, Master   string
	Index                int
	Up                   bool
	Addresses            []netip.Prefix
	ForwardV4, ForwardV6 bool
	ReversePath          string // off, strict or loose
	IPv6                 bool
	Reason               string // why its settings are not known
	xdp                  bool
	master               uint32
}

// Route is an entry of a routing table.
type Route struct {
	V6          bool
	Type        string
	Table       int
	Destination netip.Prefix
	Interface   string // "" if none or several
	Metric      int
}

// Layer is something besides netfilter that decides about packets.
type Layer struct{ Type, Place, Text string }

// maxRoutes bounds those that are kept.
const maxRoutes = 1 << 19

// ReadSpace reads the network namespace of the calling thread.
func ReadSpace() *Space {
	s := &Space{}
	names, err := s.links()
	if err != nil {
		s.InterfacesReason = "the interfaces cannot be read: " + reason(err)
	}
	if err := s.routes(names); err != nil {
		s.RoutesReason = "the routes cannot be read: " + reason(err)
	}
	s.settings()
	s.layers()
	if s.Tables, s.Rules, err = nfTables(); err != nil {
		s.TablesReason = "nf_tables cannot be asked for its tables: " + reason(err)
	}
	for i, name := range []string{"ip_tables_names", "ip6_tables_names"} {
		data, err := os.ReadFile("/proc/thread-self/net/" + name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.LegacyReason = name + " cannot be read: " + reason(err)
		}
		s.Legacy[i] = strings.Fields(string(data))
		slices.Sort(s.Legacy[i])
	}
	return s
}

// reason is the text of an error without the path it is about.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return err.Error()
}

func (s *Space) links() (names map[uint32]string, err error) {
	messages, err := dump(unix.NETLINK_ROUTE, unix.RTM_GETLINK, make([]byte, unix.SizeofIfInfomsg))
	if err != nil {
		return nil, err
	}
	h := binary.NativeEndian
	names = map[uint32]string{}
	var list []Interface
	for _, m := range messages {
		if m.Header.Type != unix.RTM_NEWLINK || len(m.Data) < unix.SizeofIfInfomsg {
			continue
		}
		l := Interface{Index: int(h.Uint32(m.Data[4:])), Up: h.Uint32(m.Data[8:])&unix.IFF_UP != 0}
		l.Type = map[uint16]string{unix.ARPHRD_LOOPBACK: "loopback", unix.ARPHRD_ETHER: "ethernet", unix.ARPHRD_PPP: "ppp", unix.ARPHRD_TUNNEL: "tunnel", unix.ARPHRD_NONE: "tun"}[h.Uint16(m.Data[2:])]
		for _, a := range attributes(m.Data[unix.SizeofIfInfomsg:]) {
			switch a.kind {
			case unix.IFLA_IFNAME:
				l.Name = plain(strings.TrimRight(string(a.value), "\x00"))
			case unix.IFLA_MASTER:
				if len(a.value) == 4 {
					l.master = h.Uint32(a.value)
				}
			case unix.IFLA_LINKINFO:
				for _, i := range attributes(a.value) {
					if i.kind == unix.IFLA_INFO_KIND {
						l.Type = plain(strings.TrimRight(string(i.value), "\x00"))
					}
				}
			case unix.IFLA_XDP:
				for _, x := range attributes(a.value) {
					l.xdp = l.xdp || x.kind == unix.IFLA_XDP_ATTACHED && len(x.value) == 1 && x.value[0] != 0
				}
			}
		}
		if l.Type == "" {
			l.Type = "other"
		}
		names[uint32(l.Index)] = l.Name
		list = append(list, l)
	}
	addresses, err := addresses()
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Master = names[list[i].master]
		list[i].Addresses = addresses[uint32(list[i].Index)]
	}
	slices.SortFunc(list, func(a, b Interface) int { return strings.Compare(a.Name, b.Name) })
	s.Interfaces = list
	return names, nil
}

func addresses() (map[uint32][]netip.Prefix, error) {
	messages, err := dump(unix.NETLINK_ROUTE, unix.RTM_GETADDR, make([]byte, unix.SizeofIfAddrmsg))
	if err != nil {
		return nil, err
	}
	by := map[uint32][]netip.Prefix{}
	for _, m := range messages {
		if m.Header.Type != unix.RTM_NEWADDR || len(m.Data) < unix.SizeofIfAddrmsg {
			continue
		}
		var local, peer netip.Addr
		for _, a := range attributes(m.Data[unix.SizeofIfAddrmsg:]) {
			addr, _ := netip.AddrFromSlice(a.value)
			switch a.kind {
			case unix.IFA_LOCAL:
				local = addr
			case unix.IFA_ADDRESS:
				peer = addr // its own where the link is not point-to-point
			}
		}
		if !local.IsValid() {
			local = peer
		}
		if p := netip.PrefixFrom(local, int(m.Data[1])); p.IsValid() {
			index := binary.NativeEndian.Uint32(m.Data[4:])
			by[index] = append(by[index], p)
		}
	}
	for _, list := range by {
		slices.SortFunc(list, func(a, b netip.Prefix) int { return strings.Compare(a.String(), b.String()) })
	}
	return by, nil
}

func (s *Space) routes(names map[uint32]string) error {
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		body := make([]byte, unix.SizeofRtMsg)
		body[0] = family
		messages, err := dump(unix.NETLINK_ROUTE, unix.RTM_GETROUTE, body)
		if err != nil {
			return err
		}
		if len(messages) > maxRoutes {
			return fmt.Errorf("more than %d routes", maxRoutes)
		}
		for _, m := range messages {
			if r, ok := route(m.Data, names); ok && m.Header.Type == unix.RTM_NEWROUTE {
				s.Routes = append(s.Routes, r)
			}
		}
		if messages, err = dump(unix.NETLINK_ROUTE, unix.RTM_GETRULE, body); err != nil {
			return err
		}
		for _, m := range messages {
			s.PolicyRouting = s.PolicyRouting || m.Header.Type == unix.RTM_NEWRULE && !usualRule(m.Data)
		}
	}
	return nil
}

// route reads an rtmsg with its attributes.
func route(data []byte, names map[uint32]string) (Route, bool) {
	if len(data) < unix.SizeofRtMsg || binary.NativeEndian.Uint32(data[8:])&unix.RTM_F_CLONED != 0 {
		return Route{}, false
	}
	h := binary.NativeEndian
	r := Route{V6: data[0] == unix.AF_INET6, Table: int(data[4])}
	types := []string{"other", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat"}
	r.Type = types[0]
	if int(data[7]) < len(types) {
		r.Type = types[data[7]]
	}
	to := netip.IPv4Unspecified()
	if r.V6 {
		to = netip.IPv6Unspecified()
	}
	for _, a := range attributes(data[unix.SizeofRtMsg:]) {
		switch {
		case a.kind == unix.RTA_DST:
			if addr, ok := netip.AddrFromSlice(a.value); ok {
				to = addr
			}
		case a.kind == unix.RTA_OIF && len(a.value) == 4:
			r.Interface = names[h.Uint32(a.value)]
		case a.kind == unix.RTA_PRIORITY && len(a.value) == 4:
			r.Metric = int(h.Uint32(a.value))
		case a.kind == unix.RTA_TABLE && len(a.value) == 4:
			r.Table = int(h.Uint32(a.value))
		}
	}
	r.Destination = netip.PrefixFrom(to, int(data[1]))
	return r, r.Destination.IsValid()
}

// usualRule reports whether a routing rule is one of those that every namespace has:
// the tables local, main and default are asked in this order about every packet.
func usualRule(data []byte) bool {
	if len(data) < unix.SizeofRtMsg || data[1]+data[2]+data[3] != 0 || data[7] != 1 {
		return false // of addresses, of a type of service, or not a lookup
	}
	h := binary.NativeEndian
	table, priority := uint32(data[4]), uint32(0)
	for _, a := range attributes(data[unix.SizeofRtMsg:]) {
		switch a.kind {
		case unix.FRA_PRIORITY:
			if len(a.value) == 4 {
				priority = h.Uint32(a.value)
			}
		case unix.FRA_TABLE:
			if len(a.value) == 4 {
				table = h.Uint32(a.value)
			}
		case unix.FRA_SUPPRESS_PREFIXLEN:
			if len(a.value) != 4 || h.Uint32(a.value) != 0xffffffff {
				return false
			}
		case unix.FRA_PROTOCOL, unix.FRA_UNSPEC:
		default:
			return false
		}
	}
	return table == 255 && priority == 0 || table == 254 && priority == 32766 || table == 253 && priority == 32767
}

// settings reads what /proc/sys/net says.
func (s *Space) settings() {
	read := func(name string) (string, error) {
		data, err := os.ReadFile("/proc/sys/net/" + name)
		return strings.TrimSpace(string(data)), err
	}
	if _, err := os.Stat("/proc/thread-self/net/if_inet6"); err == nil {
		off, err := read("ipv6/conf/all/disable_ipv6")
		s.IPv6 = off != "1"
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.SettingsReason = "net.ipv6.conf.all.disable_ipv6 cannot be read: " + reason(err)
		}
	}
	for i, name := range []string{"iptables", "ip6tables"} {
		on, err := read("bridge/bridge-nf-call-" + name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.SettingsReason = "net.bridge.bridge-nf-call-" + name + " cannot be read: " + reason(err)
		}
		*[]*bool{&s.BridgeV4, &s.BridgeV6}[i] = on == "1"
	}
	all, err := read("ipv4/conf/all/rp_filter")
	allLocal, err2 := read("ipv4/conf/all/route_localnet")
	if err := errors.Join(err, err2); err != nil {
		s.SettingsReason = "net.ipv4.conf.all cannot be read: " + reason(err)
	}
	s.LocalNets = allLocal == "1"
	for i := range s.Interfaces {
		l := &s.Interfaces[i]
		forward, err1 := read("ipv4/conf/" + l.Name + "/forwarding")
		path, err2 := read("ipv4/conf/" + l.Name + "/rp_filter")
		local, err3 := read("ipv4/conf/" + l.Name + "/route_localnet")
		if err := errors.Join(err1, err2, err3); err != nil {
			l.Reason = "net.ipv4.conf of the interface cannot be read: " + reason(err)
		}
		l.ForwardV4 = forward == "1"
		s.LocalNets = s.LocalNets || local == "1" && l.Type != "loopback"
		l.ReversePath = map[string]string{"0": "off", "1": "strict", "2": "loose"}[max(all, path)]
		if l.ReversePath == "" && l.Reason == "" {
			l.Reason = "rp_filter of the interface is not known"
		}
		off, err4 := read("ipv6/conf/" + l.Name + "/disable_ipv6")
		forward6, err5 := read("ipv6/conf/" + l.Name + "/forwarding")
		l.IPv6, l.ForwardV6 = s.IPv6 && err4 == nil && off != "1", forward6 == "1"
		for _, err := range []error{err4, err5} {
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				l.Reason = "net.ipv6.conf of the interface cannot be read: " + reason(err)
			}
		}
	}
}

// nfTables lists the tables of nf_tables, and counts the rules of their chains.
func nfTables() (tables []string, rules map[string]int, err error) {
	families := map[byte]Family{unix.NFPROTO_INET: Inet, unix.NFPROTO_IPV4: IPv4, unix.NFPROTO_IPV6: IPv6, unix.NFPROTO_ARP: ARP, unix.NFPROTO_BRIDGE: Bridge, unix.NFPROTO_NETDEV: Netdev}
	each := func(request uint16, f func(family string, names map[uint16]string)) error {
		messages, err := dump(unix.NETLINK_NETFILTER, unix.NFNL_SUBSYS_NFTABLES<<8|request, make([]byte, 4))
		for _, m := range messages {
			if len(m.Data) < 4 {
				continue
			}
			names := map[uint16]string{}
			for _, a := range attributes(m.Data[4:]) {
				if a.kind <= 3 { // names of tables and chains; other numbers mean other things
					names[a.kind] = plain(strings.TrimRight(string(a.value), "\x00"))
				}
			}
			f(string(families[m.Data[0]]), names)
		}
		return err
	}
	rules = map[string]int{}
	err = each(unix.NFT_MSG_GETTABLE, func(family string, names map[uint16]string) {
		tables = append(tables, family+" "+names[unix.NFTA_TABLE_NAME])
	})
	if err == nil {
		err = each(unix.NFT_MSG_GETCHAIN, func(family string, names map[uint16]string) {
			rules[family+" "+names[unix.NFTA_CHAIN_TABLE]+" "+names[unix.NFTA_CHAIN_NAME]] += 0
		})
	}
	if err == nil {
		err = each(unix.NFT_MSG_GETRULE, func(family string, names map[uint16]string) {
			rules[family+" "+names[unix.NFTA_RULE_TABLE]+" "+names[unix.NFTA_RULE_CHAIN]]++
		})
	}
	slices.Sort(tables)
	return tables, rules, err
}
