// Package report reads what other port scanners wrote: nmap's XML, masscan's JSON and
// naabu's JSON lines, as their manuals describe them. Reports are read as they come, so
// that one of any length costs the memory of one host. A report that was cut off gives
// what stands in it, and an error that says where it ends.
package report

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Format of a report.
type Format string

// Formats.
const (
	None    Format = ""
	NmapXML Format = "nmap"
	Masscan Format = "masscan"
	Naabu   Format = "naabu"
)

// Host is one address that a report speaks of.
type Host struct {
	// Name is the one the user gave, empty where the address was given.
	Name     string
	Address  netip.Addr
	Finished time.Time // zero where the report does not say
	Ports    []Port
	// Asked are the ranges of ports that were asked, by protocol; nil where the report
	// does not say.
	Asked map[string][]Range
	// Rest are the ports that are summed up. Vague says that some are, and not which.
	Rest  []Rest
	Vague bool
	Line  int
}

// Port is one port of a host; the words are the facts' own.
type Port struct {
	Protocol      string
	Number        int
	State, Reason string
	RTT           time.Duration
	Service       Service
	Line, Column  int
}

// Service is what the scanner took a port for.
type Service struct {
	Name             string
	Probed           bool // it talked to it; else the number says so
	Product, Version string
	TLS              bool
	TLSKnown         bool
}

// Range is a range of ports.
type Range struct{ From, To int }

// Rest is a range of ports in one state.
type Rest struct {
	Protocol string
	Range
	State, Reason string
}

// Error is where and why a report cannot be read on.
type Error struct {
	Line, Column int
	What         string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.What) }

// Recognise tells a report by its beginning.
func Recognise(head []byte) Format {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("<")):
		if i := bytes.Index(head, []byte("<nmaprun")); i >= 0 && bytes.Contains(head[i:], []byte(`scanner="nmap"`)) {
			return NmapXML
		}
		return None
	case !bytes.HasPrefix(head, []byte("[")) && !bytes.HasPrefix(head, []byte("{")):
		return None
	}
	first := string(head)
	if i := strings.IndexByte(first, '}'); i >= 0 {
		first = first[:i]
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if !strings.Contains(first, `"`+n+`"`) {
				return false
			}
		}
		return true
	}
	switch {
	case has("ip", "timestamp", "ports", "port", "proto"), has("ip", "timestamp", "port", "proto", "rec_type"):
		return Masscan
	case head[0] == '{' && has("ip", "port") && (has("timestamp") || has("host")) && !has("ports") && !has("proto"):
		return Naabu
	}
	return None
}

// state is a state in the facts' words: what a scanner leaves open is unknown.
func state(word string) string {
	switch word {
	case "open", "closed", "filtered":
		return word
	}
	return "unknown"
}

// reason is a reason in the facts' words.
func reason(word string) string {
	switch word {
	case "syn-ack", "syn-ack-psh", "syn":
		return "syn_ack"
	case "conn-refused", "reset", "rst", "rst-ack":
		return "refused"
	case "no-response", "no-responses":
		return "timeout"
	case "port-unreach", "port-unreaches":
		return "port_unreachable"
	case "host-unreach", "net-unreach", "host-unreaches", "net-unreaches", "dest-unreach", "proto-unreach", "time-exceeded":
		return "host_unreachable"
	case "admin-prohibited", "host-prohibited", "net-prohibited", "admin-prohibiteds", "host-prohibiteds", "net-prohibiteds":
		return "prohibited"
	case "udp-response", "proto-response", "response", "none":
		return "answer"
	case "resets":
		return "refused"
	}
	return "other"
}

// service is the name of a protocol in the facts' words, empty for what is no name.
func service(name string) string {
	switch name {
	case "postgresql":
		return "postgres"
	case "ms-sql-s":
		return "mssql"
	case "microsoft-ds":
		return "smb"
	case "domain":
		return "dns"
	case "ms-wbt-server":
		return "rdp"
	case "mongod":
		return "mongodb"
	case "memcache":
		return "memcached"
	case "https", "http-proxy", "http-alt", "https-alt":
		return "http"
	case "ldapssl", "ldaps":
		return "ldap"
	case "imaps":
		return "imap"
	case "pop3s":
		return "pop3"
	case "smtps", "submission":
		return "smtp"
	case "unknown":
		return ""
	}
	if len(name) > 40 || strings.ContainsFunc(name, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') }) {
		return ""
	}
	return name
}

func protocol(name string) bool { return name == "tcp" || name == "udp" || name == "sctp" }
