// Package scan asks the ports of other machines for connections, and says what they
// answer.
//
// TCP ports are asked by connecting (no raw packets, no privileges); UDP ports are
// sent one datagram each, where silence decides nothing. How many attempts are made
// at once, and how many a second, is bounded. An attempt that nobody answers is
// repeated with twice the time; from the answers that only a repetition got, the
// share of lost probes is estimated, and where answers are likely to be missing the
// result says so instead of calling a port filtered.
package scan

import (
	"net/netip"
	"slices"
	"time"
)

// State is what is known of a port.
type State string

// States.
const (
	Open     State = "open"
	Closed   State = "closed"
	Filtered State = "filtered"
	Unknown  State = "unknown"
)

// Answer is what a port answered, or why nothing is known of it.
type Answer uint8

// Answers. Unasked is the zero value: the scan ended before.
const (
	Unasked         Answer = iota
	SynAck                 // a connection
	Refused                // a reset
	Timeout                // nothing
	PortUnreachable        // ICMP: port unreachable
	HostUnreachable        // ICMP: host or network unreachable
	Prohibited             // ICMP: administratively prohibited
	Datagram               // a datagram
	NotSent                // no route, no address, or our own filter
)

// String is the reason as facts spell it.
func (a Answer) String() string {
	return [...]string{"not_probed", "syn_ack", "refused", "timeout", "port_unreachable", "host_unreachable", "prohibited", "answer", "not_probed"}[a]
}

// state is what an answer says of a port. An ICMP "port unreachable" is what a closed
// UDP port gives; a TCP port resets, so there a filter speaks. Silence is a filter's
// only for TCP, and only where answers are not thought to be lost.
func (a Answer) state(udp, lossy bool) State {
	switch a {
	case SynAck, Datagram:
		return Open
	case Refused:
		return Closed
	case PortUnreachable:
		if udp {
			return Closed
		}
		return Filtered
	case HostUnreachable, Prohibited:
		return Filtered
	case Timeout:
		if !udp && !lossy {
			return Filtered
		}
	}
	return Unknown
}

// Probes counts attempts. Sent includes repeated ones; each is answered or timed out.
type Probes struct {
	Sent, Answered, TimedOut, Retried int
	// Late counts answers that only a repetition got.
	Late int
}

func (p *Probes) add(q Probes) {
	p.Sent += q.Sent
	p.Answered += q.Answered
	p.TimedOut += q.TimedOut
	p.Retried += q.Retried
	p.Late += q.Late
}

// Loss estimates the share of attempts whose answer was lost: of the ports that did
// answer, those that needed another attempt.
func (p Probes) Loss() float64 {
	if p.Answered == 0 {
		return 0
	}
	return float64(p.Late) / float64(p.Answered)
}

// Port is one port that was asked.
type Port struct {
	Number uint16
	State  State
	Answer Answer
	RTT    time.Duration // 0 where nothing came
}

// Found is what a scan knows of one address and protocol.
type Found struct {
	Address Address
	UDP     bool
	Ports   []Port // sorted
	Probes  Probes
	// Lossy says that some answers are likely to be lost. Asked is false where the
	// scan ended before every port was asked.
	Lossy, Asked bool
}

// Complete reports whether every port was asked and no answer is missing.
func (f *Found) Complete() bool {
	return f.Asked && !f.Lossy && !slices.ContainsFunc(f.Ports, func(p Port) bool { return p.Answer == NotSent })
}

// Silent reports whether nothing came from the address, not even a refusal.
func (f *Found) Silent() bool {
	return !slices.ContainsFunc(f.Ports, func(p Port) bool {
		switch p.Answer {
		case SynAck, Refused, Datagram, PortUnreachable, Prohibited:
			return true
		}
		return false
	})
}

// Run is a range of ports with one answer.
type Run struct {
	From, To uint16
	State    State
	Answer   Answer
}

// Runs sums ports up. A port that was not asked about ends a range.
func (f *Found) Runs() []Run {
	var out []Run
	for _, p := range f.Ports {
		if n := len(out); n > 0 && out[n-1].To+1 == p.Number && out[n-1].State == p.State && out[n-1].Answer == p.Answer {
			out[n-1].To = p.Number
			continue
		}
		out = append(out, Run{p.Number, p.Number, p.State, p.Answer})
	}
	return out
}

// Address is one that is asked, and how the user named it.
type Address struct {
	Addr netip.Addr
	// Host is the name or address that was given, or the address itself where it was
	// given in a block or range; Block is that block or range, else empty.
	Host, Block string
}
