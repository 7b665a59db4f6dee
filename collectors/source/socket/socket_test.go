package socket

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// message is a datagram of netlink with one message.
func message(kind, flags uint16, sequence uint32, body []byte) []byte {
	b := make([]byte, nlHeader, nlHeader+len(body)+3)
	binary.NativeEndian.PutUint32(b, uint32(nlHeader+len(body)))
	binary.NativeEndian.PutUint16(b[4:], kind)
	binary.NativeEndian.PutUint16(b[6:], flags)
	binary.NativeEndian.PutUint32(b[8:], sequence)
	b = append(b, body...)
	return append(b, make([]byte, -len(body)&3)...)
}

func attribute(kind uint16, value []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(value)))
	b = binary.NativeEndian.AppendUint16(b, kind)
	b = append(b, value...)
	return append(b, make([]byte, -len(value)&3)...)
}

// socketBody is an inet_diag_msg.
func socketBody(family, state uint8, port uint16, address netip.Addr, attributes ...[]byte) []byte {
	b := make([]byte, diagMessage)
	b[0], b[1] = family, state
	binary.BigEndian.PutUint16(b[4:], port)
	copy(b[8:24], address.AsSlice())
	binary.NativeEndian.PutUint32(b[40:], 3)
	binary.NativeEndian.PutUint32(b[44:], 7)
	binary.NativeEndian.PutUint32(b[60:], 128)
	binary.NativeEndian.PutUint32(b[64:], 33)
	binary.NativeEndian.PutUint32(b[68:], 4711)
	return append(b, bytes.Join(attributes, nil)...)
}

func text(s Socket) string {
	return fmt.Sprintf("%s both=%d interface=%d backlog=%d cgroup=%d cookie=%d inode=%d uid=%d", s.Local, s.Both, s.Interface, s.Backlog, s.Cgroup, s.Cookie, s.Inode, s.UID)
}

func TestAnswer(t *testing.T) {
	group := binary.NativeEndian.AppendUint64(nil, 99)
	storage := func(family uint16, at int, a string) []byte {
		b := make([]byte, 128)
		binary.NativeEndian.PutUint16(b, family)
		copy(b[at:], netip.MustParseAddr(a).AsSlice())
		return b
	}
	var lines []string
	answer := joined(
		message(byFamily, 2, 1, socketBody(inet4, stateListen, 80, netip.MustParseAddr("127.0.0.1"), attribute(attrCgroup, group))),
		message(byFamily, 2, 1, socketBody(inet6, stateListen, 81, netip.IPv6Unspecified(), attribute(attrV6Only, []byte{0}), attribute(77, []byte("x")))),
		message(byFamily, 2, 1, socketBody(inet6, stateListen, 82, netip.IPv6Unspecified(), attribute(attrV6Only, []byte{1}))),
		message(byFamily, 2, 1, socketBody(inet6, stateListen, 83, netip.IPv6Unspecified())),
		message(byFamily, 2, 1, socketBody(inet6, stateClose, 84, netip.MustParseAddr("::ffff:10.0.0.1"), attribute(attrV6Only, []byte{0}))),
		message(byFamily, 2, 1, socketBody(inet6, stateListen, 85, netip.MustParseAddr("::1"), attribute(attrLocals, append(storage(inet4, 4, "10.0.0.2"), storage(inet6, 8, "fd00::1")...)))),
		message(byFamily, 2, 9, socketBody(inet4, stateListen, 86, netip.MustParseAddr("127.0.0.1"))), // of another question
		message(nlDone, 2, 1, make([]byte, 4)),
	)
	done, err := parseAnswer(answer, 1, func(s Socket) { lines = append(lines, text(s)) })
	want := []string{
		"127.0.0.1:80 both=1 interface=3 backlog=128 cgroup=99 cookie=7 inode=4711 uid=33",
		"[::]:81 both=2 interface=3 backlog=128 cgroup=0 cookie=7 inode=4711 uid=33",
		"[::]:82 both=1 interface=3 backlog=128 cgroup=0 cookie=7 inode=4711 uid=33",
		"[::]:83 both=0 interface=3 backlog=128 cgroup=0 cookie=7 inode=4711 uid=33",
		"10.0.0.1:84 both=1 interface=3 backlog=0 cgroup=0 cookie=7 inode=4711 uid=33",
		"10.0.0.2:85 both=1 interface=3 backlog=128 cgroup=0 cookie=7 inode=4711 uid=33",
		"[fd00::1]:85 both=1 interface=3 backlog=128 cgroup=0 cookie=7 inode=4711 uid=33",
	}
	if diff := cmp.Diff(want, lines); diff != "" || err != nil || !done {
		t.Errorf("done %v, %v (-want +got)\n%s", done, err, diff)
	}
}

