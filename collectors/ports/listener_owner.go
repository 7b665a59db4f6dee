package ports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors/source/process"
	"github.com/writ-policy/writ/collectors/source/socket"
	"github.com/writ-policy/writ/engine/fact"
)

// opener writes who opened a listener, as the kernel keeps it.
func (x *inventory) opener(it *fact.ItemBuilder, l *listener) {
	at := l.at
	s := l.sockets[0]
	unit, reason := x.unitOf(s)
	if reason == "" {
		it.Set("opened_by", x.pair("user", socket.PlainName(x.users.Name(s.UID)), "unit", socket.PlainName(unit)), at)
		return
	}
	it.Object("opened_by", at).Set("user", socket.PlainName(x.users.Name(s.UID)), at).Gap("unit", reason, at)
}

// pair is an object of two texts, made once for all listeners: nobody changes it.
func (x *inventory) pair(name, value, name2, value2 string) map[string]any {
	key := [4]string{name, value, name2, value2}
	if x.pairs[key] == nil {
		x.pairs[key] = map[string]any{name: value, name2: value2}
	}
	return x.pairs[key]
}

// unitOf is the service unit that a socket was opened in.
func (x *inventory) unitOf(s *socket.Socket) (unit, reason string) {
	if s.Cgroup == 0 {
		return "", "the kernel does not tell the control group of the socket"
	}
	groups, err := x.groups()
	if err != nil {
		return "", "control groups cannot be read: " + err.Error()
	}
	path, err := groups.Path(s.Cgroup)
	if err != nil {
		return "", err.Error()
	}
	return process.Unit(path), ""
}

// attribute writes owners, what the listener is attributed to, and its activation.
func (x *inventory) attribute(it *fact.ItemBuilder, l *listener) {
	at := l.at
	passed := x.activation(l)
	owners := slices.Clone(l.holders)
	if passed.unit != "" {
		owners = slices.DeleteFunc(owners, isManager)
	}
	if passed.reason != "" {
		it.Gap("activation", passed.reason, at)
	} else {
		it.Set("activation", x.pair("unit", socket.PlainName(passed.unit), "service", socket.PlainName(passed.service)), passed.at)
	}
	complete := x.table.Complete()
	kernel := true
	for _, s := range l.sockets {
		complete = complete && (len(s.Holders) > 0 || s.Kernel)
		kernel = kernel && s.Kernel
	}
	it.Set("owners_complete", complete, at)
	switch {
	case len(owners) > 0:
		x.owners(it, l, owners)
		it.Set("attribution", attribution(owners), at)
	case passed.unit != "":
		idle(it, passed, "the service has not been started: the service manager holds the socket")
		it.Set("attribution", "unit", at)
	case kernel && l.sockets[0].UID == 0:
		it.Set("owners", []any{}, at).Set("attribution", "kernel", at)
	case kernel:
		// In flight in a message, or registered with io_uring.
		it.Set("owners", []any{}, at).Set("attribution", "none", at)
	default:
		reason := cmp.Or(x.table.DeniedReason, "its process ended while it was looked for")
		it.Gap("owners", reason, at)
		if unit, why := x.unitOf(l.sockets[0]); why == "" && unit != "" {
			it.Set("attribution", "unit", at)
		} else {
			it.Gap("attribution", reason, at)
		}
	}
}

func attribution(owners []*process.Process) string {
	for _, p := range owners {
		if p.Container.Runtime == "" || p.Container.Claimed {
			return "process"
		}
	}
	return "container"
}

