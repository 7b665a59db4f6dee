package firewall

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/collectors/source/socket"
	"github.com/writ-policy/writ/engine/fact"
)

// enter reads every network namespace of the machine from inside.
func (h *host) enter(ctx context.Context) {
	table, err := socket.List(ctx)
	if err != nil {
		h.running = append(h.running, "the network namespaces are not known: "+err.Error())
		return
	}
	names := table.Names()
	groups, unsure := netfilter.ReadGroups("/sys/fs/cgroup")
	links, unsure2 := netfilter.ReadLinks()
	shared := append(groups, links...)
	if unsure2 != "" {
		unsure = strings.TrimPrefix(unsure+"; "+unsure2, "; ")
	}
	for _, n := range table.Namespaces {
		s := &hostSpace{name: names[n], shared: shared, unsure: unsure}
		h.spaces = append(h.spaces, s)
		h.env.Say("reading the packet filter of %s", map[bool]string{true: "the host", false: "network namespace " + s.name}[n.Host])
		if err := within(n, func() {
			s.space = netfilter.ReadSpace()
			s.rules = h.read(ctx, s)
		}); err != nil {
			s.reason = "it cannot be entered: " + err.Error()
		}
	}
}

// within runs f in a network namespace, on a thread that ends with it.
func within(n *socket.Namespace, f func()) error {
	done := make(chan error)
	go func() {
		// Never unlocked: the thread is in another namespace and must not be used again.
		runtime.LockOSThread()
		err := join(n)
		if err == nil {
			f()
		}
		done <- err
	}()
	return <-done
}

// join moves the calling thread into a network namespace, unless it is there.
func join(n *socket.Namespace) error {
	if is("/proc/thread-self/ns/net", n.Inode) {
		return nil
	}
	var paths []string
	for _, pid := range n.PIDs {
		paths = append(paths, "/proc/"+strconv.Itoa(pid)+"/ns/net")
	}
	for _, m := range n.Mounts {
		paths = append(paths, m, "/proc/1/root"+m)
	}
	why := errors.New("no process of it may be asked")
	for _, p := range paths {
		fd, err := unix.Open(p, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			why = err
			continue
		}
		var stat unix.Stat_t
		err = unix.Fstat(fd, &stat)
		if err == nil && stat.Ino == n.Inode {
			err = unix.Setns(fd, unix.CLONE_NEWNET)
			unix.Close(fd)
			return err
		}
		unix.Close(fd)
	}
	return why
}

func is(file string, inode uint64) bool {
	var stat unix.Stat_t
	return unix.Stat(file, &stat) == nil && stat.Ino == inode
}

// builtins are the tables that iptables makes.
var builtins = [...]string{"filter", "mangle", "nat", "raw", "security"}

// read reads the filters of the network namespace of the calling thread: of iptables'
// old back end where the kernel has its tables, of its new one, and what nft lists. A
// part that cannot be read is an opaque table of its own.
func (h *host) read(ctx context.Context, s *hostSpace) *netfilter.Ruleset {
	r := &reading{host: h, ctx: ctx, out: &netfilter.Ruleset{}, saved: &netfilter.Ruleset{}}
	for i, v := range versions {
		if len(s.space.Legacy[i]) > 0 {
			r.legacy(v)
		}
	}
	if s.space.LegacyReason != "" {
		r.out.Tables = append(r.out.Tables, unread(netfilter.IPTablesLegacy, netfilter.Inet, s.space.LegacyReason))
	}
	for _, v := range versions {
		if slices.ContainsFunc(builtins[:], func(name string) bool { return slices.Contains(s.space.Tables, string(v.family)+" "+name) }) {
			r.nftTables(v)
		}
	}
	r.native(s.space)
	return r.out
}

// version is iptables for IPv4 or for IPv6.
type version struct {
	family         netfilter.Family
	legacy, modern string
}

var versions = [...]version{
	{netfilter.IPv4, "iptables-legacy-save", "iptables-nft-save"},
	{netfilter.IPv6, "ip6tables-legacy-save", "ip6tables-nft-save"},
}

