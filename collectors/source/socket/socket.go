// Package socket lists the sockets of a machine that wait for peers, in every
// network namespace, and the processes that hold them.
//
// The kernel is asked by NETLINK_SOCK_DIAG (linux/inet_diag.h); where that is refused
// its tables below /proc/PID/net are read, which say less. Descriptors are read from
// /proc/PID/fd. Nothing is sent to any socket.
package socket

import (
	"fmt"
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/process"
)

// Socket is one socket: of TCP and SCTP one that listens, of UDP one that has no peer.
type Socket struct {
	// Namespace is that of the table's namespaces it lives in.
	Namespace *Namespace
	Protocol  string // tcp, udp, sctp
	// Local is what it is bound to, without a zone; an IPv4 address that is written as
	// IPv6 is one of IPv4.
	Local netip.AddrPort
	// Both says of a socket bound to every address of IPv6 whether it serves IPv4 too.
	Both Tri
	// Interface is the index of the one it is bound to, 0 if to none. Detailed says that
	// the kernel told it, and the rest below: its tables in /proc do not hold it.
	Interface uint32
	Detailed  bool
	Backlog   uint32 // connections that may wait; 0 of UDP
	Cgroup    uint64 // id of the control group it was opened in; 0 if not told
	Cookie    uint64 // tells it from others with the same inode number; 0 if not told
	Inode     uint32
	UID       uint32 // user it was opened by
	// Holders are the processes that hold a descriptor of it, by process id.
	Holders []*process.Process
	// Kernel says that every process was asked, more than once, and none holds it.
	Kernel bool
}

// Tri is an answer that may not be known.
type Tri uint8

// The answers; the zero value is that nothing is known.
const (
	Unknown Tri = iota
	No
	Yes
)

// Namespace is a network namespace.
type Namespace struct {
	Inode uint64 // of its file, as in net:[4026531840]; 0 if it may not be read
	// Host says that it is the machine's own.
	Host bool
	// Mounts are the paths that it is mounted at, sorted: /run/netns/NAME.
	Mounts []string
	// PIDs are the processes in it, ascending.
	PIDs []int
	// Links and Addresses are its interfaces; LinksReason says why they are not known.
	Links       []Link
	Addresses   []Address
	LinksReason string
	// Ephemeral is the range of ports that the kernel gives out, both included.
	EphemeralFrom, EphemeralTo uint16
	EphemeralReason            string
	// Method is how its sockets were listed: sock_diag or proc.
	Method string
	net    uint64   // inode number of its /proc/PID/net/dev, which all may ask for
	file   int      // descriptor that leads to it, -1 if there is none
	tables []string // folders below /proc of its tables
}

// Number tells it from all others while it is there: "net:[4026531840]", or the inode
// number of its tables if its own may not be read.
func (n *Namespace) Number() string {
	if n.Inode == 0 {
		return fmt.Sprintf("proc:[%d]", n.net)
	}
	return fmt.Sprintf("net:[%d]", n.Inode)
}

// Link is an interface.
type Link struct {
	Index    uint32
	Name     string
	Loopback bool
	Up       bool
	// LocalRouted says that loopback addresses are routed on it (route_localnet).
	LocalRouted bool
}

// Address is one of an interface.
type Address struct {
	Link uint32
	Addr netip.Addr // without a zone
}

// Link returns the interface of an index, nil if there is none.
func (n *Namespace) Link(index uint32) *Link {
	for i := range n.Links {
		if n.Links[i].Index == index {
			return &n.Links[i]
		}
	}
	return nil
}

// Table is what was found.
type Table struct {
	// Namespaces: the host's first, then by inode.
	Namespaces []*Namespace
	// Sockets by namespace, protocol, port and address.
	Sockets []*Socket
	// Denied counts processes whose descriptors could not be read, DeniedReason says
	// why: a socket without a holder may be held by one of them.
	Denied       int
	DeniedReason string
	// Reasons say why sockets may be missing; empty if none can be.
	Reasons []string
}

// Complete reports whether every process was asked for its descriptors.
func (t *Table) Complete() bool { return t.Denied == 0 && t.DeniedReason == "" }
