package ports

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/report"
	"github.com/writ-policy/writ/collectors/source/scan"
	"github.com/writ-policy/writ/collectors/source/wire"
	"github.com/writ-policy/writ/engine/fact"
)

// imported reads what other tools say of ports: reports of scanners, listings of sockets,
// descriptions of containers. They are told by what they hold.
func imported(env *collectors.Env) []*fact.Document {
	if env.Tree == nil {
		return nil
	}
	x := &importer{env: env, reports: map[string]*reported{}}
	var docs []*fact.Document
	for _, name := range env.Tree.Files {
		if !env.Owns(name) {
			continue
		}
		switch ext := path.Ext(name); {
		case ext == ".xml", ext == ".json", ext == ".jsonl", ext == ".ndjson", ext == ".nmap", env.Tree.Named(name):
			head := headOf(env, name)
			if f := report.Recognise(head); f != report.None {
				x.report(name, f)
				continue
			}
			if more := x.listing(name, head); more != nil {
				docs = append(docs, more...)
			}
		case ext == ".txt", ext == ".out", ext == ".log", ext == ".ss", ext == "":
			if more := x.listing(name, headOf(env, name)); more != nil {
				docs = append(docs, more...)
			}
		}
	}
	return append(docs, x.documents()...)
}

// headOf is the beginning of a file.
func headOf(env *collectors.Env, name string) []byte {
	file, err := env.Tree.FS.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	head := make([]byte, 4096)
	n, _ := io.ReadFull(file, head)
	return head[:n]
}

type importer struct {
	env     *collectors.Env
	reports map[string]*reported // by target and format
}

// reported is what reports of one format say of one target.
type reported struct {
	target string
	format report.Format
	hosts  []reportedHost
	cut    []string // why something may be missing
}

type reportedHost struct {
	report.Host
	file string
}

// report reads one file. What stands before a fault is kept, and is not complete.
func (x *importer) report(name string, format report.Format) {
	file, err := x.env.Tree.FS.Open(name)
	if err != nil {
		x.fault(name, 0, 0, "cannot be opened", err)
		return
	}
	defer file.Close()
	x.env.MarkRead(name, "")
	var of []*reported
	err = report.Read(format, bufio.NewReaderSize(file, 64<<10), func(h report.Host) {
		target := "host/" + h.Address.String()
		if plainHost(h.Name) {
			target = "host/" + h.Name
		}
		key := target + "\x00" + string(format)
		r := x.reports[key]
		if r == nil {
			r = &reported{target: target, format: format}
			x.reports[key] = r
		}
		r.hosts = append(r.hosts, reportedHost{h, name})
		if !slices.Contains(of, r) {
			of = append(of, r)
		}
	})
	if err == nil {
		return
	}
	var at *report.Error
	line, column := 0, 0
	if errors.As(err, &at) {
		line, column = at.Line, at.Column
	}
	x.fault(name, line, column, "report cannot be read to its end", err)
	for _, r := range of {
		r.cut = append(r.cut, name+": "+err.Error())
	}
	if len(of) == 0 { // of whom it speaks is not known: the report itself is the target
		r := &reported{target: "config/" + name, format: format, cut: []string{name + ": " + err.Error()}}
		x.reports[r.target] = r
	}
}

func (x *importer) fault(name string, line, column int, summary string, err error) {
	var in *fs.PathError
	if errors.As(err, &in) {
		err = in.Err
	}
	x.env.Diagnose(fact.Diagnostic{Severity: "error", Fatal: true, Summary: summary, Detail: err.Error(), Pos: fact.Position{Source: name, Line: line, Column: column}})
}

// plainHost reports whether a name can stand in a target's id.
func plainHost(name string) bool {
	return name != "" && len(name) <= 253 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	})
}

func (x *importer) documents() []*fact.Document {
	var docs []*fact.Document
	for _, key := range fact.SortedKeys(x.reports) {
		r := x.reports[key]
		w := newScanWriter(x.env, r.target, string(r.format), x.env.Now)
		for _, why := range r.cut {
			w.incomplete(why)
		}
		for _, h := range r.hosts {
			w.scan.Source(h.file, "")
			w.ports.Source(h.file, "")
		}
		r.write(w)
		docs = append(docs, w.documents()...)
	}
	return docs
}

