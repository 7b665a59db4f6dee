package wire

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The programs themselves, where they are installed, are known by what they say.
func TestRealServers(t *testing.T) {
	for _, test := range []struct {
		program string
		args    func(dir string, port int) []string
		want    string
	}{
		{"nginx", func(dir string, port int) []string {
			name := filepath.Join(dir, "nginx.conf")
			os.WriteFile(name, fmt.Appendf(nil, "daemon off; error_log stderr; pid %s/pid; events {} http { access_log off; server { listen 127.0.0.1:%d; return 200; } }", dir, port), 0o600)
			return []string{"-c", name, "-p", dir}
		}, "http nginx none"},
		{"redis-server", func(dir string, port int) []string {
			return []string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--dir", dir}
		}, "redis  none"},
		{"memcached", func(_ string, port int) []string {
			return []string{"-u", "nobody", "-l", "127.0.0.1", "-p", fmt.Sprint(port)}
		}, "memcached memcached none"},
		{"mosquitto", func(_ string, port int) []string { return []string{"-p", fmt.Sprint(port)} }, "mqtt  none"},
	} {
		t.Run(test.program, func(t *testing.T) {
			path, err := exec.LookPath(test.program)
			if err != nil {
				t.Skipf("%s is not installed, and was not asked", test.program)
			}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			at := netip.MustParseAddrPort(l.Addr().String())
			l.Close()
			cmd := exec.Command(path, test.args(t.TempDir(), int(at.Port()))...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() }()
			for range 100 {
				c, err := net.Dial("tcp", at.String())
				if err == nil {
					c.Close()
					break
				}
				time.Sleep(50 * time.Millisecond)
			}
			r := Identify(t.Context(), dial, Target{Address: at})
			if got := r.Name + " " + r.Product + " " + r.TLS; got != test.want || r.Confidence != Handshake {
				t.Errorf("got %q by %s, want %q", got, r.Confidence, test.want)
			}
		})
	}
}
