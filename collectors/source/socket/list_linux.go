package socket

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors/source/process"
)

// List lists the sockets of the machine it runs on. What it could not see is in the
// table; an error means that nothing can be said.
func List(ctx context.Context) (*Table, error) {
	pids, err := allProcesses()
	if err != nil {
		return nil, fmt.Errorf("list sockets: %w", err)
	}
	l := &lister{table: &Table{}, spaces: findNamespaces(pids)}
	defer l.spaces.close()
	l.table.Namespaces = l.spaces.all
	for _, n := range l.spaces.all {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("list sockets: %w", err)
		}
		l.table.Sockets = append(l.table.Sockets, l.ask(n)...)
	}
	l.hold(pids)
	if err := l.again(ctx); err != nil {
		return nil, fmt.Errorf("list sockets: %w", err)
	}
	l.table.Reasons = append(l.table.Reasons, l.spaces.reasons...)
	slices.SortFunc(l.table.Sockets, order)
	return l.table, nil
}

// lister lists once.
type lister struct {
	table  *Table
	spaces *namespaces
}

// ask lists the sockets of a namespace: from within, or from the tables of a process
// that is in it.
func (l *lister) ask(n *Namespace) []*Socket {
	var out listed
	err := n.inside(func() {
		out = n.list("/proc/thread-self/net")
		if n.Links == nil {
			n.describe()
		}
	})
	if err != nil {
		out = n.outside(err)
	}
	for _, r := range out.reasons {
		l.miss(n.label() + r)
	}
	return out.sockets
}

func (l *lister) miss(reason string) {
	if !slices.Contains(l.table.Reasons, reason) {
		l.table.Reasons = append(l.table.Reasons, reason)
	}
}

// outside lists the sockets of a namespace that cannot be entered.
func (n *Namespace) outside(why error) (out listed) {
	n.Method = "proc"
	n.LinksReason = "the interfaces of the network namespace cannot be read: " + why.Error()
	n.EphemeralReason = "ip_local_port_range of the network namespace cannot be read: " + why.Error()
	var last error
	for _, folder := range n.tables {
		if _, last = os.Stat(folder + "/tcp"); last != nil {
			continue
		}
		for _, p := range protocols {
			for _, family := range []uint8{inet4, inet6} {
				found, err := table(folder, p, family, why)
				out.add(n, p, found, err)
			}
		}
		return out
	}
	out.reasons = append(out.reasons, "the network namespace cannot be entered: "+reason(cmp.Or(last, why)))
	return out
}

func (n *Namespace) label() string {
	switch {
	case n.Host:
		return ""
	case len(n.Mounts) > 0:
		return n.Mounts[0] + ": "
	}
	return n.Number() + ": "
}

// hold finds who holds the sockets, and namespaces that only a descriptor leads to.
func (l *lister) hold(pids []int) {
	h := l.walk(pids, l.table.Sockets, false)
	var late []*Socket
	for inode, folder := range h.spaces {
		if l.spaces.byInode[inode] == nil {
			late = append(late, l.hidden(inode, folder)...)
		}
	}
	if len(late) > 0 {
		l.walk(pids, late, false)
		l.table.Sockets = append(l.table.Sockets, late...)
	}
	l.table.Namespaces = l.spaces.all
}

// hidden lists the sockets of a namespace that a descriptor of a process leads to.
func (l *lister) hidden(inode uint64, folder string) []*Socket {
	entries, err := os.ReadDir(folder + "/fd")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if found, err := namespaceOf(folder + "/fd/" + e.Name()); err == nil && found == inode {
			if n := l.spaces.at(folder+"/fd/"+e.Name(), ""); n != nil {
				return l.ask(n)
			}
		}
	}
	return nil
}

// walk asks the processes who holds the sockets.
func (l *lister) walk(pids []int, sockets []*Socket, deep bool) *holders {
	h := &holders{want: make(map[uint32][]*Socket, len(sockets)), deep: deep}
	for _, s := range sockets {
		if s.Inode != 0 {
			h.want[s.Inode] = append(h.want[s.Inode], s)
		}
	}
	h.walk(pids)
	l.table.Denied, l.table.DeniedReason = h.denied, h.why
	if len(pids) == 0 || pids[0] != 1 || !process.InitialNamespace() {
		l.table.DeniedReason = cmp.Or(h.why, "processes outside of this PID namespace are not seen")
	}
	return h
}

// again looks a second time at sockets that nobody seems to hold: those that are gone
// are dropped; if every process was asked, all are asked again, with their threads.
// What is left then is the kernel's, or held in ways that /proc does not show.
func (l *lister) again(ctx context.Context) error {
	var loose []*Socket
	for _, s := range l.table.Sockets {
		if len(s.Holders) == 0 {
			loose = append(loose, s)
		}
	}
	if len(loose) == 0 {
		return nil
	}
	type key struct {
		inode  uint32
		cookie uint64
	}
	there, asked := map[key]bool{}, map[*Namespace]bool{}
	for _, s := range loose {
		if asked[s.Namespace] {
			continue
		}
		asked[s.Namespace] = true
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, other := range l.ask(s.Namespace) {
			there[key{other.Inode, other.Cookie}] = true
		}
	}
	l.table.Sockets = slices.DeleteFunc(l.table.Sockets, func(s *Socket) bool {
		return len(s.Holders) == 0 && !there[key{s.Inode, s.Cookie}]
	})
	loose = slices.DeleteFunc(loose, func(s *Socket) bool { return !there[key{s.Inode, s.Cookie}] })
	if len(loose) == 0 || !l.table.Complete() {
		return nil
	}
	pids, err := allProcesses()
	if err != nil {
		return err
	}
	l.walk(pids, loose, true)
	for _, s := range loose {
		s.Kernel = len(s.Holders) == 0 && l.table.Complete()
	}
	return nil
}

// order is the order of a table.
func order(a, b *Socket) int {
	return cmp.Or(
		compareNamespaces(a.Namespace, b.Namespace), cmp.Compare(a.Protocol, b.Protocol), a.Local.Compare(b.Local),
		cmp.Compare(a.Interface, b.Interface), cmp.Compare(a.Inode, b.Inode), cmp.Compare(a.Cookie, b.Cookie),
	)
}

func compareNamespaces(a, b *Namespace) int {
	switch {
	case a == b:
		return 0
	case a.Host:
		return -1
	case b.Host:
		return 1
	}
	return cmp.Or(cmp.Compare(a.Inode, b.Inode), cmp.Compare(a.net, b.net))
}

func (s *namespaces) close() {
	for _, n := range s.all {
		if n.file >= 0 {
			unix.Close(n.file)
			n.file = -1
		}
	}
}
