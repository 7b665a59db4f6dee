// Package netfilter reads the packet filter of a Linux host into one intermediate
// form, whatever wrote it: iptables-save and ip6tables-save of both back ends, nft's
// JSON, native nft files, and the files of ufw and firewalld for names.
//
// The form is a program for a packet: base chains by hook and priority, rules of
// statements in order, values as sets of numbers. What a reader does not know is an
// [Opaque] statement with its text; nothing is left out. What the form means is said
// at each type, after the nft(8) and iptables-extensions(8) manual pages; who gets
// through is worked out elsewhere.
package netfilter

import (
	"net/netip"

	"github.com/writ-policy/writ/engine/fact"
)

// Backend says which of the kernel's filters a table belongs to. A packet has to
// get through all of them.
type Backend string

const (
	NFT            Backend = "nft"             // nf_tables, native
	IPTablesNFT    Backend = "iptables-nft"    // nf_tables, written by iptables-nft
	IPTablesLegacy Backend = "iptables-legacy" // x_tables
)

// Family is the address family of a table.
type Family string

const (
	IPv4   Family = "ip"
	IPv6   Family = "ip6"
	Inet   Family = "inet" // both
	ARP    Family = "arp"
	Bridge Family = "bridge"
	Netdev Family = "netdev"
)

// Ruleset is what one reader found: the tables of a back end in one network
// namespace, or of a file.
type Ruleset struct {
	Tables []*Table
	// Opaque is what stands outside of any chain and could not be read. It may hold
	// tables and chains of every hook.
	Opaque []Opaque
}

// Table holds chains and the sets and maps they name. One without a name stands for
// what could not be read of a back end, of the family or of both (Inet): its Opaque.
type Table struct {
	Backend Backend
	Family  Family
	Name    string
	Dormant bool // its base chains are not registered
	Chains  []*Chain
	Sets    []*Set
	// Owner is what generated the table ("docker", "firewalld", "ufw", "kube-proxy",
	// "libvirt", "fail2ban"), "" where that is not known.
	Owner string
	// Opaque is what stands in it outside of rules and could not be read. It may hold
	// chains of every hook, and may decide.
	Opaque []Opaque
	Pos    fact.Position
}

// Hook is where a base chain sees packets.
type Hook string

const (
	Regular     Hook = "" // only jumped to
	Ingress     Hook = "ingress"
	Egress      Hook = "egress"
	Prerouting  Hook = "prerouting"
	Input       Hook = "input"
	Forward     Hook = "forward"
	Output      Hook = "output"
	Postrouting Hook = "postrouting"
)

// Chain is an ordered list of rules. A packet that leaves a regular chain at its
// end, or by return, goes on after the rule that jumped there; a base chain then
// does what Policy says.
type Chain struct {
	Name     string
	Type     string // of a base chain: "filter", "nat" or "route"
	Hook     Hook
	Priority int         // lower ones are asked first; those of equal priority in no order
	Devices  []string    // of ingress and egress; none where they are not known
	Policy   VerdictType // Accept or Drop; of a regular chain Continue
	Rules    []*Rule
	Pos      fact.Position
}

// Rule is a list of statements that are done in order until a match does not hold
// or a verdict is given. After its last statement the next rule is asked.
type Rule struct {
	// ID is stable while rules are only added behind it: the table's and chain's
	// name and a digest of the canonical text, with a count where that repeats.
	ID      string
	Handle  int    // of nft, else 0
	Text    string // as its program writes it, one line, without counters
	Comment string
	// Packets that came to its end since the counters were reset; -1 without one.
	Packets    int64
	Statements []Statement
	Owner      string // as of a table
	Pos        fact.Position
}

// Statement is one of [Match], [Map], [Verdict], [Log], [Limit], [NAT], [Assign],
// [Untrack], [Update] and [Opaque].
type Statement interface{ statement() }

func (Match) statement()   {}
func (Map) statement()     {}
func (Verdict) statement() {}
func (Log) statement()     {}
func (Limit) statement()   {}
func (NAT) statement()     {}
func (Assign) statement()  {}
func (Untrack) statement() {}
func (Update) statement()  {}
func (Opaque) statement()  {}

// Field is what of a packet or of its way is compared.
type Field string

const (
	NFProto      Field = "nfproto"     // 2 is IPv4, 10 is IPv6
	Protocol     Field = "protocol"    // of the transport: 6 is TCP
	SourceAddr   Field = "saddr"       // as it is when the statement is reached
	DestAddr     Field = "daddr"       //
	SourcePort   Field = "sport"       // of TCP, UDP, UDPlite, SCTP and DCCP only; never holds for others
	DestPort     Field = "dport"       //
	InInterface  Field = "iifname"     // by name; "eth*" is every name with that beginning
	OutInterface Field = "oifname"     //
	State        Field = "ctstate"     // one of the State numbers
	Status       Field = "ctstatus"    // bits: 1 expected, 2 seen-reply, 4 assured, 8 confirmed, 16 snat, 32 dnat
	Direction    Field = "ctdirection" // 0 original, 1 reply
	OrigSource   Field = "ctorigsaddr" // of the connection, before any translation
	OrigDest     Field = "ctorigdaddr" //
	OrigDestPort Field = "ctorigdport" //
	TCPFlags     Field = "tcpflags"    // bits: 1 fin, 2 syn, 4 rst, 8 psh, 16 ack, 32 urg
	ICMPType     Field = "icmptype"    //
	Fragment     Field = "fragment"    // 1 for a fragment that is not the first
	PacketType   Field = "pkttype"     // 0 to this host, 1 broadcast, 2 multicast, 3 to another host
	SourceType   Field = "saddrtype"   // what the routing table says of the address, as in <linux/rtnetlink.h>: 1 unicast, 2 local, 3 broadcast, 5 multicast
	DestType     Field = "daddrtype"   //
	Mark         Field = "mark"        //
	ConnMark     Field = "ctmark"      //
	ReversePath  Field = "reversepath" // 1 where the source is routed back by the interface it came in by
)

