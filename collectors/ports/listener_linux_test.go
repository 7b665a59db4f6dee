package ports

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/socket"
	"github.com/writ-policy/writ/collectors/source/socket/sockettest"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

func TestMain(m *testing.M) {
	sockettest.Main(map[string]func(){"collect": func() {
		docs, err := collectHost("")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		json.NewEncoder(os.Stdout).Encode(docs)
	}})
	os.Exit(m.Run())
}

// collectHost collects the listeners of this machine, or of a saved tree.
func collectHost(dir string) ([]*fact.Document, error) {
	host, err := collectors.OpenHost(dir)
	if err != nil {
		return nil, err
	}
	defer host.Close()
	env := &collectors.Env{Host: host, Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Redactor: fact.NewRedactor()}
	docs, statuses := collectors.Run(context.Background(), []collectors.Collector{Collector{}}, collectors.Machine, env)
	for _, s := range statuses {
		if s.Err != nil {
			return nil, s.Err
		}
	}
	return docs, nil
}

// listeners are the items of a namespace by id, without it, and the gaps of each.
func listeners(t *testing.T, d *fact.Document, namespace string) (map[string]fact.Item, map[string]map[string]string) {
	t.Helper()
	for _, p := range fact.Validate(d) {
		t.Errorf("%v", p)
	}
	items, gaps := map[string]fact.Item{}, map[string]map[string]string{}
	for i, item := range d.Items {
		if item["netns"] != namespace {
			continue
		}
		id := strings.TrimSuffix(item.ID(), "@"+namespace)
		items[id], gaps[id] = item, map[string]string{}
		for _, g := range d.Unobserved {
			if path, ok := strings.CutPrefix(g.Pointer, fmt.Sprintf("/items/%d/", i)); ok {
				gaps[id][path] = g.Reason
			}
		}
	}
	return items, gaps
}

// ofOwner is a field of the only owner.
func ofOwner(t *testing.T, item fact.Item, field string) any {
	t.Helper()
	owners, _ := item["owners"].([]any)
	if len(owners) != 1 {
		t.Fatalf("%s has owners %v", item.ID(), item["owners"])
	}
	return owners[0].(map[string]any)[field]
}

func collectOne(t *testing.T, dir string) *fact.Document {
	t.Helper()
	docs, err := collectHost(dir)
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	return docs[0]
}

