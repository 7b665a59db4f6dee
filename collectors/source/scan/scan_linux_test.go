package scan

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The range that clients get their ports from is where a socket can meet itself.
func TestSelfConnect(t *testing.T) {
	lo, hi := clientPorts()
	if hi-lo > 30000 {
		lo = hi - 30000
	}
	for range 3 {
		text := fmt.Sprintf("127.77.0.3:%d-%d", lo, hi)
		want := listenersNow(t)
		found := sweep(t, text, false)
		after := listenersNow(t)
		for p := range opened(found[0]) {
			if !want[p] && !after[p] {
				t.Errorf("port %d is open, and nobody listens there", p)
			}
		}
		if !found[0].Complete() {
			t.Errorf("not complete: %+v", found[0].Probes)
		}
	}
}

// Every port, and both families.
func TestFullRange(t *testing.T) {
	for _, address := range []string{"127.77.0.4", "::1"} {
		want := steady(t, address, 30)
		if len(want) == 0 {
			t.Logf("nothing can listen on %s: not tested", address)
			continue
		}
		known := listenersNow(t)
		found := sweep(t, "["+address+"]:all", false)
		got := opened(found[0])
		after := listenersNow(t)
		for p := range want {
			if !got[p] {
				t.Errorf("%s: %d is not seen", address, p)
			}
		}
		for p := range got {
			if !known[p] && !after[p] {
				t.Errorf("%s: %d is open, and nobody listens there", address, p)
			}
		}
		if runs := found[0].Runs(); len(found[0].Ports) != 65535 || runs[len(runs)-1].To != 65535 || runs[0].From != 1 {
			t.Errorf("%s: %d ports in %d runs", address, len(found[0].Ports), len(runs))
		}
	}
}

// listenersNow is what the kernel says is listening, on any address.
func listenersNow(t *testing.T) map[uint16]bool {
	t.Helper()
	out := map[uint16]bool{}
	for _, name := range []string{"/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"} {
		file, err := os.Open(name)
		if err != nil {
			continue
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			fields := strings.Fields(lines.Text())
			if len(fields) < 4 || fields[3] != "0A" {
				continue
			}
			_, port, _ := strings.Cut(fields[1], ":")
			if n, err := strconv.ParseUint(port, 16, 16); err == nil {
				out[uint16(n)] = true
			}
		}
	}
	return out
}