// owners writes the processes. Those that hold many sockets are written once: nobody
// changes an owner.
func (x *inventory) owners(it *fact.ItemBuilder, l *listener, owners []*process.Process) {
	at := l.at
	key := make([]byte, 0, 64)
	key = strconv.AppendUint(key, l.Inode, 10)
	for _, p := range owners {
		key = strconv.AppendInt(append(key, ' '), int64(p.PID), 10)
	}
	if list, ok := x.written[string(key)]; ok {
		it.Set("owners", list, at)
		return
	}
	slices.SortStableFunc(owners, func(a, b *process.Process) int {
		return cmp.Or(strings.Compare(a.Exe, b.Exe), a.PID-b.PID)
	})
	whole := true
	b := fact.NewBuilder("port.listener", x.env.Host.Target(), fact.Collector{}, x.env.Now)
	try := b.Add("", "", fact.Position{})
	for _, p := range owners {
		x.owner(try.Append("owners", fact.Position{}), l, p)
	}
	if whole = len(b.Document().Unobserved) == 0; whole {
		list := b.Document().Items[0]["owners"].([]any)
		x.written[string(key)] = list
		it.Set("owners", list, at)
		return
	}
	for _, p := range owners {
		x.owner(it.Append("owners", at), l, p)
	}
}

// owner writes one process.
func (x *inventory) owner(o *fact.ItemBuilder, l *listener, p *process.Process) {
	none := fact.Position{}
	put(o, "exe", socket.PlainName(p.Exe), p.ExeReason, none)
	if p.ExeReason != "" {
		o.Gap("exe_deleted", p.ExeReason, none)
	} else {
		o.Set("exe_deleted", p.ExeDeleted, none)
	}
	if p.OwnRootReason != "" {
		o.Gap("own_root", p.OwnRootReason, none)
	} else {
		o.Set("own_root", p.OwnRoot, none)
	}
	put(o, "unit", socket.PlainName(p.Unit), p.UnitReason, none)
	user := p.User
	if user == "" && p.OwnRoot && p.UID != 0 {
		user = strconv.FormatUint(uint64(p.UID), 10) // the host's names are not its own
	}
	put(o, "user", socket.PlainName(cmp.Or(user, x.users.Name(p.UID))), p.UIDReason, none)
	o.Set("pid", p.PID, none)
	put(o, "started_at", p.Started.Format(time.RFC3339), p.StartedReason, none)
	switch {
	case p.Network == 0 || l.Inode == 0:
		o.Gap("foreign", "the network namespace of the process is not known", none)
	default:
		o.Set("foreign", p.Network != l.Inode, none)
	}
	x.container(o, p)
	x.pack(o, p)
}

// container writes the container of a process and its image.
func (x *inventory) container(o *fact.ItemBuilder, p *process.Process) {
	none := fact.Position{}
	c := p.Container
	if p.UnitReason != "" {
		o.Gap("container", p.UnitReason, none).Gap("image_digest", p.UnitReason, none)
		return
	}
	if c.Claimed {
		const why = "it is named by a service that may name its control groups as it likes"
		o.Gap("container", why, none).Gap("image_digest", why, none)
		return
	}
	image, ok := x.images[c.Runtime+" "+c.ID]
	if !ok && c.Runtime != "" {
		image = process.ImageOf(x.env.Host.Files, c)
		x.images[c.Runtime+" "+c.ID] = image
	}
	put(o, "image_digest", socket.PlainName(image.Digest), image.DigestReason, none)
	in := o.Object("container", none).Set("runtime", c.Runtime, none).Set("id", socket.PlainName(c.ID), none)
	put(in, "image", socket.PlainName(image.Name), image.NameReason, none)
}

// pack writes the package of the executable.
func (x *inventory) pack(o *fact.ItemBuilder, p *process.Process) {
	none := fact.Position{}
	reason := cmp.Or(p.ExeReason, p.OwnRootReason, x.noPacks)
	if p.OwnRoot {
		reason = "the executable is a file of another root than the host's"
	}
	if reason != "" {
		o.Gap("package", reason, none)
		return
	}
	k := x.packages[p.Exe]
	o.Set("package", map[string]any{"manager": k.Manager, "name": socket.PlainName(k.Name), "version": socket.PlainName(k.Version)}, none)
}
