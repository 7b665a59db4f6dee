package ports

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/installed"
	"github.com/writ-policy/writ/collectors/source/process"
	"github.com/writ-policy/writ/collectors/source/socket"
	"github.com/writ-policy/writ/collectors/source/systemd"
	"github.com/writ-policy/writ/collectors/source/wire"
	"github.com/writ-policy/writ/engine/fact"
)

// listener is one address that peers can turn to: all sockets that share it. A socket of
// both families is two of them.
type listener struct {
	*socket.Namespace
	protocol string
	address  netip.Addr
	port     uint16
	link     uint32 // index of the interface it is bound to, 0 if to none
	detailed bool   // whether link is known
	both     socket.Tri
	dual     bool
	sockets  []*socket.Socket
	holders  []*process.Process // by process id, each once
	at       fact.Position
}

// inventory writes the listeners of a host.
type inventory struct {
	env      *collectors.Env
	b        *fact.Builder
	table    *socket.Table
	users    process.Users
	groups   func() (*socket.Groups, error)
	names    map[*socket.Namespace]string
	sockets  []*systemd.Socket
	unread   []string // why socket units may be missing
	packages map[string]installed.Package
	noPacks  string // why packages are not known
	images   map[string]process.Image
	written  map[string][]any // owners by the processes they are
	pairs    map[[4]string]map[string]any
	taken    map[string]int
	asked    map[*listener]wire.Result // what was said, with --probe
}

// listening yields the listeners of a host. A saved file tree holds no kernel: what
// units declare is listed then, and the document is not complete.
func listening(ctx context.Context, env *collectors.Env) *fact.Document {
	x := &inventory{env: env, images: map[string]process.Image{}, written: map[string][]any{}, pairs: map[[4]string]map[string]any{}, taken: map[string]int{}}
	if !env.Host.Live {
		x.sockets, x.unread = systemd.Sockets(env.Host.Files)
		return x.saved()
	}
	if comm, err := collectors.ReadFile(env.Host.Files, "proc/1/comm", 64); err != nil || string(comm) == "systemd\n" {
		x.sockets, x.unread = systemd.Sockets(env.Host.Files)
	}
	table, err := socket.List(ctx)
	method := "sock_diag"
	if err == nil && len(table.Namespaces) > 0 {
		method = table.Namespaces[0].Method
	}
	x.b = fact.NewBuilder("port.listener", env.Host.Target(), env.Envelope("ports", method), env.Now)
	if err != nil {
		x.b.Incomplete(err.Error())
		return x.b.Document()
	}
	x.table, x.groups = table, socket.ControlGroups()
	for _, r := range table.Reasons {
		x.b.Incomplete(r)
	}
	all := gather(table.Sockets)
	x.look(all)
	x.ask(ctx, all)
	for _, l := range all {
		x.write(l)
	}
	return x.b.Document()
}

// look reads what is told of the processes: users, packages.
func (x *inventory) look(all []*listener) {
	passwd, err := collectors.ReadFile(x.env.Host.Files, "etc/passwd", 16<<20)
	if err == nil {
		x.users = process.ParseUsers(passwd)
	}
	x.names = x.table.Names()
	var exes []string
	for _, l := range all {
		for _, p := range l.holders {
			if p.Exe != "" && !p.OwnRoot && p.OwnRootReason == "" && !slices.Contains(exes, p.Exe) {
				exes = append(exes, p.Exe)
			}
		}
	}
	x.packages, x.noPacks = installed.Owners(x.env.Host.Files, exes)
}

