package socket

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/socket/sockettest"
)

func TestMain(m *testing.M) {
	sockettest.Main(map[string]func(){"list": printList, "churn": churn})
	os.Exit(m.Run())
}

// printList is a program that lists the sockets and prints the table.
func printList() {
	table, err := List(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(table)
}

// list lists the sockets of one namespace, by its name.
func list(t *testing.T, name string) (table *Table, lines []string) {
	t.Helper()
	table, err := List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return table, in(table, name)
}

func in(table *Table, name string) (lines []string) {
	for _, s := range table.Sockets {
		if slices.Contains(s.Namespace.Mounts, "/run/netns/"+name) {
			lines = append(lines, line(s))
		}
	}
	slices.Sort(lines)
	return lines
}

func line(s *Socket) string {
	device := ""
	if s.Interface != 0 {
		device = "%" + s.Namespace.Link(s.Interface).Name
	}
	var pids []int
	for _, p := range s.Holders {
		pids = append(pids, p.PID)
	}
	slices.Sort(pids)
	return fmt.Sprintf("%s %s%s both=%v uid=%d inode=%d pids=%v", s.Protocol, s.Local, device, s.Both == Yes, s.UID, s.Inode, pids)
}

// ss says the same of sets of sockets that are made up.
func TestOracle(t *testing.T) {
	if _, err := exec.LookPath("ss"); err != nil {
		t.Fatal("ss is not installed: make oracles")
	}
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	rounds := 3
	for round := range rounds {
		name := sockettest.Namespace(t, fmt.Sprintf("oracle%d", round))
		for range 4 {
			sockets := []string{}
			for range 25 {
				switch r.IntN(6) {
				case 0, 1:
					sockets = append(sockets, pick("tcp4", "udp4", "mptcp4")+" "+pick("127.0.0.1:0", "0.0.0.0:0", "127.0.0.9:0")+" "+pick("", "device=lo", "reuseport", "backlog=4000"))
				case 2:
					sockets = append(sockets, pick("tcp6", "udp6", "mptcp6")+" [::]:0 "+pick("dual", "v6only"))
				case 3:
					sockets = append(sockets, pick("tcp6", "udp6")+" "+pick("[::1]:0", "[::ffff:127.0.0.1]:0")+" dual")
				case 4:
					sockets = append(sockets, pick("tcp4 127.0.0.1:0 bound", "udp4 127.0.0.1:0 connected"))
				case 5:
					port := 20000 + r.IntN(20)
					sockets = append(sockets, fmt.Sprintf("%s 0.0.0.0:%d reuseport", pick("tcp4", "udp4"), port))
				}
			}
			sockets = append(sockets, pick("fork=0", "fork=2"))
			sockettest.Hold(t, name, "", sockets...)
		}
		_, got := list(t, name)
		want := oracle(t, name)
		if diff := cmp.Diff(want, got); diff != "" || len(want) < 40 {
			t.Errorf("%d sockets by ss (-ss +listed)\n%s", len(want), diff)
		}
	}
}

var ssPID = regexp.MustCompile(`pid=(\d+)`)

// oracle is what ss says of the sockets of a namespace.
func oracle(t *testing.T, name string) (lines []string) {
	t.Helper()
	for _, args := range [][]string{{"-H", "-O", "-tlnpe"}, {"-H", "-O", "-ulnpe"}} {
		out, err := sockettest.Inside(name, "ss", args...).Output()
		if err != nil {
			t.Fatal(err)
		}
		protocol := map[byte]string{'t': "tcp", 'u': "udp"}[args[2][1]]
		for text := range strings.Lines(string(out)) {
			f := strings.Fields(text)
			both := strings.Contains(text, "v6only:0") && (strings.HasPrefix(f[3], "*") || strings.HasPrefix(f[3], "[::]"))
			local, device := address(t, f[3], strings.Contains(text, "v6only:"))
			var pids []int
			for _, m := range ssPID.FindAllStringSubmatch(text, -1) {
				pid, _ := strconv.Atoi(m[1])
				pids = append(pids, pid)
			}
			slices.Sort(pids)
			lines = append(lines, fmt.Sprintf("%s %s%s both=%v uid=%s inode=%s pids=%v", protocol, local, device, both, value(text, "uid:", "0"), value(text, "ino:", "0"), slices.Compact(pids)))
		}
	}
	slices.Sort(lines)
	return lines
}

func value(text, key, otherwise string) string {
	for _, f := range strings.Fields(text) {
		if v, ok := strings.CutPrefix(f, key); ok {
			return v
		}
	}
	return otherwise
}

// address reads "*:80", "127.0.0.1%lo:80" and "[::1]:80".
func address(t *testing.T, text string, six bool) (netip.AddrPort, string) {
	t.Helper()
	i := strings.LastIndexByte(text, ':')
	host, port := strings.Trim(text[:i], "[]"), text[i+1:]
	host, device, bound := strings.Cut(host, "%")
	if bound {
		device = "%" + device
	}
	if host == "*" {
		host = "::"
		if !six {
			host = "0.0.0.0"
		}
	}
	a, err := netip.ParseAddr(host)
	n, err2 := strconv.Atoi(port)
	if err != nil || err2 != nil {
		t.Fatalf("%q of ss is not an address", text)
	}
	return netip.AddrPortFrom(a.Unmap(), uint16(n)), device
}

// A socket is listed with everyone who holds it: those who share it, and one that it was
// handed to in another namespace.
func TestHolders(t *testing.T) {
	a, b := sockettest.Namespace(t, "a"), sockettest.Namespace(t, "b")
	h := sockettest.Hold(t, a, "", "tcp4 127.0.0.1:0", "fork=3", "other="+b)
	table, lines := list(t, a)
	if len(lines) != 1 || len(h.PIDs) != 5 {
		t.Fatalf("%v of %v", lines, h.PIDs)
	}
	for _, s := range table.Sockets {
		if !slices.Contains(s.Namespace.Mounts, "/run/netns/"+a) {
			continue
		}
		if len(s.Holders) != len(h.PIDs) {
			t.Errorf("%d holders of %v", len(s.Holders), h.PIDs)
		}
		for _, p := range s.Holders {
			foreign := p.PID == h.PIDs[4]
			if !slices.Contains(h.PIDs, p.PID) || p.Exe != sockettest.Self(t) || (p.Network != s.Namespace.Inode) != foreign {
				t.Errorf("holder %+v of %v", p, h.PIDs)
			}
		}
	}
	if _, lines := list(t, b); len(lines) != 0 {
		t.Errorf("in the other namespace: %v", lines)
	}
}

// A namespace that no process is in and nothing is mounted of is found by the thread
// that has entered it.
func TestThreadsNamespace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("no network namespace can be made by this user, so none was looked for")
	}
	local, leave := ownNamespace(t)
	defer leave()
	table, _ := list(t, "")
	for _, s := range table.Sockets {
		if s.Local == local && !s.Namespace.Host && len(s.Namespace.Mounts) == 0 {
			if len(s.Holders) != 1 || s.Holders[0].PID != os.Getpid() {
				t.Errorf("holders %+v", s.Holders)
			}
			return
		}
	}
	t.Errorf("%v is not listed", local)
}

