package ports

import (
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/scan"
	"github.com/writ-policy/writ/collectors/source/wire"
	"github.com/writ-policy/writ/engine/fact"
)

// scanWriter writes the two documents about what a scan saw of one target.
type scanWriter struct {
	scan, ports *fact.Builder
	at          time.Time
	taken       map[string]bool
}

func newScanWriter(env *collectors.Env, target, method string, at time.Time) *scanWriter {
	by := env.Envelope("ports", method)
	return &scanWriter{
		scan:  fact.NewBuilder("port.scan", fact.Target{ID: target}, by, env.Now),
		ports: fact.NewBuilder("port.scanned", fact.Target{ID: target}, by, env.Now),
		at:    at, taken: map[string]bool{},
	}
}

func (w *scanWriter) documents() []*fact.Document {
	return []*fact.Document{w.scan.Document(), w.ports.Document()}
}

func (w *scanWriter) incomplete(reason string) {
	w.scan.Incomplete(reason)
	w.ports.Incomplete(reason)
}

// result is a range of ports with one answer.
type result struct {
	from, to      int
	state, reason string
}

// coverage is what was asked of an address or block.
type coverage struct {
	host, address, family, protocol string
	from, scope, scopeReason        string // the vantage
	addresses                       int
	ports                           []scan.Range
	portsReason                     string // why they are not known
	results                         []result
	// Figures of the probes; not counted where a report gives none.
	sent, answered, timedOut, retried int
	loss                              float64
	counted, complete                 bool
	completeReason                    string // why it is not known
	finished                          string // RFC 3339; of the writer if empty
	finishedReason                    string // why it is not known
}

func (c coverage) vantage(it *fact.ItemBuilder, at fact.Position) {
	v := it.Object("vantage", at).Set("id", c.from, at)
	put(v, "scope", c.scope, c.scopeReason, at)
}

// coverage writes an item of port.scan.
func (w *scanWriter) coverage(c coverage, at fact.Position) {
	id := c.protocol + "/" + c.address
	if w.taken[id] {
		return
	}
	w.taken[id] = true
	it := w.scan.Add(id, "observed", at)
	c.vantage(it, at)
	it.Set("host", c.host, at).Set("address", c.address, at).Set("family", c.family, at).Set("protocol", c.protocol, at).Set("addresses", c.addresses, at)
	if c.portsReason != "" {
		it.Gap("ports", c.portsReason, at)
	} else {
		list := make([]any, len(c.ports))
		for i, r := range c.ports {
			list[i] = map[string]any{"from": int(r.From), "to": int(r.To)}
		}
		it.Set("ports", list, at)
	}
	results := make([]any, len(c.results))
	for i, r := range c.results {
		results[i] = map[string]any{"from": r.from, "to": r.to, "state": r.state, "reason": r.reason}
	}
	it.Set("results", results, at)
	const unsaid = "the report does not say"
	if c.counted {
		it.Object("probes", at).Set("sent", c.sent, at).Set("answered", c.answered, at).Set("timed_out", c.timedOut, at).Set("retried", c.retried, at)
		it.Set("loss", c.loss, at)
	} else {
		it.Object("probes", at).Gap("sent", unsaid, at).Gap("answered", unsaid, at).Gap("timed_out", unsaid, at).Gap("retried", unsaid, at)
		it.Gap("loss", unsaid, at)
	}
	if c.completeReason != "" {
		it.Gap("complete", c.completeReason, at)
	} else {
		it.Set("complete", c.complete, at)
	}
	if c.finishedReason != "" {
		it.Gap("finished_at", c.finishedReason, at)
		return
	}
	if c.finished == "" {
		c.finished = w.at.UTC().Format(time.RFC3339)
	}
	it.Set("finished_at", c.finished, at)
}

// finding is one port that a scan saw.
type finding struct {
	coverage
	port          int
	state, reason string
	rtt           time.Duration
	rttReason     string
	wire          wire.Result
	unasked       string // why what the wire leaves open is not known
}

// port writes an item of port.scanned.
func (w *scanWriter) port(f finding, at fact.Position) {
	id := endpoint(f.protocol, f.address, f.port)
	if w.taken[id] {
		return
	}
	w.taken[id] = true
	it := w.ports.Add(id, "observed", at)
	f.vantage(it, at)
	it.Set("host", f.host, at).Set("protocol", f.protocol, at).Set("families", []any{f.family}, at).Set("address", f.address, at).Set("port", f.port, at)
	it.Set("state", f.state, at).Set("reason", f.reason, at)
	switch f.state {
	case "open":
		writeWire(it, f.wire, f.unasked, at)
	case "unknown":
		for _, name := range []string{"wire", "tls", "authentication"} {
			it.Gap(name, "nothing answered", at)
		}
	default:
		writeWire(it, wire.Result{Confidence: wire.None, TLS: "none", Authentication: "none"}, "", at)
	}
	if f.rttReason != "" {
		it.Gap("rtt_ms", f.rttReason, at)
	} else {
		it.Set("rtt_ms", milliseconds(f.rtt), at)
	}
}

// writeWire writes wire, tls and authentication; what is not known is a gap.
func writeWire(it *fact.ItemBuilder, r wire.Result, reason string, at fact.Position) {
	it.Object("wire", at).Set("name", r.Name, at).Set("confidence", r.Confidence, at).Set("product", r.Product, at).
		Set("version", r.Version, at).Set("conflict", r.Conflict, at)
	for _, f := range []struct{ name, value string }{{"tls", r.TLS}, {"authentication", r.Authentication}} {
		if f.value == "" {
			it.Gap(f.name, reason, at)
		} else {
			it.Set(f.name, f.value, at)
		}
	}
}