// notSaid is why the vantage of a report is not known.
const notSaid = "the report does not say where the scan looked from"

func (r *reported) write(w *scanWriter) {
	type key struct{ protocol, address string }
	seen := map[key][]reportedHost{}
	var order []key
	for _, h := range r.hosts {
		protocols := fact.SortedKeys(h.Asked)
		for _, p := range h.Ports {
			if !slices.Contains(protocols, p.Protocol) {
				protocols = append(protocols, p.Protocol)
			}
		}
		for _, p := range protocols {
			k := key{p, h.Address.String()}
			if seen[k] == nil {
				order = append(order, k)
			}
			seen[k] = append(seen[k], h)
		}
	}
	for _, k := range order {
		r.address(w, k.protocol, seen[k])
	}
}

// address writes what reports say of one address and protocol.
func (r *reported) address(w *scanWriter, protocol string, hosts []reportedHost) {
	first := hosts[0]
	c := coverage{host: strings.TrimPrefix(r.target, "host/"), address: first.Address.String(), family: family(first.Address), protocol: protocol,
		addresses: 1, complete: len(r.cut) == 0, scopeReason: notSaid}
	var oldest time.Time
	states := map[int]result{}
	for _, h := range hosts {
		if oldest.IsZero() || !h.Finished.IsZero() && h.Finished.Before(oldest) {
			oldest = h.Finished
		}
		asked, said := h.Asked[protocol]
		switch {
		case !said:
			c.portsReason = "the report does not say which ports were asked"
		case h.Vague:
			c.completeReason = "the report does not name the ports that it sums up"
		}
		for _, a := range asked {
			c.ports = append(c.ports, scan.Range{From: uint16(a.From), To: uint16(a.To)})
		}
		for _, e := range h.Rest {
			if e.Protocol == protocol {
				for n := e.From; n <= e.To; n++ {
					states[n] = result{n, n, e.State, e.Reason}
				}
			}
		}
		for _, p := range h.Ports {
			if p.Protocol == protocol {
				states[p.Number] = result{p.Number, p.Number, p.State, p.Reason}
			}
		}
	}
	if c.portsReason != "" {
		c.ports, c.completeReason = nil, c.portsReason
		w.incomplete(c.portsReason)
	} else if c.completeReason != "" {
		w.incomplete(c.completeReason)
	}
	for _, n := range slices.Sorted(maps.Keys(states)) {
		s := states[n]
		if last := len(c.results) - 1; last >= 0 && c.results[last].to+1 == n && c.results[last].state == s.state && c.results[last].reason == s.reason {
			c.results[last].to = n
			continue
		}
		c.results = append(c.results, s)
	}
	if oldest.IsZero() {
		c.finishedReason = "the report does not say when"
	} else {
		c.finished = oldest.Format(time.RFC3339)
	}
	at := fact.Position{Source: first.file, Line: first.Line, Column: 1}
	w.coverage(c, at)
	for _, h := range hosts {
		for _, p := range h.Ports {
			if p.Protocol != protocol {
				continue
			}
			w.port(finding{coverage: c, port: p.Number, state: p.State, reason: p.Reason, rttReason: "the report does not say", wire: spoken(p), unasked: "the report does not say"},
				fact.Position{Source: h.file, Line: p.Line, Column: p.Column})
		}
	}
}

// spoken is what a report takes a port for. Product and version are kept where they are
// of a known form.
func spoken(p report.Port) wire.Result {
	s := p.Service
	r := wire.Result{Name: s.Name, Confidence: wire.PortTable}
	if s.Probed {
		r.Confidence = wire.Handshake
	}
	if s.Name == "" {
		r.Confidence = wire.None
	}
	r.Product, r.Version = wire.Product(s.Product + " " + s.Version)
	if s.TLS {
		r.TLS = "implicit"
	}
	return r
}
