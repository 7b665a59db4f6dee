package compose

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// Port is an entry of a service's ports.
type Port struct {
	Pos fact.Position
	// Address is the host's, "" for all of them.
	Address aws.Answer[string]
	// From and To are the ports of the host, not known where the engine picks one.
	From, To aws.Answer[int]
	// TargetFrom and TargetTo are the ports of the container.
	TargetFrom, TargetTo aws.Answer[int]
	Protocol             aws.Answer[string]
	// Mode is "host" or "ingress".
	Mode aws.Answer[string]
}

// Ports returns what a service publishes; reason says why there may be more.
func (s *Service) Ports() (all []Port, reason string) {
	list, reason := s.Get("ports").List()
	for _, v := range list {
		if v.IsNull() {
			continue
		}
		all = append(all, readPort(v))
	}
	return all, reason
}

// Exposed returns the ports that a service says it listens on inside of its network.
func (s *Service) Exposed() (all []Port, reason string) {
	list, reason := s.Get("expose").List()
	for _, v := range list {
		p := unknownPort(v, v.why("it is no port"))
		if v.Scalar() {
			text, protocol, _ := strings.Cut(v.Text, "/")
			p.Protocol = transport(protocol, v.Pos)
			p.TargetFrom, p.TargetTo = span(text, "it is no port", v.Pos)
		}
		all = append(all, p)
	}
	return all, reason
}

const picked = "the engine picks a free port of the host"

func unknownPort(v *Value, reason string) Port {
	no, text := aws.NotKnown[int](reason, v.Pos), aws.NotKnown[string](reason, v.Pos)
	return Port{Pos: v.Pos, Address: text, From: no, To: no, TargetFrom: no, TargetTo: no, Protocol: text, Mode: aws.Default("ingress", v.Pos)}
}

// readPort reads an entry in either syntax.
func readPort(v *Value) Port {
	switch {
	case v.Kind == object:
		return longPort(v)
	case v.Scalar():
		return shortPort(v)
	case v.Kind == opaque:
		return templatePort(v)
	}
	return unknownPort(v, "it is not a port")
}

// templatePort reads what is certain of an entry with a variable that is not known:
// the container's port and the protocol, if they stand behind the last variable.
func templatePort(v *Value) Port {
	p := unknownPort(v, v.Reason)
	end := strings.LastIndexByte(v.Text, '}')
	if end < 0 || end+1 >= len(v.Text) || v.Text[end+1] != ':' {
		return p
	}
	target, protocol, _ := strings.Cut(v.Text[end+2:], "/")
	if strings.ContainsAny(target+protocol, ":$") {
		return p
	}
	p.Protocol = transport(protocol, v.Pos)
	p.TargetFrom, p.TargetTo = span(target, "it is no port", v.Pos)
	return p
}

// shortPort reads [[address:][port[-port]]:]port[-port][/protocol].
func shortPort(v *Value) Port {
	text, protocol, _ := strings.Cut(v.Text, "/")
	p := unknownPort(v, "it is not a port")
	p.Protocol = transport(protocol, v.Pos)
	p.Address = aws.Default("", v.Pos)
	parts := strings.Split(text, ":")
	n := len(parts)
	p.TargetFrom, p.TargetTo = span(parts[n-1], "the port of the container cannot be read", v.Pos)
	published := ""
	if n > 1 {
		published = parts[n-2]
	}
	if n > 2 {
		p.Address = hostAddress(strings.Join(parts[:n-2], ":"), v.Pos)
	}
	p.From, p.To = span(published, picked, v.Pos)
	p.match()
	return p
}

// match holds that a range of the host goes with one of the same length, or with one
// port, for which the engine then picks one of the range.
func (p *Port) match() {
	if !p.From.Known() || !p.TargetFrom.Known() || p.TargetFrom.Value == p.TargetTo.Value {
		return
	}
	if p.To.Value-p.From.Value != p.TargetTo.Value-p.TargetFrom.Value {
		const reason = "the ranges of the host and of the container differ in length"
		p.From, p.To = aws.NotKnown[int](reason, p.Pos), aws.NotKnown[int](reason, p.Pos)
	}
}

// longPort reads the mapping.
func longPort(v *Value) Port {
	p := unknownPort(v, "no port is given")
	if target := v.Get("target").String("", v.Pos); !target.Known() {
		p.TargetFrom = aws.NotKnown[int](target.Reason, target.Pos)
		p.TargetTo = p.TargetFrom
	} else if target.Value != "" {
		p.TargetFrom, p.TargetTo = span(target.Value, "", target.Pos)
	}
	if published := v.Get("published").String("", v.Pos); !published.Known() {
		p.From = aws.NotKnown[int](published.Reason, published.Pos)
		p.To = p.From
	} else {
		p.From, p.To = span(published.Value, picked, published.Pos)
		if published.Value == "0" {
			p.From, p.To = span("", picked, published.Pos)
		}
	}
	p.Address = v.Get("host_ip").String("", v.Pos)
	if p.Address.Known() && p.Address.Value != "" {
		p.Address = hostAddress(p.Address.Value, p.Address.Pos)
	}
	if protocol := v.Get("protocol").String("tcp", v.Pos); protocol.Known() {
		p.Protocol = transport(protocol.Value, protocol.Pos)
	} else {
		p.Protocol = protocol
	}
	p.Mode = v.Get("mode").String("ingress", v.Pos)
	return p
}

// span reads a port or a range of ports; absent is why there is none.
func span(text, absent string, at fact.Position) (from, to aws.Answer[int]) {
	if text == "" {
		none := aws.NotKnown[int](absent, at)
		return none, none
	}
	a, b, isRange := strings.Cut(text, "-")
	if !isRange {
		b = a
	}
	first, err1 := strconv.Atoi(a)
	last, err2 := strconv.Atoi(b)
	switch {
	case err1 != nil || err2 != nil || first < 0 || last > 65535 || first > last:
		none := aws.NotKnown[int]("it is not a port or a range of ports", at)
		return none, none
	case first == 0:
		none := aws.NotKnown[int](picked, at)
		return none, none
	}
	return aws.Declared(first, at), aws.Declared(last, at)
}

func transport(text string, at fact.Position) aws.Answer[string] {
	switch protocol := strings.ToLower(text); protocol {
	case "":
		return aws.Default("tcp", at)
	case "tcp", "udp", "sctp":
		return aws.Declared(protocol, at)
	}
	return aws.NotKnown[string]("the protocol is not one that is known", at)
}

// hostAddress reads an address of the host in its canonical form. A name of a host is
// none.
func hostAddress(text string, at fact.Position) aws.Answer[string] {
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		return aws.NotKnown[string]("the address of the host cannot be read", at)
	}
	return aws.Declared(a.Unmap().String(), at)
}

// identity is what the specification tells entries apart by; "" if that is not known.
func (p Port) identity() string {
	if !p.TargetFrom.Known() || !p.Protocol.Known() || !p.Address.Known() || !p.From.Known() && p.From.Reason != picked {
		return ""
	}
	address := p.Address.Value
	if address == "" {
		address = "0.0.0.0"
	}
	return fmt.Sprintf("%s:%d-%d:%d-%d/%s", address, p.From.Value, p.To.Value, p.TargetFrom.Value, p.TargetTo.Value, p.Protocol.Value)
}