func joined(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// An answer that is not whole is an error, never a shorter list.
func TestAnswerFaults(t *testing.T) {
	whole := message(byFamily, 2, 1, socketBody(inet6, stateListen, 85, netip.MustParseAddr("::1"), attribute(attrCgroup, make([]byte, 8))))
	minusTwo := binary.NativeEndian.AppendUint32(nil, ^uint32(1))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"cut":                {whole[:len(whole)-4], "a message of netlink is 100 bytes of 96"},
		"header":             {whole[:7], "an answer of netlink ends in a header"},
		"short":              {message(byFamily, 0, 1, make([]byte, 8)), "a socket of sock_diag is 8 bytes"},
		"family":             {message(byFamily, 0, 1, socketBody(1, stateListen, 1, netip.IPv6Unspecified())), "a socket of sock_diag has family 1"},
		"attribute":          {message(byFamily, 0, 1, append(socketBody(inet4, 10, 1, netip.MustParseAddr("::")), 9, 0, 1, 0)), "an attribute of sock_diag is 9 bytes of 4"},
		"address":            {message(byFamily, 0, 1, socketBody(inet4, 10, 1, netip.MustParseAddr("::"), attribute(attrLocals, make([]byte, 4)))), "an address of sock_diag is cut off"},
		"error":              {message(nlError, 0, 1, minusTwo), "the kernel answers with error 2"},
		"error at the end":   {message(nlDone, 0, 1, minusTwo), "the kernel answers with error 2"},
		"error without code": {message(nlError, 0, 1, nil), "an error of netlink is cut off"},
		"interrupted":        {message(nlDone, nlInterrupted, 1, make([]byte, 4)), "the list changed while it was read"},
	} {
		if _, err := parseAnswer(c.data, 1, func(Socket) {}); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

const table4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 1661 1 00000000ebc35a92 100 0 0 10 0
   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000 00:00000000 00000000    33        0 1662 1 00000000ebc35a92 100 0 0 10 0
`

func TestTable(t *testing.T) {
	table6 := "sl\n 0: 00000000000000000000000000000000:0050 x 0A 0:0 0:0 0 0 0 9\n 1: 0000000000000000FFFF00000100007F:0051 x 0A 0:0 0:0 0 0 0 10\n"
	if nativeIsBig() {
		t.Skip("the tables are written for a little-endian machine")
	}
	var lines []string
	for _, data := range []string{table4, table6} {
		if err := parseTable([]byte(data), protocols[0], func(s Socket) { lines = append(lines, text(s)) }); err != nil {
			t.Error(err)
		}
	}
	want := []string{
		"127.0.0.1:8080 both=1 interface=0 backlog=0 cgroup=0 cookie=0 inode=1661 uid=33",
		"[::]:80 both=0 interface=0 backlog=0 cgroup=0 cookie=0 inode=9 uid=0",
		"127.0.0.1:81 both=1 interface=0 backlog=0 cgroup=0 cookie=0 inode=10 uid=0",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, bad := range []string{table4[:len(table4)-60], strings.Replace(table4, "0A", "zz", 1), strings.Replace(table4, "0100007F:", "01:", 1), strings.Replace(table4, "1661", "-1", 1), "x\n1: 2 3 0A\n"} {
		if err := parseTable([]byte(bad), protocols[0], func(Socket) {}); err == nil {
			t.Errorf("no error of %q", bad)
		}
	}
}

func nativeIsBig() bool { return binary.NativeEndian.Uint16([]byte{0, 1}) == 1 }

func FuzzAnswer(f *testing.F) {
	f.Add(message(byFamily, 2, 1, socketBody(inet6, stateListen, 85, netip.MustParseAddr("::1"), attribute(attrCgroup, make([]byte, 8)), attribute(attrLocals, make([]byte, 128)))))
	f.Add(message(nlDone, 2, 1, make([]byte, 4)))
	f.Fuzz(func(t *testing.T, data []byte) {
		parseAnswer(data, 1, func(s Socket) {
			if !s.Local.IsValid() || s.Local.Addr().Is4In6() {
				t.Errorf("%v", s.Local)
			}
		})
	})
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(table4))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		err := parseTable(data, protocols[0], func(s Socket) {
			n++
			if !s.Local.IsValid() || s.Local.Addr().Is4In6() {
				t.Errorf("%v", s.Local)
			}
		})
		if lines := bytes.Count(data, []byte("\n")); err == nil && n > lines {
			t.Errorf("%d sockets in %d lines", n, lines)
		}
	})
}