// What each way to open a socket is as a fact.
func TestListeners(t *testing.T) {
	name := sockettest.Namespace(t, "facts")
	const hostile = "a (deleted) \x1b[31m\xff\n::error::"
	program := sockettest.Copy(t, hostile)
	h := sockettest.Hold(t, name, program,
		"tcp6 [::]:80 dual reuseport", "tcp6 [::]:81 v6only", "tcp4 0.0.0.0:82 device=lo", "tcp6 [::ffff:127.0.0.1]:83 dual",
		"tcp4 127.0.0.1:84 reuseport", "tcp4 127.0.0.1:84 reuseport", "udp4 0.0.0.0:53", "udp4 0.0.0.0:40000", "udp4 224.0.0.251:5353",
		"udp4 127.0.0.1:54 connected", "tcp4 127.0.0.1:85 bound", "tcp4 0.0.0.0:80 reuseport")
	gone := sockettest.Hold(t, name, sockettest.Copy(t, "removed"), "tcp4 127.0.0.1:90", "remove")
	sockettest.Hold(t, name, "", "tcp4 127.0.0.1:91", "fork=2")
	items, _ := listeners(t, collectOne(t, ""), name)
	var got []string
	for _, id := range fact.SortedKeys(items) {
		i := items[id]
		owners, _ := i["owners"].([]any)
		got = append(got, fmt.Sprintf("%s %v %v dual=%v scope=%v if=%v sockets=%v ephemeral=%v owners=%d %v by=%v", id, i["address"], i["families"], i["dual_stack"],
			i["scope"], i["interface"], i["sockets"], i["ephemeral"], len(owners), i["attribution"], i["opened_by"].(map[string]any)["user"]))
	}
	want := []string{
		"tcp/0.0.0.0%lo:82 0.0.0.0 [ipv4] dual=false scope=loopback if=lo sockets=1 ephemeral=false owners=1 process by=root",
		"tcp/0.0.0.0:80 0.0.0.0 [ipv4] dual=true scope=host if= sockets=2 ephemeral=false owners=1 process by=root",
		"tcp/127.0.0.1:83 127.0.0.1 [ipv4] dual=false scope=loopback if= sockets=1 ephemeral=false owners=1 process by=root",
		"tcp/127.0.0.1:84 127.0.0.1 [ipv4] dual=false scope=loopback if= sockets=2 ephemeral=false owners=1 process by=root",
		"tcp/127.0.0.1:90 127.0.0.1 [ipv4] dual=false scope=loopback if= sockets=1 ephemeral=false owners=1 process by=root",
		"tcp/127.0.0.1:91 127.0.0.1 [ipv4] dual=false scope=loopback if= sockets=1 ephemeral=false owners=3 process by=root",
		"tcp/[::]:80 :: [ipv6] dual=true scope=host if= sockets=1 ephemeral=false owners=1 process by=root",
		"tcp/[::]:81 :: [ipv6] dual=false scope=host if= sockets=1 ephemeral=false owners=1 process by=root",
		"udp/0.0.0.0:40000 0.0.0.0 [ipv4] dual=false scope=host if= sockets=1 ephemeral=true owners=1 process by=root",
		"udp/0.0.0.0:53 0.0.0.0 [ipv4] dual=false scope=host if= sockets=1 ephemeral=false owners=1 process by=root",
		"udp/224.0.0.251:5353 224.0.0.251 [ipv4] dual=false scope=internal if= sockets=1 ephemeral=false owners=1 process by=root",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantExe := strings.NewReplacer("\x1b", `\x1b`, "\xff", `\xff`, "\n", `\x0a`).Replace(program)
	one := items["tcp/[::]:81"]
	if exe := ofOwner(t, one, "exe"); exe != wantExe || ofOwner(t, one, "exe_deleted") != false || ofOwner(t, one, "pid") != h.PIDs[0] || ofOwner(t, one, "foreign") != false {
		t.Errorf("owner of %s: %v, want %s", one.ID(), one["owners"], wantExe)
	}
	one = items["tcp/127.0.0.1:90"]
	if ofOwner(t, one, "exe_deleted") != true || !strings.HasSuffix(ofOwner(t, one, "exe").(string), "/removed") || ofOwner(t, one, "pid") != gone.PIDs[0] {
		t.Errorf("owner of %s: %v", one.ID(), one["owners"])
	}
	began, err := time.Parse(time.RFC3339, ofOwner(t, one, "started_at").(string))
	if err != nil || time.Since(began).Abs() > time.Hour {
		t.Errorf("began %v, %v", began, err)
	}
}

// Two documents of one state are the same.
func TestListenersTwice(t *testing.T) {
	name := sockettest.Namespace(t, "twice")
	sockettest.Hold(t, name, "", "tcp4 127.0.0.1:0", "tcp6 [::]:0 dual", "udp4 127.0.0.1:0", "fork=2")
	a, _ := listeners(t, collectOne(t, ""), name)
	b, _ := listeners(t, collectOne(t, ""), name)
	if diff := cmp.Diff(a, b); diff != "" || len(a) != 4 {
		t.Errorf("%d listeners (-first +second)\n%s", len(a), diff)
	}
}

// A user without privileges is told why owners are not known; nobody is named instead.
func TestListenersUnprivileged(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("another user cannot be taken on here")
	}
	name := sockettest.Namespace(t, "user")
	sockettest.Hold(t, name, "", "tcp6 [::]:80", "tcp4 127.0.0.1:81")
	here := sockettest.Hold(t, "", "", "tcp4 127.0.0.1:0")
	program := sockettest.Copy(t, "collecting")
	run := sockettest.As(program, "collect", 65534)
	run.Stdin = nil
	out, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	d := documentOf(t, out)
	own, gaps := listeners(t, d, "")
	id := "tcp/" + here.Local[0].String()
	if own[id] == nil || own[id]["owners"] != nil || gaps[id]["owners"] != "permission denied" || gaps[id]["attribution"] != "permission denied" || own[id]["owners_complete"] != false {
		t.Errorf("%s: %v, gaps %v", id, own[id], gaps[id])
	}
	// Those of a namespace that may not be entered come from /proc, which says less.
	for i, item := range d.Items {
		families := fmt.Sprintf("/items/%d/families", i)
		if strings.HasPrefix(item.ID(), "tcp/[::]:80@") && slices.ContainsFunc(d.Unobserved, func(g fact.Gap) bool { return g.Pointer == families }) {
			return
		}
	}
	t.Errorf("nothing of %s is listed", name)
}

