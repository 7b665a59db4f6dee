package scan

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

func clientPortsForTest() (lo, hi uint16) { return clientPorts() }

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
