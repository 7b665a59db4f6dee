// Package listing reads what programs print of listening sockets: the text of ss, and
// the rows of osquery's table listening_ports. Neither says which sockets it was asked
// for, so that none of them is taken to list them all.
package listing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Format of a listing.
type Format string

// Formats.
const (
	None    Format = ""
	SS      Format = "ss"
	OSQuery Format = "osquery"
)

// Socket is one that listens.
type Socket struct {
	Protocol  string
	Address   netip.Addr
	Port      uint16
	Interface string
	// Both says whether an IPv6 socket serves IPv4 too; nil where that is not said.
	Both *bool
	// Held says that the listing names a process; Unit is the unit of its control group.
	Held bool
	Unit string
	// Namespace is set where it is said to be another than the host's.
	Namespace string
	Line      int
}

// Problem is a line that cannot be read.
type Problem struct {
	Line int
	What string
}

// Recognise tells a listing by its beginning.
func Recognise(head []byte) Format {
	text := strings.TrimLeft(string(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))), " \t\r\n")
	if strings.HasPrefix(text, "[") {
		first, _, _ := strings.Cut(text, "}")
		for _, name := range []string{`"port"`, `"protocol"`, `"family"`, `"address"`, `"pid"`} {
			if !strings.Contains(first, name) {
				return None
			}
		}
		return OSQuery
	}
	line, _, _ := strings.Cut(text, "\n")
	if header(line) {
		return SS
	}
	if _, state, rest := columns(line); state != "" && len(rest) >= 4 && digits(rest[0]) && digits(rest[1]) && strings.Contains(rest[2], ":") && strings.Contains(rest[3], ":") {
		return SS
	}
	return None
}

// Read reads a listing of a format.
func Read(f Format, data []byte) ([]Socket, []Problem) {
	if f == OSQuery {
		return readRows(data)
	}
	return readText(data)
}

func header(line string) bool {
	f := strings.Fields(line)
	if len(f) > 0 && f[0] == "Netid" {
		f = f[1:]
	}
	return len(f) > 2 && f[0] == "State" && f[1] == "Recv-Q" && f[2] == "Send-Q"
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// columns splits a line: the protocol, where it is the first column or the state tells
// it, the state, and the rest.
func columns(line string) (protocol, state string, rest []string) {
	f := strings.Fields(line)
	if len(f) > 0 {
		switch f[0] {
		case "tcp", "udp", "sctp", "mptcp", "dccp", "raw", "icmp6":
			protocol, f = f[0], f[1:]
		}
	}
	if len(f) == 0 {
		return "", "", nil
	}
	switch f[0] {
	case "LISTEN", "UNCONN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING", "CLOSED":
		state = f[0]
	}
	if protocol == "" && state == "LISTEN" {
		protocol = "tcp"
	} else if protocol == "" && state == "UNCONN" {
		protocol = "udp"
	}
	return protocol, state, f[1:]
}

// readText reads ss -H, with or without -O, -e, -p, -n, as ss(8) describes it. What ss
// wraps begins with white space.
func readText(data []byte) (out []Socket, bad []Problem) {
	type entry struct {
		text string
		line int
	}
	var entries []entry
	lines := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
	for i, l := range lines {
		l = strings.TrimRight(l, "\r")
		switch {
		case strings.TrimSpace(l) == "", header(l):
		case (l[0] == ' ' || l[0] == '\t') && len(entries) > 0:
			entries[len(entries)-1].text += " " + l
		default:
			entries = append(entries, entry{l, i + 1})
		}
	}
	for _, e := range entries {
		protocol, state, rest := columns(e.text)
		switch {
		case strings.HasPrefix(e.text, "u_") || strings.HasPrefix(e.text, "nl ") || strings.HasPrefix(e.text, "p_") || strings.HasPrefix(e.text, "v_"):
			continue // Unix, netlink, packet and vsock sockets have no port
		case state == "" || len(rest) < 4:
			bad = append(bad, Problem{e.line, "no line of ss"})
			continue
		case state != "LISTEN" && state != "UNCONN":
			continue
		case protocol == "raw" || protocol == "icmp6":
			continue
		case protocol == "mptcp":
			protocol = "tcp"
		case protocol == "dccp":
			bad = append(bad, Problem{e.line, "a protocol that is not modelled"})
			continue
		}
		s, err := local(rest[2])
		if err != nil {
			bad = append(bad, Problem{e.line, err.Error()})
			continue
		}
		s.Protocol, s.Line = protocol, e.line
		details(&s, rest[4:])
		out = append(out, s)
	}
	return out, bad
}

// local reads 127.0.0.53%lo:53, [::1]:80, *:22.
func local(text string) (Socket, error) {
	var s Socket
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return s, fmt.Errorf("no address and port")
	}
	host, number := text[:at], text[at+1:]
	port, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return s, fmt.Errorf("a port is no number (ss -n prints them)")
	}
	s.Port = uint16(port)
	if i := strings.IndexByte(host, '%'); i >= 0 {
		end := strings.IndexByte(host[i:], ']')
		if end < 0 {
			end = len(host) - i
		}
		s.Interface = strings.TrimSuffix(host[i+1:i+end], "]")
		host = host[:i] + strings.TrimPrefix(host[i+end:], "]")
		host = strings.TrimPrefix(host, "[")
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if host == "*" { // an IPv6 socket that serves both
		yes := true
		s.Address, s.Both = netip.IPv6Unspecified(), &yes
		return s, nil
	}
	if s.Address, err = netip.ParseAddr(host); err != nil {
		return s, fmt.Errorf("an address cannot be read")
	}
	return s, nil
}