// reading is the reading of one namespace.
type reading struct {
	*host
	ctx   context.Context
	out   *netfilter.Ruleset
	saved *netfilter.Ruleset // of iptables' new back end
	sets  []*netfilter.Set
	asked bool // ipset
}

func (r *reading) run(program string, args ...string) ([]byte, error) {
	return r.env.Host.Exec.Run(r.ctx, collectors.Command{Program: program, Args: args, Output: 256 << 20})
}

// unread stands for tables that could not be read.
func unread(b netfilter.Backend, f netfilter.Family, why string) *netfilter.Table {
	return &netfilter.Table{Backend: b, Family: f, Opaque: []netfilter.Opaque{{Text: string(b) + " " + string(f), Reason: why, Restricts: true, Decides: true, Alters: true}}}
}

func (r *reading) legacy(v version) {
	data, err := r.run(v.legacy, "-c")
	if err != nil {
		if plain, err2 := r.run(strings.Replace(v.legacy, "-legacy", "", 1), "-c"); err2 == nil && !strings.Contains(string(plain), "nf_tables") && errors.Is(err, collectors.ErrNoProgram) {
			data, err = plain, nil // a system that has no other
		}
	}
	if err != nil {
		r.out.Tables = append(r.out.Tables, unread(netfilter.IPTablesLegacy, v.family, err.Error()))
		return
	}
	r.out.Tables = append(r.out.Tables, r.parse(v.legacy, data, netfilter.IPTablesLegacy, v.family)...)
}

func (r *reading) nftTables(v version) {
	data, err := r.run(v.modern, "-c")
	if err != nil {
		return // nft lists them too
	}
	r.saved.Tables = append(r.saved.Tables, r.parse(v.modern, data, netfilter.IPTablesNFT, v.family)...)
}

func (r *reading) parse(program string, data []byte, b netfilter.Backend, f netfilter.Family) []*netfilter.Table {
	if !r.asked && (bytes.Contains(data, []byte("-match-set")) || bytes.Contains(data, []byte("-j SET"))) {
		r.asked = true
		if text, err := r.run("ipset", "save"); err == nil {
			sets, problems := netfilter.ReadIPSet("exec:ipset", text)
			r.sets = sets
			r.env.Diagnose(problems...)
		}
	}
	rules, problems := netfilter.ReadSave("exec:"+program, data, netfilter.Options{Backend: b, Family: f, Sets: r.sets})
	r.env.Diagnose(problems...)
	return rules.Tables
}

// native reads what nft lists and joins it with what iptables shows of the same
// tables. Tables that the kernel has and neither shows are opaque.
func (r *reading) native(space *netfilter.Space) {
	listed := &netfilter.Ruleset{}
	why := space.TablesReason
	if len(space.Tables) > 0 || why != "" {
		data, err := r.run("nft", "-n", "-j", "list", "ruleset")
		if err == nil {
			var problems []fact.Diagnostic
			listed, problems = netfilter.ReadJSON("exec:nft", data, netfilter.Options{})
			r.env.Diagnose(problems...)
			why = ""
		} else {
			why = err.Error()
		}
	}
	if why != "" { // nft is not here: what iptables shows counts where it is all
		r.saved.Tables = slices.DeleteFunc(r.saved.Tables, func(t *netfilter.Table) bool { return space.TablesReason != "" || !netfilter.Shown(t, space.Rules) })
	}
	merged := netfilter.Merge(listed, r.saved)
	for _, name := range space.Tables {
		family, table, _ := strings.Cut(name, " ")
		if slices.ContainsFunc(merged.Tables, func(t *netfilter.Table) bool { return string(t.Family) == family && t.Name == table }) {
			continue
		}
		t := unread(netfilter.NFT, netfilter.Family(family), firstOf(why, "the table came while the others were read"))
		t.Name = table
		merged.Tables = append(merged.Tables, t)
	}
	if space.TablesReason != "" && why != "" {
		merged.Tables = append(merged.Tables, unread(netfilter.NFT, netfilter.Inet, space.TablesReason))
	}
	r.out.Tables = append(r.out.Tables, merged.Tables...)
}
