package wire

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
)

// question is what a client of a protocol says first.
type question struct {
	name  string
	hello []byte
	// done says when enough of the answer came.
	done func([]byte) verdict
	// read recognises the answer; it may go on talking.
	read func(ctx context.Context, t *talk, got []byte) (Result, bool)
}

// questions of protocols whose clients speak first, in the order they are asked where
// nothing tells which is likely.
func (x *exam) questions() []question {
	return slices.Concat([]question{x.http()}, databases(x), brokers(), directories())
}

// ask puts one question on a connection of its own.
func (x *exam) ask(ctx context.Context, open opener, q question) (r Result, ok bool, err error) {
	t, err := open(ctx)
	if err != nil {
		return r, false, err
	}
	defer t.bind(ctx)()
	got := t.say(ctx, q.hello, q.done)
	if r, ok = x.greeted(ctx, t, got); !ok {
		r, ok = q.read(ctx, t, got)
	}
	return t.seal(r), ok, nil
}

// seal notes that a protocol was spoken inside TLS.
func (t *talk) seal(r Result) Result {
	if t.tls == nil {
		return r
	}
	r.TLS = "implicit"
	return r
}

// streams examines a TCP port: first what its number or process makes likely, then
// whether it greets, speaks HTTP or TLS, and then all the rest.
func (x *exam) streams(ctx context.Context) Result {
	secure := x.secure(alpn(x.target.Address.Port()))
	var hidden *secured
	inside := func() (Result, bool) {
		r, ok, err := x.survey(ctx, secure, true)
		var refused errRefused
		if errors.As(err, &refused) && refused.refused && !refused.asked {
			secure = x.secure(nil) // perhaps it was the protocol that was named
			r, ok, err = x.survey(ctx, secure, true)
		}
		switch {
		case ok:
			return r, true
		case err == nil:
			hidden = &secured{spoken: true, asked: x.asked.Load()}
		case errors.As(err, &refused) && refused.spoken:
			hidden = refused.secured
		}
		return Result{}, false
	}
	early := implicit(x.target.Address.Port())
	if early {
		if r, ok := inside(); ok {
			return r
		}
	}
	if hidden == nil {
		r, ok, _ := x.survey(ctx, x.plain, false)
		both := ok && r.TLS == "none" && mayShare(r.Name)
		if ok && !both {
			return r
		}
		if !early {
			if s, found := inside(); found || hidden != nil {
				switch {
				case ok && r.Name == "mongodb":
					r.TLS = "starttls_offered" // with and without on one port
					return r
				case found:
					return s
				}
			}
		}
		if ok && hidden == nil {
			return r
		}
	}
	if hidden != nil {
		r := Result{TLS: "implicit"}
		if hidden.asked {
			r.Authentication = "certificate"
		}
		return r
	}
	r, _ := x.rest(ctx, x.plain)
	return r
}

// mayShare reports whether servers of a protocol take TLS on the same port, without
// saying so.
func mayShare(name string) bool { return name == "http" || name == "mongodb" || httpLike(name) }

// survey asks what is likely, listens for a greeting, and asks for HTTP; all asks the
// rest too. The error is that of the connection.
func (x *exam) survey(ctx context.Context, open opener, all bool) (Result, bool, error) {
	likely := x.likely()
	for _, q := range likely {
		r, ok, err := x.ask(ctx, open, q)
		if err != nil || ok {
			return r, ok, err
		}
	}
	t, err := open(ctx)
	if err != nil {
		return Result{}, false, err
	}
	got := t.until(ctx, greeting, line)
	r, ok := x.greeted(ctx, t, got)
	if !ok && len(got) == 0 && !slices.ContainsFunc(likely, func(q question) bool { return q.name == "http" }) {
		q := x.http()
		got = t.say(ctx, q.hello, q.done)
		if r, ok = x.greeted(ctx, t, got); !ok {
			r, ok = q.read(ctx, t, got)
		}
	}
	r = t.seal(r)
	t.Close()
	if !ok && all {
		r, ok = x.rest(ctx, open)
	}
	return r, ok, nil
}

// likely are the questions that the process or else the port number suggests.
func (x *exam) likely() []question {
	names := ofProcess(x.target.Process)
	if name := ofPort(x.target.Address.Port(), false); name != "" && !slices.Contains(names, name) {
		names = append(slices.Clone(names), name)
	}
	var out []question
	for _, n := range names {
		if httpLike(n) {
			n = "http"
		}
		for _, q := range x.questions() {
			if q.name == n && !slices.ContainsFunc(out, func(o question) bool { return o.name == n }) {
				out = append(out, q)
			}
		}
	}
	return out
}

// rest asks everything, a few at a time; the first in order that is answered counts.
func (x *exam) rest(ctx context.Context, open opener) (Result, bool) {
	all := x.questions()
	found := make([]*Result, len(all))
	var wg sync.WaitGroup
	room := make(chan struct{}, 6)
	for i, q := range all {
		wg.Add(1)
		go func() {
			defer wg.Done()
			room <- struct{}{}
			defer func() { <-room }()
			if r, ok, _ := x.ask(ctx, open, q); ok {
				found[i] = &r
			}
		}()
	}
	wg.Wait()
	for _, r := range found {
		if r != nil {
			return *r, true
		}
	}
	return Result{}, false
}

func has(b []byte, text string) bool { return bytes.Contains(bytes.ToUpper(b), []byte(text)) }

// httpLike reports whether a protocol of the table is one over HTTP.
func httpLike(name string) bool {
	return slices.Contains([]string{"elasticsearch", "opensearch", "clickhouse", "couchdb", "etcd", "docker", "kubelet", "kubernetes_api"}, name)
}
