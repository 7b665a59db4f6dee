package socket

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
)

// parseTable reads a table of /proc/PID/net: tcp, tcp6, udp or udp6. It keeps sockets
// in a state, of UDP those without a peer. What such a table does not hold is not
// known of them. A line that cannot be read is an error: it may be a socket.
func parseTable(data []byte, p protocol, add func(Socket)) error {
	for number := 1; len(data) > 0; number++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		data = rest
		f := bytes.Fields(line)
		if number == 1 || len(f) == 0 {
			continue // the names of columns
		}
		if !whole || len(f) < 10 {
			return fmt.Errorf("line %d is cut off", number)
		}
		state, err := strconv.ParseUint(string(f[3]), 16, 8)
		if err != nil {
			return fmt.Errorf("line %d: %q is not a state", number, f[3])
		}
		if uint8(state) != p.state {
			continue
		}
		local, err := hexAddress(f[1])
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		uid, err := strconv.ParseUint(string(f[7]), 10, 32)
		if err != nil {
			return fmt.Errorf("line %d: %q is not a user", number, f[7])
		}
		inode, err := strconv.ParseUint(string(f[9]), 10, 32)
		if err != nil {
			return fmt.Errorf("line %d: %q is not an inode", number, f[9])
		}
		s := Socket{Protocol: p.name, UID: uint32(uid), Inode: uint32(inode)}
		s.bind(local)
		add(s)
	}
	return nil
}

// hexAddress reads "0100007F:1F90": an address as words in the machine's order of
// bytes, and a port.
func hexAddress(text []byte) (netip.AddrPort, error) {
	words, port, both := bytes.Cut(text, []byte(":"))
	number, err := strconv.ParseUint(string(port), 16, 16)
	if !both || err != nil || len(words) != 8 && len(words) != 32 {
		return netip.AddrPort{}, fmt.Errorf("%q is not an address", text)
	}
	var b [16]byte
	n, err := hex.Decode(b[:], words)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q is not an address", text)
	}
	for i := 0; i < n; i += 4 {
		binary.NativeEndian.PutUint32(b[i:], binary.BigEndian.Uint32(b[i:]))
	}
	if n == 4 {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[:4])), uint16(number)), nil
	}
	return netip.AddrPortFrom(netip.AddrFrom16(b), uint16(number)), nil
}
