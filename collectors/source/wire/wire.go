// Package wire finds out what protocol a port speaks, by talking to it as a client of
// that protocol would begin to: with what the protocols' own specifications say comes
// first. It goes no further than a server tells every stranger. It never sends a
// credential, follows nothing that an answer names, and reads bounded bytes in bounded
// time. What it returns holds no text of an answer: names come from closed lists,
// versions are digits.
package wire

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"
)

// Target is a port that is talked to.
type Target struct {
	Address netip.AddrPort
	UDP     bool
	// Process is the path of the executable that holds the socket, empty if it is not
	// known.
	Process string
	// Name is the host's name, for servers of several; empty for none.
	Name string
}

// Confidence says how a protocol was recognised, weakest first.
const (
	None        = "none"
	PortTable   = "port_table"
	ProcessName = "process_name"
	Banner      = "banner"
	Handshake   = "handshake"
)

// Result is what is known of a port. Empty strings are "not known", but for Name
// (none was recognised), Product, Version and Conflict.
type Result struct {
	Name       string
	Confidence string
	Product    string
	Version    string
	// Conflict is the protocol that the executable is known for, where another answers.
	Conflict string
	// TLS is none, starttls_offered, starttls_required or implicit.
	TLS string
	// Authentication is none, password, certificate, token or other.
	Authentication string
}

// Dial opens a connection; network is "tcp" or "udp".
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Bounds of one examination.
const (
	greeting = 300 * time.Millisecond // to wait for a server that speaks first
	answer   = time.Second            // to wait for an answer
	whole    = 6 * time.Second        // for everything about one port
	most     = 16 << 10               // bytes read of one connection
)

// Identify examines one port.
func Identify(ctx context.Context, dial Dial, t Target) Result {
	ctx, cancel := context.WithTimeout(ctx, whole)
	defer cancel()
	x := &exam{dial: dial, target: t}
	var r Result
	if t.UDP {
		r = x.datagrams(ctx)
	} else {
		r = x.streams(ctx)
	}
	return r.settle(t)
}

// Guess is what the process and the port say without talking to anyone.
func Guess(t Target) Result { return Result{}.settle(t) }

// settle adds what the process and the port number say.
func (r Result) settle(t Target) Result {
	named := ofProcess(t.Process)
	switch {
	case r.Name != "":
		if len(named) > 0 && !slices.ContainsFunc(named, func(n string) bool { return akin(n, r.Name) }) {
			r.Conflict = named[0]
		}
		return r
	case len(named) == 1:
		r.Name, r.Confidence = named[0], ProcessName
	default:
		r.Confidence = None
		if name := ofPort(t.Address.Port(), t.UDP); name != "" {
			r.Name, r.Confidence = name, PortTable
			if len(named) > 1 && slices.Contains(named, name) {
				r.Confidence = ProcessName
			}
		}
	}
	return r
}

// akin reports whether a server of one protocol may rightly speak the other.
func akin(process, wire string) bool {
	if process == wire {
		return true
	}
	over := map[string][]string{
		"mysql": {"mariadb"}, "mariadb": {"mysql"}, "elasticsearch": {"opensearch", "http"}, "opensearch": {"elasticsearch", "http"},
		"etcd": {"http"}, "docker": {"http"}, "kubelet": {"http"}, "couchdb": {"http"}, "clickhouse": {"http", "mysql", "postgres"},
		"kubernetes_api": {"http"},
	}
	return slices.Contains(over[process], wire)
}

type exam struct {
	dial   Dial
	target Target
	asked  atomic.Bool // a certificate, in some handshake
}

// opener opens one more connection to the port.
type opener func(context.Context) (*talk, error)

func (x *exam) plain(ctx context.Context) (*talk, error) {
	network := "tcp"
	if x.target.UDP {
		network = "udp"
	}
	ctx, cancel := context.WithTimeout(ctx, answer)
	defer cancel()
	conn, err := x.dial(ctx, network, x.target.Address.String())
	if err != nil {
		return nil, err
	}
	return &talk{Conn: conn}, nil
}