// details reads what -e and -p add.
func details(s *Socket, fields []string) {
	for _, f := range fields {
		switch {
		case strings.HasPrefix(f, "users:(("):
			s.Held = true
		case strings.HasPrefix(f, "cgroup:"):
			last := f[strings.LastIndexByte(f, '/')+1:]
			if strings.HasSuffix(last, ".service") || strings.HasSuffix(last, ".scope") {
				s.Unit = last
			}
		case f == "v6only:1", f == "v6only:0":
			both := f == "v6only:0" && s.Address.Is6() && s.Address.IsUnspecified()
			s.Both = &both
		}
	}
}

// readRows reads the JSON of osqueryi --json and of scheduled queries: rows of texts or
// numbers. What is bound and does not listen stands there too, and cannot be told apart.
func readRows(data []byte) (out []Socket, bad []Problem) {
	dec := json.NewDecoder(bytes.NewReader(data))
	lineAt := func() int { return 1 + bytes.Count(data[:min(int(dec.InputOffset()), len(data))], []byte("\n")) }
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return nil, []Problem{{1, "no list of rows"}}
	}
	line, counted := 1, 0
	for dec.More() {
		var row map[string]any
		if err := dec.Decode(&row); err != nil {
			return out, append(bad, Problem{lineAt(), "the rows are cut off or no JSON"})
		}
		offset := int(dec.InputOffset())
		line += bytes.Count(data[counted:offset], []byte("\n"))
		counted = offset
		s := Socket{Line: line}
		switch word(row["protocol"]) {
		case "6":
			s.Protocol = "tcp"
		case "17":
			s.Protocol = "udp"
		case "132":
			s.Protocol = "sctp"
		default:
			continue // raw and Unix sockets
		}
		if f := word(row["family"]); f != "2" && f != "10" {
			continue
		}
		port, err := strconv.ParseUint(word(row["port"]), 10, 16)
		a, wrong := netip.ParseAddr(word(row["address"]))
		if err != nil || wrong != nil {
			bad = append(bad, Problem{line, "a row names no address and port"})
			continue
		}
		s.Port, s.Address, s.Held = uint16(port), a, word(row["pid"]) != "" && word(row["pid"]) != "-1"
		s.Interface = a.Zone()
		s.Address = a.WithZone("")
		if port > 0 {
			out = append(out, s)
		}
	}
	if _, err := dec.Token(); err != nil {
		bad = append(bad, Problem{lineAt(), "the rows are cut off"})
	}
	return out, bad
}

func word(v any) string {
	switch w := v.(type) {
	case string:
		return w
	case float64:
		return strconv.FormatFloat(w, 'f', -1, 64)
	}
	return ""
}
