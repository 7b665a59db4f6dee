package wire

import (
	"bytes"
	"context"
	"net"
	"time"
)

// talk is one connection, of which at most so many bytes are read.
type talk struct {
	net.Conn
	read int
	tls  *secured // nil for a plain connection
}

// bind ends the connection with the context.
func (t *talk) bind(ctx context.Context) (release func()) {
	stop := context.AfterFunc(ctx, func() { t.Conn.SetDeadline(time.Unix(1, 0)) })
	return func() {
		stop()
		t.Conn.Close()
	}
}

// verdict is what a reader says of what came so far.
type verdict uint8

const (
	no   verdict = iota // not this protocol
	more                // perhaps, more is needed
	yes
)

// until reads until done says yes or no, nothing more comes, or a time or the bound is
// over, and returns all that came.
func (t *talk) until(ctx context.Context, wait time.Duration, done func([]byte) verdict) []byte {
	deadline := time.Now().Add(wait)
	if end, ok := ctx.Deadline(); ok && end.Before(deadline) {
		deadline = end
	}
	if ctx.Err() != nil {
		return nil
	}
	t.SetReadDeadline(deadline)
	var got []byte
	chunk := make([]byte, 4096)
	for t.read < most {
		n, err := t.Read(chunk)
		t.read += n
		got = append(got, chunk[:n]...)
		if err != nil || n > 0 && done(got) != more {
			return got
		}
	}
	return got
}

// say sends and returns what is answered, read until done says so.
func (t *talk) say(ctx context.Context, text []byte, done func([]byte) verdict) []byte {
	t.SetWriteDeadline(time.Now().Add(answer))
	if _, err := t.Write(text); err != nil {
		return nil
	}
	return t.until(ctx, answer, done)
}

// line says yes to a whole line.
func line(b []byte) verdict {
	if bytes.IndexByte(b, '\n') >= 0 {
		return yes
	}
	if len(b) > 2048 {
		return no
	}
	return more
}

// atLeast says yes to so many bytes.
func atLeast(n int) func([]byte) verdict {
	return func(b []byte) verdict {
		if len(b) >= n {
			return yes
		}
		return more
	}
}
