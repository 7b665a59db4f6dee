package scan

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// dialer makes attempts through the net package, which guards against sockets that
// meet themselves. ICMP messages are told apart as far as errors do.
type dialer struct {
	limit   int
	open    int
	timeout time.Duration
	replies chan reply
	batch   []reply
}

func newDialer(concurrency int) prober {
	n := min(concurrency, 256)
	return &dialer{limit: n, replies: make(chan reply, n)}
}

func (d *dialer) waiting() int             { return d.open }
func (d *dialer) patience(t time.Duration) { d.timeout = t }

func (d *dialer) close() {
	for ; d.open > 0; d.open-- {
		<-d.replies
	}
}

func (d *dialer) start(p probe, to netip.AddrPort, payload []byte) (reply, outcome) {
	if d.open == d.limit {
		return reply{}, busy
	}
	d.open++
	timeout := d.timeout
	go func() {
		started := time.Now()
		answer := attempt(to, payload, timeout)
		d.replies <- reply{probe: p, answer: answer, rtt: time.Since(started)}
	}()
	return reply{}, pending
}

func attempt(to netip.AddrPort, payload []byte, timeout time.Duration) Answer {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	network := "tcp"
	if payload != nil {
		network = "udp"
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, to.String())
	if err != nil {
		return errorAnswer(err)
	}
	defer conn.Close()
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
		return SynAck
	}
	conn.SetDeadline(time.Now().Add(timeout))
	if _, err = conn.Write(payload); err == nil {
		_, err = conn.Read(make([]byte, 2048))
	}
	if err != nil {
		a := errorAnswer(err)
		if a == Refused {
			a = PortUnreachable
		}
		return a
	}
	return Datagram
}

func errorAnswer(err error) Answer {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET):
		return Refused
	case errors.Is(err, syscall.EHOSTUNREACH):
		return HostUnreachable
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Timeout
	}
	return NotSent
}

func (d *dialer) wait(t time.Duration) []reply {
	d.batch = d.batch[:0]
	timer := time.NewTimer(max(t, time.Millisecond))
	defer timer.Stop()
	for d.open > 0 && len(d.batch) < cap(d.replies) {
		if len(d.batch) > 0 { // take what is there, and wait for nothing more
			select {
			case r := <-d.replies:
				d.open--
				d.batch = append(d.batch, r)
				continue
			default:
				return d.batch
			}
		}
		select {
		case r := <-d.replies:
			d.open--
			d.batch = append(d.batch, r)
		case <-timer.C:
			return d.batch
		}
	}
	return d.batch
}