// Whoever may not read other processes is told so, and still sees every socket.
func TestUnprivileged(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("another user cannot be taken on here")
	}
	name := sockettest.Namespace(t, "user")
	program := sockettest.Copy(t, "listing")
	other := sockettest.Hold(t, name, "", "tcp4 127.0.0.1:0", "tcp6 [::1]:0", "udp4 127.0.0.1:0")
	here := sockettest.Hold(t, "", "", "tcp4 127.0.0.1:0")
	out, err := sockettest.As(program, "list", 65534).Output()
	if err != nil {
		t.Fatal(err)
	}
	var table Table
	if err := json.Unmarshal(out, &table); err != nil {
		t.Fatal(err)
	}
	if table.Complete() || table.DeniedReason != "permission denied" {
		t.Errorf("denied %d, %q", table.Denied, table.DeniedReason)
	}
	for _, want := range append(slices.Clone(other.Local), here.Local...) {
		i := slices.IndexFunc(table.Sockets, func(s *Socket) bool { return s.Local == want })
		if i < 0 {
			t.Errorf("%v is not listed", want)
			continue
		}
		if s := table.Sockets[i]; len(s.Holders) > 0 || s.Kernel || s.Inode == 0 {
			t.Errorf("%v: %+v", want, s)
		}
	}
	// Of a namespace that only a mount leads to it says that it could not look.
	empty := sockettest.Namespace(t, "mounted")
	out, err = sockettest.As(program, "list", 65534).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "/run/netns/"+empty+": the network namespace cannot be entered") {
		t.Errorf("nothing is said of %s: %s", empty, out)
	}
}

// Sockets that stay are found, with their holder, while others come and go by the
// thousand and their processes end.
func TestChurn(t *testing.T) {
	sockets := 2000
	if n, err := strconv.Atoi(os.Getenv("WRIT_CHURN")); err == nil {
		sockets = n
	}
	name := sockettest.Namespace(t, "churn")
	var stay []string
	for i := range 60 {
		stay = append(stay, []string{"tcp4 127.0.0.1:0", "tcp6 [::1]:0", "udp4 127.0.0.1:0"}[i%3])
	}
	h := sockettest.Hold(t, name, "", stay...)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				c := sockettest.Inside(name, sockettest.Self(t))
				c.Env = append(os.Environ(), "WRIT_SOCKETTEST=churn", fmt.Sprintf("WRIT_CHURN=%d", sockets/2))
				if out, err := c.CombinedOutput(); err != nil {
					t.Errorf("%v %s", err, out)
					return
				}
			}
		})
	}
	rounds := 10
	start, seen := time.Now(), 0
	for range rounds {
		table, err := List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := map[netip.AddrPort][]*Socket{}
		for _, s := range table.Sockets {
			found[s.Local] = append(found[s.Local], s)
			seen++
			if s.Kernel && slices.Contains(s.Namespace.Mounts, "/run/netns/"+name) {
				t.Errorf("%s was taken for the kernel's", line(s))
			}
		}
		for _, local := range h.Local {
			if !slices.ContainsFunc(found[local], func(s *Socket) bool { return len(s.Holders) == 1 && s.Holders[0].PID == h.PIDs[0] }) {
				t.Errorf("%v is not listed with its holder", local)
			}
		}
	}
	t.Logf("%d lists of %d sockets in %s", rounds, seen/rounds, time.Since(start))
	close(stop)
	wg.Wait()
}

// churn is a program that opens and closes sockets and ends.
func churn() {
	n, _ := strconv.Atoi(os.Getenv("WRIT_CHURN"))
	for range 3 {
		var files []interface{ Close() error }
		for range n {
			files = append(files, mustListen())
		}
		for _, i := range rand.Perm(len(files)) {
			files[i].Close()
		}
	}
}