// The scope is that of the widest address of the family, or of the interface.
func TestListenersScope(t *testing.T) {
	name := sockettest.Namespace(t, "scope")
	for _, args := range []string{
		"link add name inside type bridge", "addr add 10.1.0.1/24 dev inside", "link add name outside type bridge",
		"addr add 8.8.8.8/32 dev outside", "-6 addr add fd00:1::1/64 dev inside nodad", "link set inside up", "link set outside up",
	} {
		if out, err := sockettest.Inside(name, "ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Skipf("no interfaces can be made here: ip %s: %v %s", args, err, out)
		}
	}
	sockettest.Hold(t, name, "", "tcp6 [::]:80 dual", "tcp4 0.0.0.0:81 device=inside", "tcp4 0.0.0.0:82 device=outside", "tcp4 10.1.0.1:83", "tcp4 8.8.8.8:84", "tcp6 [fd00:1::1]:85", "tcp4 127.0.0.1:86")
	items, _ := listeners(t, collectOne(t, ""), name)
	got := map[string]any{}
	for id, i := range items {
		got[id] = i["scope"]
	}
	want := map[string]any{
		"tcp/0.0.0.0:80": "internet", "tcp/[::]:80": "internal", "tcp/0.0.0.0%inside:81": "internal", "tcp/0.0.0.0%outside:82": "internet",
		"tcp/10.1.0.1:83": "internal", "tcp/8.8.8.8:84": "internet", "tcp/[fd00:1::1]:85": "internal", "tcp/127.0.0.1:86": "loopback",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// Where neighbours may send to loopback addresses these are no longer the host's own.
	if out, err := sockettest.Inside(name, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/inside/route_localnet").CombinedOutput(); err != nil {
		t.Skipf("route_localnet cannot be set here: %v %s", err, out)
	}
	items, _ = listeners(t, collectOne(t, ""), name)
	if s := items["tcp/127.0.0.1:86"]["scope"]; s != "internal" {
		t.Errorf("scope %v with route_localnet", s)
	}
}

// A saved tree tells what units open, and that this is not all.
func TestListenersSaved(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"etc/hostname":                           "db1\n",
		"usr/lib/systemd/system/cups.socket":     "[Socket]\nListenStream=631\nListenStream=127.0.0.1:632\nListenStream=/run/cups.sock\n",
		"usr/lib/systemd/system/spare.socket":    "[Socket]\nListenStream=7\n",
		"usr/lib/systemd/system/t.socket":        "[Socket]\nListenDatagram=%I\nBindIPv6Only=both\n",
		"usr/lib/systemd/system/six.socket":      "[Socket]\nListenStream=10.0.0.1:9\nAccept=yes\nBindToDevice=eth0\n",
		"etc/systemd/system/x.wants/cups.socket": "", "etc/systemd/system/x.wants/six.socket": "", "etc/systemd/system/x.wants/t.socket": "",
	} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d := collectOne(t, dir)
	for _, p := range fact.Validate(d) {
		t.Error(p)
	}
	d.Collector.Privileges = ""
	var got strings.Builder
	sourcetest.Brief(&got, d)
	golden(t, "testdata/listener/saved.txt", got.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// A name is one line of UTF-8, and names that differ stay apart.
func TestPlain(t *testing.T) {
	for in, want := range map[string]string{"web": "web", "b\xc3\xbcro": "b\xc3\xbcro", "a\nb": `a\x0ab`, "a\xffb": `a\xffb`, "\ufffd": "\ufffd"} {
		if got := socket.PlainName(in); got != want {
			t.Errorf("socket.PlainName(%q) is %q, want %q", in, got, want)
		}
	}
}

// A program that is put in the place of another in a mount namespace of its own is not
// taken for it.
func TestListenersOwnRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("no mount namespace can be made by this user")
	}
	name := sockettest.Namespace(t, "root")
	place := sockettest.Copy(t, "place")
	impostor := sockettest.Copy(t, "impostor")
	script := filepath.Join(filepath.Dir(impostor), "start")
	text := fmt.Sprintf("#!/bin/sh\nexec unshare -m sh -c 'mount --bind %s %s && exec %s \"$@\"' sh \"$@\"\n", impostor, place, place)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	sockettest.Hold(t, name, script, "tcp4 127.0.0.1:1")
	// A mount namespace of its own alone changes nothing: services often have one.
	same := filepath.Join(filepath.Dir(impostor), "same")
	if err := os.WriteFile(same, []byte(fmt.Sprintf("#!/bin/sh\nexec unshare -m %s \"$@\"\n", place)), 0o755); err != nil {
		t.Fatal(err)
	}
	sockettest.Hold(t, name, same, "tcp4 127.0.0.1:2")
	items, _ := listeners(t, collectOne(t, ""), name)
	for id, want := range map[string]bool{"tcp/127.0.0.1:1": true, "tcp/127.0.0.1:2": false} {
		if items[id] == nil {
			t.Fatalf("%s is not listed", id)
		}
		if ofOwner(t, items[id], "exe") != place || ofOwner(t, items[id], "own_root") != want {
			t.Errorf("%s, want own_root %v: %v", id, want, items[id]["owners"])
		}
	}
}