// Numbers of [State].
const (
	StateInvalid     = 1
	StateEstablished = 2
	StateRelated     = 4
	StateNew         = 8
	StateUntracked   = 64
)

// Value is a set of values of one field: the numbers from From to To, both
// included, or a name. Addresses are [netip.Addr] in From and To of the family that
// they have; other numbers stand in Lo and Hi.
type Value struct {
	From, To netip.Addr
	Lo, Hi   uint64
	Name     string
}

// Element is one member of a set or a map: a value for each field. One without
// values that is not opaque holds where no other of its set does.
type Element struct {
	Values  []Value
	Verdict *Verdict // of a verdict map
	Data    []Value  // of another map: the address, the port or both, or a mark
	Opaque  bool     // it is there and could not be read
}

// Match holds if some element holds in all fields; with Negate if none does. With a
// Mask the field is first and-ed with it. Elements are the set's where Set names one.
type Match struct {
	Fields   []Field
	Negate   bool
	Mask     uint64 // 0: none
	Set      string
	Elements []Element
}

// Map gives the verdict of the element that holds; where that is Continue the rule goes
// on, and where none holds the next rule is asked. The same is so of a NAT's elements.
type Map struct {
	Fields   []Field
	Set      string
	Elements []Element
}

// VerdictType is what becomes of a packet.
type VerdictType string

const (
	Accept   VerdictType = "accept"   // done with this base chain; later ones are still asked
	Drop     VerdictType = "drop"     // final
	Reject   VerdictType = "reject"   // final, and the sender is told
	Jump     VerdictType = "jump"     // to a chain, and back
	Goto     VerdictType = "goto"     // to a chain, and back to where this one was jumped from
	Return   VerdictType = "return"   // to where this chain was jumped from; of a base chain to its policy
	Continue VerdictType = "continue" // with the next rule
	Queue    VerdictType = "queue"    // a program decides
	Stolen   VerdictType = "stolen"   // taken elsewhere (synproxy, tproxy, dup and forward to a device)
)

// Verdict ends a rule.
type Verdict struct {
	Type   VerdictType
	Chain  string // of jump and goto
	With   string // of reject
	Bypass bool   // of queue: accepted where no program listens
}

// Log records the packets that come to it.
type Log struct {
	Prefix string
	Level  string
	Group  int  // of nflog; -1 is the kernel's log
	Audit  bool // goes to the audit log
}

// Limit lets a packet go on as long as a rate is kept, or where Over is set when it
// is not. Which packet meets it cannot be said beforehand.
type Limit struct {
	Type      string // "limit", "hashlimit", "connlimit", "recent", "quota", "statistic", "meter"
	PerSecond float64
	Burst     int
	Over      bool
	Text      string
}

// NAT rewrites the connection that the packet opens, and ends the rule as accept
// does.
type NAT struct {
	Type string // "dnat", "redirect", "snat", "masquerade", "netmap"
	// To are the addresses and ports it may be given; an invalid address or ports
	// 0 to 0 leave that part as it is.
	To []Target
	// Fields, Set and Elements look the target up in a map: Element.Data.
	Fields   []Field
	Set      string
	Elements []Element
}

// Target is where a connection is sent.
type Target struct {
	From, To       netip.Addr
	PortLo, PortHi uint16
}

// Assign gives a mark to the packet or its connection: (old and not Mask) xor Value.
// Unknown says that the value cannot be known.
type Assign struct {
	Field   Field // Mark or ConnMark
	Mask    uint64
	Value   uint64
	Unknown bool
}

// Untrack takes the packet from connection tracking: its state is untracked.
type Untrack struct{}

// Update adds the packet's values to a set, or takes them out: its members change
// while the rules run.
type Update struct {
	Set    string
	Fields []Field
	Delete bool
}

// Opaque is a statement or a part of the input that is not modelled.
type Opaque struct {
	Text   string
	Reason string
	// Restricts says that the rest of the rule may or may not be reached; Decides
	// that any verdict may be given; Alters that fields of the packet may be changed.
	// One without any of them has no effect on who gets through.
	Restricts, Decides, Alters bool
	Pos                        fact.Position
}

// Set is a named set or map of a table.
type Set struct {
	Name     string
	Fields   []Field // nil where the type is not known
	Elements []Element
	// Dynamic says that packets or time change its members; Unread that its members
	// could not be read: it may hold anything.
	Dynamic bool
	Unread  string
	Pos     fact.Position
}

// Chain returns a chain of the table, nil if there is none of that name.
func (t *Table) Chain(name string) *Chain {
	for _, c := range t.Chains {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Set returns a set of the table, nil if there is none of that name.
func (t *Table) Set(name string) *Set {
	for _, s := range t.Sets {
		if s.Name == name {
			return s
		}
	}
	return nil
}
