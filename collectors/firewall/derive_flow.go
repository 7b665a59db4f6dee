package firewall

import (
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// flow is what flow logs record: yes, sampled, no, or "" with the reason; and
// where that is said.
type flow struct {
	accepted, denied, acceptedReason, deniedReason string
	at                                             fact.Position
}

func readFlow(e entry) flow {
	o, ok := e.item["flow_log"].(map[string]any)
	if !ok {
		reason := e.why("flow_log")
		return flow{acceptedReason: reason, deniedReason: reason}
	}
	l := flow{at: e.at("flow_log", "accepted")}
	if l.accepted, ok = textOf(o, "accepted"); !ok {
		l.acceptedReason = e.why("flow_log", "accepted")
	}
	if l.denied, ok = textOf(o, "denied"); !ok {
		l.deniedReason = e.why("flow_log", "denied")
	}
	return l
}

// ofLoose is the exposure of a rule whose group is not known: it opens its ports
// on whatever the group is attached to.
func (f *facts) ofLoose(r *filterRule) exposure {
	reason := r.why("chain")
	e := exposure{
		id: r.item.ID(), of: "firewall.chain", target: r.doc.Target, at: r.at(), cap: scopeInternet,
		families: []string{"ipv4", "ipv6"}, familiesOK: true, gaps: map[string]string{"chain": reason},
		flow: flow{acceptedReason: reason, deniedReason: reason},
	}
	e.q = query{protocol: r.protocol, from: r.from, to: r.to, portsKnown: r.portsKnown}
	e.unknownQuery(r)
	e.admission.add(r, e.q)
	e.admission.sum()
	return e
}

func (e *exposure) unknownQuery(r *filterRule) {
	if e.q.protocol == "" {
		e.gaps["protocol"] = r.why("match", "protocol")
	}
	if !e.q.portsKnown {
		e.gaps["port_from"] = r.why("match", "destination_ports")
		e.gaps["port_to"] = e.gaps["port_from"]
	}
}

// icmp has no ports, so no port range of it is exposed.
func icmp(protocol string) bool { return protocol == "icmp" || protocol == "icmpv6" }

func portless(protocol string) bool {
	return protocol != "" && protocol != vpc.Any && !vpc.HasPorts(protocol)
}