// A user is named as in the root that the process runs in, where it is another.
func TestListenersOwnUsers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("no root can be made by this user")
	}
	name := sockettest.Namespace(t, "users")
	script := sockettest.Copy(t, "script")
	root := filepath.Join(filepath.Dir(script), "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`#!/bin/sh
exec unshare -m sh -c '
d=%s
mount -t tmpfs t $d && mkdir $d/etc && cp %s $d/web || exit 1
for l in $(ldd $d/web | grep -o "/[^ )]*"); do mkdir -p $d$(dirname $l); cp $l $d$l; done
echo "postgres:x:4242:4242::/:/bin/sh" > $d/etc/passwd
exec chroot --userspec=4242:4242 $d /web "$@"' sh "$@"
`, root, sockettest.Self(t))
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	sockettest.Hold(t, name, script, "tcp4 127.0.0.1:1024")
	items, _ := listeners(t, collectOne(t, ""), name)
	one := items["tcp/127.0.0.1:1024"]
	if one == nil || ofOwner(t, one, "user") != "postgres" || ofOwner(t, one, "own_root") != true || ofOwner(t, one, "exe") != root+"/web" {
		t.Errorf("%v", one)
	}
	if by := one["opened_by"].(map[string]any)["user"]; by != "4242" {
		t.Errorf("opened by %v: the host has no such user", by)
	}
}

// In a PID namespace the processes outside of it cannot be asked: nothing is taken for
// the kernel's then.
func TestListenersInside(t *testing.T) {
	h := sockettest.Hold(t, "", "", "tcp4 127.0.0.1:0")
	run := exec.Command("unshare", "-pf", "--mount-proc", sockettest.Self(t))
	run.Env = append(os.Environ(), "WRIT_SOCKETTEST=collect")
	out, err := run.Output()
	if err != nil {
		t.Skipf("no PID namespace can be made here: %v", err)
	}
	d := documentOf(t, out)
	items, gaps := listeners(t, d, "")
	id := "tcp/" + h.Local[0].String()
	const why = "processes outside of this PID namespace are not seen"
	if items[id] == nil || gaps[id]["owners"] != why || items[id]["owners_complete"] != false {
		t.Errorf("%s: %v, gaps %v", id, items[id], gaps[id])
	}
}

// documentOf reads the only document of a list.
func documentOf(t *testing.T, out []byte) *fact.Document {
	t.Helper()
	documents, err := fact.Read(strings.NewReader(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(string(out)), "["), "]")))
	if err != nil || len(documents) != 1 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	return documents[0]
}
