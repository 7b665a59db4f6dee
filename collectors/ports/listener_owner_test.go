package ports

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/process"
	"github.com/writ-policy/writ/collectors/source/socket"
	"github.com/writ-policy/writ/collectors/source/systemd"
	"github.com/writ-policy/writ/engine/fact"
)

// made writes the facts of a table that is made up, on a machine of which one socket
// unit is known.
func made(t *testing.T, table *socket.Table, unread ...string) (*fact.Document, []string) {
	t.Helper()
	unit := &systemd.Socket{Unit: &systemd.Unit{Name: "cups.socket"}, Service: "cups.service", Listens: []systemd.Listen{
		{Protocol: "tcp", Local: netip.MustParseAddrPort("[::]:631"), Both: "default", Pos: fact.Position{Source: "/usr/lib/systemd/system/cups.socket", Line: 2}},
	}}
	at := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	x := &inventory{
		env: &collectors.Env{Host: &collectors.Host{Name: "h"}, Now: at}, table: table, sockets: []*systemd.Socket{unit}, unread: unread,
		groups: func() (*socket.Groups, error) { return nil, fmt.Errorf("none here") },
		images: map[string]process.Image{}, written: map[string][]any{}, pairs: map[[4]string]map[string]any{}, taken: map[string]int{},
		b: fact.NewBuilder("port.listener", fact.Target{ID: "host/h"}, fact.Collector{Name: "ports"}, at),
	}
	x.names = table.Names()
	for _, l := range gather(table.Sockets) {
		x.write(l)
	}
	d := x.b.Document()
	for _, p := range fact.Validate(d) {
		t.Error(p)
	}
	var lines []string
	for i, item := range d.Items {
		reason := ""
		for _, g := range d.Unobserved {
			for _, field := range []string{"owners", "attribution", "activation"} {
				if g.Pointer == fmt.Sprintf("/items/%d/%s", i, field) {
					reason += fmt.Sprintf(" %s? %s;", field, g.Reason)
				}
			}
		}
		exes := "?"
		if owners, ok := item["owners"].([]any); ok {
			exes = ""
			for _, o := range owners {
				exes += fmt.Sprintf(" %v(%v)", o.(map[string]any)["exe"], o.(map[string]any)["unit"])
			}
		}
		lines = append(lines, fmt.Sprintf("%s %v%s complete=%v %v%s", item.ID(), item["attribution"], exes, item["owners_complete"], item["activation"], reason))
	}
	return d, lines
}

// What holds a socket, in all the ways that can be.
func TestAttribution(t *testing.T) {
	here := &socket.Namespace{Inode: 7, Host: true}
	manager := &process.Process{PID: 1, Exe: "/usr/lib/systemd/systemd", Network: 7}
	cups := &process.Process{PID: 20, Exe: "/usr/sbin/cupsd", Unit: "cups.service", Network: 7}
	boxed := &process.Process{PID: 21, Exe: "/web", OwnRoot: true, Network: 8, Container: process.Container{Runtime: "lxc", ID: "a"}}
	claimed := &process.Process{PID: 22, Exe: "/web", Unit: "x.service", Network: 7, Container: process.Container{Runtime: "docker", ID: "a", Claimed: true}}
	listening := func(at string, uid uint32, kernel bool, holders ...*process.Process) *socket.Socket {
		s := &socket.Socket{Namespace: here, Protocol: "tcp", Local: netip.MustParseAddrPort(at), UID: uid, Kernel: kernel, Holders: holders, Both: socket.No, Detailed: true}
		if s.Local.Addr() == netip.IPv6Unspecified() {
			s.Both = socket.Yes
		}
		return s
	}
	none := "map[service: unit:]"
	passed := "map[service:cups.service unit:cups.socket]"
	for name, c := range map[string]struct {
		table  socket.Table
		unread []string
		want   []string
	}{
		"whole": {table: socket.Table{Sockets: []*socket.Socket{
			listening("127.0.0.1:1", 0, true), listening("127.0.0.1:2", 33, true), listening("127.0.0.1:3", 0, false, cups),
			listening("127.0.0.1:4", 0, false, boxed), listening("127.0.0.1:5", 0, false, boxed, cups), listening("127.0.0.1:6", 0, false, claimed),
			listening("127.0.0.1:7", 0, false), listening("127.0.0.1:8", 0, false, manager),
		}}, want: []string{
			"tcp/127.0.0.1:1 kernel complete=true " + none, "tcp/127.0.0.1:2 none complete=true " + none,
			"tcp/127.0.0.1:3 process /usr/sbin/cupsd(cups.service) complete=true " + none,
			"tcp/127.0.0.1:4 container /web() complete=true " + none,
			"tcp/127.0.0.1:5 process /usr/sbin/cupsd(cups.service) /web() complete=true " + none,
			"tcp/127.0.0.1:6 process /web(x.service) complete=true " + none,
			"tcp/127.0.0.1:7 <nil>? complete=false " + none + " owners? its process ended while it was looked for; attribution? its process ended while it was looked for;",
			"tcp/127.0.0.1:8 process /usr/lib/systemd/systemd() complete=true " + none,
		}},
		"passed on": {table: socket.Table{Sockets: []*socket.Socket{listening("[::]:631", 0, false, manager, cups)}}, want: []string{
			"tcp/0.0.0.0:631 process /usr/sbin/cupsd(cups.service) complete=true " + passed,
			"tcp/[::]:631 process /usr/sbin/cupsd(cups.service) complete=true " + passed,
		}},
		"not started": {table: socket.Table{Sockets: []*socket.Socket{listening("[::]:631", 0, false, manager)}}, want: []string{
			"tcp/0.0.0.0:631 unit <nil>(cups.service) complete=true " + passed,
			"tcp/[::]:631 unit <nil>(cups.service) complete=true " + passed,
		}},
		"not the manager's": {table: socket.Table{Sockets: []*socket.Socket{listening("[::]:631", 0, false, cups)}}, want: []string{
			"tcp/0.0.0.0:631 process /usr/sbin/cupsd(cups.service) complete=true " + none,
			"tcp/[::]:631 process /usr/sbin/cupsd(cups.service) complete=true " + none,
		}},
		"some may not be read": {table: socket.Table{Denied: 1, DeniedReason: "permission denied", Sockets: []*socket.Socket{
			listening("127.0.0.1:1", 0, false), listening("127.0.0.1:2", 0, false, cups), listening("[::]:631", 0, false, cups)}}, want: []string{
			"tcp/127.0.0.1:1 <nil>? complete=false " + none + " owners? permission denied; attribution? permission denied;",
			"tcp/127.0.0.1:2 process /usr/sbin/cupsd(cups.service) complete=false " + none,
			"tcp/0.0.0.0:631 process /usr/sbin/cupsd(cups.service) complete=false <nil> activation? whether cups.socket opened it is not known: permission denied;",
			"tcp/[::]:631 process /usr/sbin/cupsd(cups.service) complete=false <nil> activation? whether cups.socket opened it is not known: permission denied;",
		}},
		"units may be missing": {unread: []string{"units of /etc cannot be read"}, table: socket.Table{Sockets: []*socket.Socket{listening("127.0.0.1:9", 0, false, manager)}}, want: []string{
			"tcp/127.0.0.1:9 process /usr/lib/systemd/systemd() complete=true <nil> activation? the unit that opened it is not known: units of /etc cannot be read;",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c.table.Namespaces = []*socket.Namespace{here}
			if _, got := made(t, &c.table, c.unread...); !cmp.Equal(c.want, got) {
				t.Errorf("(-want +got)\n%s", cmp.Diff(c.want, got))
			}
		})
	}
}
