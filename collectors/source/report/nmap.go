package report

import (
	"encoding/xml"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// nmap's XML, as its DTD and manual describe it: nmaprun with scaninfo, a host for each
// address, and runstats where the scan ended by itself.
type nmap struct {
	dec      *xml.Decoder
	asked    map[string][]Range
	started  time.Time
	finished bool
	emit     func(Host)
}

// Nmap reads a report and hands on each host that was up. The error says that it ends
// before the scan did.
func Nmap(r io.Reader, emit func(Host)) error {
	n := &nmap{dec: xml.NewDecoder(r), asked: map[string][]Range{}, emit: emit}
	n.dec.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		if strings.EqualFold(label, "iso-8859-1") || strings.EqualFold(label, "us-ascii") {
			return input, nil // names and numbers are ASCII
		}
		return nil, errors.New("a character set that is not read")
	}
	for {
		token, err := n.dec.Token()
		if err == io.EOF && n.finished {
			return nil
		}
		if err != nil {
			what := "the report ends before the scan did"
			if err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) && !strings.Contains(err.Error(), "unexpected EOF") {
				what = "it is no well-formed XML"
			}
			return n.fail(what)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "nmaprun":
			n.started = seconds(attribute(start, "start"))
		case "scaninfo":
			if p := attribute(start, "protocol"); protocol(p) {
				n.asked[p] = append(n.asked[p], ranges(attribute(start, "services"))...)
			}
		case "host":
			if err := n.host(start); err != nil {
				return err
			}
		case "finished":
			if exit := attribute(start, "exit"); exit != "" && exit != "success" {
				return n.fail("the scan did not end well")
			}
			n.finished = true
		}
	}
}

func (n *nmap) fail(what string) error {
	line, column := n.dec.InputPos()
	return &Error{Line: line, Column: column, What: what}
}

// host reads one element. A host that is cut off is handed on with what is there.
func (n *nmap) host(start xml.StartElement) error {
	h := Host{Asked: n.asked, Finished: seconds(attribute(start, "endtime"))}
	if h.Finished.IsZero() {
		h.Finished = n.started
	}
	h.Line, _ = n.dec.InputPos()
	up, last := true, -1
	var extra []rest
	for {
		token, err := n.dec.Token()
		if err != nil {
			h.Vague = true
			n.give(h, up, extra)
			what := "the report is cut off inside a host"
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) && !strings.Contains(syntax.Msg, "unexpected EOF") {
				what = "it is no well-formed XML"
			}
			return n.fail(what)
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "host" {
				n.give(h, up, extra)
				return nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "status":
				up = attribute(t, "state") != "down"
			case "address":
				if a, err := netip.ParseAddr(attribute(t, "addr")); err == nil && !h.Address.IsValid() {
					h.Address = a.Unmap()
				}
			case "hostname":
				if attribute(t, "type") == "user" && h.Name == "" {
					h.Name = attribute(t, "name")
				}
			case "extraports":
				count, _ := strconv.Atoi(attribute(t, "count"))
				extra = append(extra, rest{state: state(attribute(t, "state")), count: count})
			case "extrareasons":
				if len(extra) > 0 {
					e := &extra[len(extra)-1]
					p := attribute(t, "proto")
					listed := ranges(attribute(t, "ports"))
					for _, r := range listed {
						e.named = append(e.named, Rest{Protocol: p, Range: r, State: e.state, Reason: reason(attribute(t, "reason"))})
					}
					if e.reason = reason(attribute(t, "reason")); !protocol(p) || len(listed) == 0 {
						e.unnamed = true
					}
				}
			case "port":
				p := Port{Protocol: attribute(t, "protocol"), State: "unknown", Reason: "other"}
				p.Line, p.Column = n.dec.InputPos()
				p.Number, _ = strconv.Atoi(attribute(t, "portid"))
				last = -1
				if protocol(p.Protocol) && p.Number > 0 && p.Number < 65536 {
					h.Ports = append(h.Ports, p)
					last = len(h.Ports) - 1
				} else if p.Protocol != "ip" {
					h.Vague = true
				}
			case "state":
				if last >= 0 {
					h.Ports[last].State, h.Ports[last].Reason = state(attribute(t, "state")), reason(attribute(t, "reason"))
				}
			case "service":
				if last >= 0 {
					h.Ports[last].Service = serviceOf(t)
				}
			}
		}
	}
}

// rest is an extraports element.
type rest struct {
	state, reason string
	count         int
	named         []Rest
	unnamed       bool
}

// give hands a host on. Older versions do not name the ports that are summed up: where
// one group is, it is what the others leave.
func (n *nmap) give(h Host, up bool, extra []rest) {
	if !up || !h.Address.IsValid() {
		return
	}
	for _, e := range extra {
		if len(e.named) > 0 && !e.unnamed {
			h.Rest = append(h.Rest, e.named...)
			continue
		}
		if len(extra) > 1 || len(h.Asked) != 1 {
			h.Vague = h.Vague || e.count > 0
			continue
		}
		for p, asked := range h.Asked {
			left := h.left(p, asked)
			total := 0
			for _, r := range left {
				total += r.To - r.From + 1
			}
			if total != e.count {
				h.Vague = true
				continue
			}
			for _, r := range left {
				h.Rest = append(h.Rest, Rest{Protocol: p, Range: r, State: e.state, Reason: e.reason})
			}
		}
	}
	n.emit(h)
}

// left are the asked ports that are not listed.
func (h *Host) left(protocol string, asked []Range) []Range {
	var listed []int
	for _, p := range h.Ports {
		if p.Protocol == protocol {
			listed = append(listed, p.Number)
		}
	}
	slices.Sort(listed)
	var out []Range
	for _, r := range asked {
		from := r.From
		for _, p := range listed {
			if p < from || p > r.To {
				continue
			}
			if p > from {
				out = append(out, Range{from, p - 1})
			}
			from = p + 1
		}
		if from <= r.To {
			out = append(out, Range{from, r.To})
		}
	}
	return out
}

func serviceOf(t xml.StartElement) Service {
	s := Service{Name: service(attribute(t, "name")), Probed: attribute(t, "method") == "probed", Product: attribute(t, "product"), Version: attribute(t, "version")}
	s.TLS = attribute(t, "tunnel") == "ssl"
	s.TLSKnown = s.TLS
	return s
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func seconds(text string) time.Time {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || n > 1<<40 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// ranges reads "1,3-7,9"; what is no port is left out.
func ranges(text string) []Range {
	var out []Range
	for _, part := range strings.Split(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		if !ranged {
			last = first
		}
		from, errA := strconv.Atoi(first)
		to, errB := strconv.Atoi(last)
		if errA == nil && errB == nil && from >= 0 && from <= to && to < 65536 {
			out = append(out, Range{max(from, 1), to})
		}
	}
	return out
}
