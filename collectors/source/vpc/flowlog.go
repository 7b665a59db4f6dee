package vpc

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// flowLog is an aws_flow_log of a VPC, a subnet or a network interface.
type flowLog struct {
	name    string
	level   string // vpc_id, subnet_id, eni_id; "" if none is given
	of      Identity
	traffic string // ALL, ACCEPT, REJECT; "" with the reason
	reason  string
	pos     fact.Position
}

func (n *Network) readFlowLogs(root *terraform.Root) {
	for _, r := range root.Resources {
		if r.Mode != "managed" || r.Type != "aws_flow_log" {
			continue
		}
		l := &flowLog{name: r.Address, pos: r.Pos}
		for _, level := range []string{"vpc_id", "subnet_id", "eni_id"} {
			if v := r.Body.Get(level); !v.Unset() {
				l.level, l.of = level, n.Identify(v)
			}
		}
		if l.level == "" {
			continue // of a transit gateway
		}
		switch v := r.Body.Get("traffic_type"); {
		case v.Kind == terraform.String && slices.Contains([]string{"ALL", "ACCEPT", "REJECT"}, v.Text):
			l.traffic = v.Text
		case v.Kind == terraform.Unknown:
			l.reason = v.Reason
		default:
			l.reason = "traffic_type of " + r.Address + " is none of ALL, ACCEPT, REJECT"
		}
		if !r.KnownCount {
			l.traffic, l.reason = "", "the number of instances of "+r.Address+" is not known"
		}
		n.flowLogs = append(n.flowLogs, l)
	}
}

// Recorded says whether flow logs record admitted and refused connections of
// something in a network. They keep every flow, aggregated, never a sample.
type Recorded struct {
	Accepted, Denied             bool
	AcceptedReason, DeniedReason string // not known, and why
	Logs                         []string
	Pos                          fact.Position
}

// Recorded answers for what stands in a VPC and in some of its subnets. Without
// subnets, only a log of the whole VPC is certain to record it.
func (n *Network) Recorded(vpc Identity, subnets []Identity) Recorded {
	rec := Recorded{Logs: []string{}}
	rec.Accepted, rec.AcceptedReason = n.recorded(vpc, subnets, "ACCEPT", &rec)
	rec.Denied, rec.DeniedReason = n.recorded(vpc, subnets, "REJECT", &rec)
	slices.Sort(rec.Logs)
	rec.Logs = slices.Compact(rec.Logs)
	return rec
}

func (n *Network) recorded(vpc Identity, subnets []Identity, traffic string, rec *Recorded) (bool, string) {
	reason := ""
	covered := map[string]bool{}
	for _, l := range n.flowLogs {
		mine := false
		switch {
		case !l.of.Known():
			reason = "what " + l.name + " records is not known: " + l.of.Reason
			continue
		case l.level == "vpc_id":
			mine = vpc.Known() && l.of.Name == vpc.Name
		case l.level == "subnet_id":
			mine = slices.ContainsFunc(subnets, func(s Identity) bool { return s.Name == l.of.Name })
			if !mine && len(subnets) == 0 && n.subnetVPC(l.of).Name == vpc.Name {
				reason = "flow logs are declared for single subnets, and the subnets are not known"
			}
		}
		if !mine {
			continue
		}
		if l.traffic == "" {
			reason = l.reason
			continue
		}
		if l.traffic != "ALL" && l.traffic != traffic {
			continue
		}
		rec.Logs = append(rec.Logs, l.name)
		rec.Pos = l.pos
		if l.level == "vpc_id" {
			return true, ""
		}
		covered[l.of.Name] = true
	}
	if len(subnets) > 0 && !slices.ContainsFunc(subnets, func(s Identity) bool { return !s.Known() || !covered[s.Name] }) {
		return true, ""
	}
	switch {
	case reason != "":
		return false, reason
	case !vpc.Known() && vpc.Reason != "":
		return false, "the network is not known: " + vpc.Reason
	case !vpc.Known():
		return false, "the network is the account's default one, which is not declared here"
	case !vpc.Here():
		return false, "the network " + vpc.Name + " is not declared here, so its flow logs may be declared elsewhere"
	}
	return false, ""
}

// subnetVPC returns the VPC of a subnet of the root.
func (n *Network) subnetVPC(subnet Identity) Identity {
	if subnet.Resource == nil || subnet.Resource.Type != "aws_subnet" {
		return Identity{Reason: "subnet " + subnet.Name + " is not declared here"}
	}
	return n.Identify(subnet.Resource.Body.Get("vpc_id"))
}
