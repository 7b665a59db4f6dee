package systemd

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// Units as the manager reads them: precedence, drop-ins, masks, continued lines.
func TestSockets(t *testing.T) {
	link := func(to string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(to), Mode: os.ModeSymlink | 0o777}
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	host := fstest.MapFS{
		"dev/null":                                         file(""),
		"usr/lib/systemd/system/a.socket":                  file("[Unit]\n# ListenStream=1\n[Socket]\nListenStream=631\nListenStream=/run/a.sock\nListenDatagram = 127.0.0.1:53\nlost\n"),
		"etc/systemd/system/a.socket.d/10-more.conf":       file("[Socket]\nListenStream=\nListenStream=\\\n; within\n  [::1]:632\nBindIPv6Only=both\n"),
		"usr/lib/systemd/system/a.socket.d/10-more.conf":   file("[Socket]\nListenStream=9\n"),
		"usr/lib/systemd/system/b@.socket":                 file("[Socket]\nListenStream=%i\nAccept=yes\n"),
		"usr/lib/systemd/system/c-d.socket":                file("[Socket]\nListenStream=0.0.0.0:80\nService=web.service\nBindToDevice=eth0\n"),
		"usr/lib/systemd/system/c-.socket.d/x.conf":        file("[Socket]\nListenStream=81\n"),
		"usr/lib/systemd/system/gone.socket":               file("[Socket]\nListenStream=7\n"),
		"etc/systemd/system/gone.socket":                   link("/dev/null"),
		"etc/systemd/system/sockets.target.wants/a.socket": link("/usr/lib/systemd/system/a.socket"),
	}
	sockets, reasons := Sockets(host)
	var got strings.Builder
	for _, s := range sockets {
		fmt.Fprintf(&got, "%s service %s wanted %v %s\n", s.Name, s.Service, s.Wanted, s.Reason)
		for _, l := range s.Listens {
			fmt.Fprintf(&got, "  %s %v both %s %s %s @%v\n", l.Protocol, l.Local, l.Both, l.Interface, l.Opaque, l.Pos)
		}
	}
	want := `a.socket service a.service wanted true 
  tcp [::1]:632 both yes   @/etc/systemd/system/a.socket.d/10-more.conf:3
  udp 127.0.0.1:53 both yes   @/usr/lib/systemd/system/a.socket:6
b@.socket service b@.service wanted false 
  tcp invalid AddrPort both default  ListenStream holds a specifier or a zone @/usr/lib/systemd/system/b@.socket:2
c-d.socket service web.service wanted false 
  tcp 0.0.0.0:80 both default eth0  @/usr/lib/systemd/system/c-d.socket:2
  tcp [::]:81 both default eth0  @/usr/lib/systemd/system/c-.socket.d/x.conf:2
`
	if diff := cmp.Diff(want, got.String()); diff != "" || len(reasons) > 0 {
		t.Errorf("%v (-want +got)\n%s", reasons, diff)
	}
}

func FuzzSockets(f *testing.F) {
	f.Add([]byte("[Socket]\nListenStream=80\n"), []byte("[Socket]\nListenDatagram=[::]:1\n"))
	f.Fuzz(func(t *testing.T, unit, more []byte) {
		host := fstest.MapFS{"lib/systemd/system/a.socket": {Data: unit}, "lib/systemd/system/a.socket.d/b.conf": {Data: more}}
		sockets, _ := Sockets(host)
		for _, s := range sockets {
			for _, l := range s.Listens {
				if (l.Opaque == "") != l.Local.IsValid() || l.Pos.Line == 0 {
					t.Errorf("%+v", l)
				}
			}
		}
	})
}
