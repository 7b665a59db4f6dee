package scan

import (
	"net/netip"
	"time"
)

// maxAttempts is how often one port is asked at most.
const maxAttempts = 6

// probe is one attempt on a pair: an index that its reply repeats.
type probe struct {
	pair    int
	confirm bool // of a port that answered before
	again   uint8
}

// reply is what an attempt brought.
type reply struct {
	probe
	answer Answer
	rtt    time.Duration
	// self says that a socket met itself: its own port was chosen as the source. It is
	// no answer. Suspect says that source and destination are the same machine and the
	// port one that the kernel gives to clients: what answered may have been one.
	self, suspect bool
}

// outcome of an attempt's start.
type outcome uint8

const (
	pending outcome = iota // the reply comes later
	done                   // it is here
	busy                   // nothing was sent; there is no room now
)

// prober makes attempts. It is used by one goroutine.
type prober interface {
	// start makes one attempt; payload is sent by UDP, nil means TCP.
	start(p probe, to netip.AddrPort, payload []byte) (reply, outcome)
	// wait returns replies that came within a time, silent attempts included. The
	// slice holds until the next call.
	wait(time.Duration) []reply
	// waiting is how many replies are to come.
	waiting() int
	// patience sets how long the attempts wait that are started from now on. None
	// waits when it is called.
	patience(time.Duration)
	close()
}
