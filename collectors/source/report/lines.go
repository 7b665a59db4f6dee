package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/netip"
	"strconv"
	"time"
)

// records hands on the JSON objects of a list or of lines, each with the line it begins
// on. Between them commas and brackets may stand as they like: old versions of masscan
// left one too many behind. A list that is begun must be ended.
func records(r io.Reader, take func(line int, raw []byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	line, listed, closed := 1, false, false
	fail := func(what string) error { return &Error{Line: line, Column: 1, What: what} }
	for {
		c, err := in.ReadByte()
		if err == io.EOF {
			if listed && !closed {
				return fail("the list is not closed: the report is cut off")
			}
			return nil
		}
		if err != nil {
			return fail("cannot be read")
		}
		switch c {
		case '\n':
			line++
			continue
		case ' ', '\t', '\r', ',', 0xef, 0xbb, 0xbf:
			continue
		case '[':
			listed = true
			continue
		case ']':
			closed = true
			continue
		case '{':
		default:
			return fail("what stands between the records is no JSON")
		}
		raw, lines, ok := object(in)
		if !ok {
			return fail("a record is cut off or too long")
		}
		if bytes.HasPrefix(bytes.TrimLeft(raw[1:], " "), []byte("finished:")) {
			continue // as masscan once ended a report, with a name that JSON would quote
		}
		if err := take(line, raw); err != nil {
			return err
		}
		line += lines
	}
}

// maxRecord bounds one record.
const maxRecord = 1 << 20

// object reads to the brace that closes the one that was read.
func object(in *bufio.Reader) (raw []byte, lines int, ok bool) {
	raw = []byte{'{'}
	depth, quoted := 1, false
	for depth > 0 {
		c, err := in.ReadByte()
		if err != nil || len(raw) > maxRecord {
			return nil, 0, false
		}
		raw = append(raw, c)
		switch {
		case c == '\n':
			lines++
		case quoted && c == '\\':
			if c, err = in.ReadByte(); err != nil {
				return nil, 0, false
			}
			raw = append(raw, c)
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
	}
	return raw, lines, true
}

// ReadMasscan reads a report of masscan (-oJ, -oD). What was asked it does not say.
func ReadMasscan(r io.Reader, emit func(Host)) error {
	return records(r, func(line int, raw []byte) error {
		var m struct {
			IP    string          `json:"ip"`
			Time  json.RawMessage `json:"timestamp"`
			Ports []struct {
				Port    int    `json:"port"`
				Proto   string `json:"proto"`
				Status  string `json:"status"`
				Reason  string `json:"reason"`
				Service struct {
					Name string `json:"name"`
				} `json:"service"`
			} `json:"ports"`
			Rec    string `json:"rec_type"`
			Number int    `json:"port"`
			Proto  string `json:"proto"`
			Data   struct {
				Status string `json:"status"`
				Reason string `json:"reason"`
			} `json:"data"`
		}
		if err := json.Unmarshal(raw, &m); err != nil {
			return &Error{Line: line, Column: 1, What: "a record is no JSON of masscan"}
		}
		a, err := netip.ParseAddr(m.IP)
		if err != nil {
			return &Error{Line: line, Column: 1, What: "a record names no address"}
		}
		h := Host{Address: a.Unmap(), Finished: moment(m.Time), Line: line}
		for _, p := range m.Ports {
			if !protocol(p.Proto) || p.Port < 1 || p.Port > 65535 {
				continue // ICMP and ARP answers
			}
			if p.Service.Name != "" && p.Status == "" {
				continue // a banner, of a port that another record gives
			}
			h.Ports = append(h.Ports, Port{Protocol: p.Proto, Number: p.Port, State: state(p.Status), Reason: reason(p.Reason), Line: line, Column: 1})
		}
		if m.Rec == "status" && protocol(m.Proto) && m.Number > 0 && m.Number < 65536 { // -oD: one port to a record
			h.Ports = append(h.Ports, Port{Protocol: m.Proto, Number: m.Number, State: state(m.Data.Status), Reason: reason(m.Data.Reason), Line: line, Column: 1})
		}
		if len(h.Ports) > 0 {
			emit(h)
		}
		return nil
	})
}

// ReadNaabu reads the JSON lines of naabu. Only open ports stand there.
func ReadNaabu(r io.Reader, emit func(Host)) error {
	return records(r, func(line int, raw []byte) error {
		var m struct {
			Host     string          `json:"host"`
			IP       string          `json:"ip"`
			Port     json.RawMessage `json:"port"`
			Protocol string          `json:"protocol"`
			TLS      *bool           `json:"tls"`
			Time     json.RawMessage `json:"timestamp"`
		}
		if err := json.Unmarshal(raw, &m); err != nil {
			return &Error{Line: line, Column: 1, What: "a record is no JSON of naabu"}
		}
		a, err := netip.ParseAddr(m.IP)
		if err != nil {
			a, err = netip.ParseAddr(m.Host)
		}
		if err != nil {
			return &Error{Line: line, Column: 1, What: "a record names no address"}
		}
		p := Port{Protocol: m.Protocol, State: "open", Reason: "syn_ack", Line: line, Column: 1}
		var nested struct{ Port, Protocol int }
		if json.Unmarshal(m.Port, &p.Number) != nil {
			if json.Unmarshal(m.Port, &nested) != nil {
				return &Error{Line: line, Column: 1, What: "a record names no port"}
			}
			p.Number = nested.Port
			if nested.Protocol == 1 {
				p.Protocol = "udp"
			}
		}
		if p.Protocol == "" {
			p.Protocol = "tcp"
		}
		if p.Protocol == "udp" {
			p.Reason = "answer"
		}
		if m.TLS != nil && *m.TLS {
			p.Service.TLS, p.Service.TLSKnown = true, true
		}
		if !protocol(p.Protocol) || p.Number < 1 || p.Number > 65535 {
			return &Error{Line: line, Column: 1, What: "a record names no port"}
		}
		h := Host{Address: a.Unmap(), Finished: moment(m.Time), Ports: []Port{p}, Line: line}
		if m.Host != m.IP && m.Host != "" {
			h.Name = m.Host
		}
		emit(h)
		return nil
	})
}

// moment reads seconds or RFC 3339, quoted or not.
func moment(raw json.RawMessage) time.Time {
	text := string(bytes.Trim(raw, `"`))
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC().Truncate(time.Second)
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return seconds(text)
	}
	return time.Time{}
}

// Read reads a report of a format.
func Read(f Format, r io.Reader, emit func(Host)) error {
	switch f {
	case NmapXML:
		return Nmap(r, emit)
	case Masscan:
		return ReadMasscan(r, emit)
	}
	return ReadNaabu(r, emit)
}