// gather groups sockets by address, in the order of the host's namespace first, then by
// protocol, port and address.
func gather(sockets []*socket.Socket) []*listener {
	type key struct {
		in       *socket.Namespace
		protocol string
		address  netip.Addr
		port     uint16
		link     uint32
	}
	byKey := make(map[key]*listener, len(sockets))
	var all []*listener
	add := func(s *socket.Socket, a netip.Addr, dual bool) {
		k := key{s.Namespace, s.Protocol, a, s.Local.Port(), s.Interface}
		l := byKey[k]
		if l == nil {
			l = &listener{Namespace: s.Namespace, protocol: s.Protocol, address: a, port: k.port, link: s.Interface, detailed: s.Detailed, both: s.Both, at: position(s)}
			byKey[k] = l
			all = append(all, l)
		}
		l.dual = l.dual || dual
		if l.sockets = append(l.sockets, s); len(l.sockets) == 1 {
			l.holders = s.Holders
			return
		}
		merged := slices.Concat(l.holders, s.Holders)
		slices.SortFunc(merged, func(a, b *process.Process) int { return a.PID - b.PID })
		l.holders = slices.Compact(merged)
	}
	rank := map[*socket.Namespace]int{}
	for _, s := range sockets {
		if _, ok := rank[s.Namespace]; !ok {
			rank[s.Namespace] = len(rank)
		}
		add(s, s.Local.Addr(), s.Both == socket.Yes)
		if s.Both == socket.Yes {
			add(s, netip.IPv4Unspecified(), true)
		}
	}
	slices.SortStableFunc(all, func(a, b *listener) int {
		if a.Namespace != b.Namespace {
			return rank[a.Namespace] - rank[b.Namespace]
		}
		return cmp.Or(cmp.Compare(a.protocol, b.protocol), cmp.Compare(a.port, b.port), a.address.Compare(b.address), cmp.Compare(a.link, b.link))
	})
	return all
}

// position is where a socket was read.
func position(s *socket.Socket) fact.Position {
	if s.Detailed {
		return fact.Position{Source: "kernel:sock_diag/" + s.Protocol}
	}
	return fact.Position{Source: "proc:net/" + s.Protocol}
}

// write writes a listener.
func (x *inventory) write(l *listener) {
	at := l.at
	device, reason := l.device()
	it := x.b.Add(x.id(l, device), "observed", at)
	it.Set("host", x.env.Host.Name, at).Set("netns", x.names[l.Namespace], at)
	it.Set("protocol", l.protocol, at).Set("port", int(l.port), at).Set("sockets", len(l.sockets), at)
	address := l.address
	if reason == "" && device != "" && address.Is6() && (address.IsLinkLocalUnicast() || address.IsLinkLocalMulticast()) {
		address = address.WithZone(device)
	}
	it.Set("address", address.String(), at)
	put(it, "interface", device, reason, at)
	if l.both == socket.Unknown {
		const why = "whether it serves IPv4 too is told by sock_diag alone, which is refused"
		it.Gap("families", why, at).Gap("dual_stack", why, at)
	} else {
		it.Set("families", []any{family(l.address)}, at).Set("dual_stack", l.dual, at)
	}
	scope, reason := l.scope()
	put(it, "scope", scope, reason, at)
	if l.protocol == "udp" && l.EphemeralReason != "" {
		it.Gap("ephemeral", l.EphemeralReason, at)
	} else {
		it.Set("ephemeral", l.protocol == "udp" && l.port >= l.EphemeralFrom && l.port <= l.EphemeralTo, at)
	}
	x.opener(it, l)
	x.attribute(it, l)
	x.answers(it, l)
}

// put sets a text, or a gap where there is a reason.
func put(it *fact.ItemBuilder, name, value, reason string, at fact.Position) {
	if reason != "" {
		it.Gap(name, reason, at)
		return
	}
	it.Set(name, value, at)
}

func family(a netip.Addr) string {
	if a.Is4() {
		return "ipv4"
	}
	return "ipv6"
}

// device names the interface that a listener is bound to.
func (l *listener) device() (name, reason string) {
	switch {
	case !l.detailed:
		return "", "the interface it is bound to is told by sock_diag alone, which is refused"
	case l.link == 0:
		return "", ""
	case l.Link(l.link) == nil:
		return "", fmt.Sprintf("interface %d is not known", l.link)
	}
	return socket.PlainName(l.Link(l.link).Name), ""
}

// id is "tcp/0.0.0.0:80", with the interface and the namespace if there is one:
// "tcp/[::%eth0]:80@shop". It does not change from run to run, but where a namespace
// has no name.
func (x *inventory) id(l *listener, device string) string {
	text := l.address.String()
	switch {
	case device != "":
		text += "%" + device
	case l.link != 0:
		text += fmt.Sprintf("%%if%d", l.link)
	}
	if l.address.Is6() {
		text = "[" + text + "]"
	}
	id := l.protocol + "/" + text + ":" + strconv.Itoa(int(l.port))
	if name := x.names[l.Namespace]; name != "" {
		id += "@" + name
	}
	x.taken[id]++
	if n := x.taken[id]; n > 1 {
		id = fmt.Sprintf("%s~%d", id, n)
	}
	return id
}
