package google

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Front is a port that a forwarding rule opens.
type Front struct {
	Resource *terraform.Resource
	// Scope is internet or internal.
	Scope    aws.Answer[string]
	Protocol aws.Answer[string]
	From, To aws.Answer[int]
	Families aws.Answer[[]string]
	// Target is the proxy or the pool that takes the traffic, nil with the reason
	// where it is not in the root, or where a backend service takes it as it is.
	Target       *terraform.Resource
	TargetReason string
}

// targetTypes are the types that forwarding rules send traffic to.
var targetTypes = []string{
	"google_compute_target_https_proxy", "google_compute_region_target_https_proxy", "google_compute_target_http_proxy",
	"google_compute_region_target_http_proxy", "google_compute_target_ssl_proxy", "google_compute_target_tcp_proxy",
	"google_compute_region_target_tcp_proxy", "google_compute_target_grpc_proxy", "google_compute_target_pool", "google_compute_target_instance",
	"google_compute_vpn_gateway",
}

// Proxied reports whether Google's proxies take the traffic, which the firewall
// of the network then does not see; not known where the target is not.
func (f Front) Proxied() aws.Answer[bool] {
	switch {
	case f.Target != nil:
		return aws.Declared(strings.HasSuffix(f.Target.Type, "_proxy"), f.Resource.Pos)
	case f.TargetReason != "":
		return aws.NotKnown[bool](f.TargetReason, f.Resource.Pos)
	}
	return aws.Declared(false, f.Resource.Pos)
}

// Fronts returns the ports that the forwarding rules of the root open. Both kinds
// are reached from the internet unless their scheme says otherwise. One without a
// scheme leads to a service of someone else and opens nothing of one's own.
func (x Index) Fronts() []Front {
	var out []Front
	for _, r := range x.OfType("google_compute_forwarding_rule", "google_compute_global_forwarding_rule") {
		scheme := aws.Text(r.Body, "EXTERNAL", "load_balancing_scheme")
		if scheme.Known() && !scheme.Default && scheme.Value == "" {
			continue
		}
		f := Front{Resource: r, Scope: schemeScope(scheme)}
		f.Families = aws.Then(aws.Text(r.Body, "IPV4", "ip_version"), func(v string) []string {
			if v == "IPV6" {
				return []string{"ipv6"}
			}
			return []string{"ipv4"}
		})
		f.Protocol = aws.Then(aws.Text(r.Body, "TCP", "ip_protocol"), func(p string) string {
			if p == "L3_DEFAULT" {
				return "any"
			}
			return strings.ToLower(p)
		})
		if v := r.Body.Get("target"); !v.Unset() {
			f.Target, f.TargetReason = x.The(v, targetTypes...)
		}
		for _, ports := range frontPorts(r) {
			one := f
			one.From, one.To = ports[0], ports[1]
			out = append(out, one)
		}
	}
	return out
}

func schemeScope(scheme aws.Answer[string]) aws.Answer[string] {
	if !scheme.Known() {
		return scheme
	}
	switch scheme.Value {
	case "EXTERNAL", "EXTERNAL_MANAGED":
		return aws.Answer[string]{Value: "internet", Default: scheme.Default, Pos: scheme.Pos}
	case "INTERNAL", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED":
		return aws.Declared("internal", scheme.Pos)
	}
	return aws.NotKnown[string]("load_balancing_scheme "+scheme.Value+" is not in the table", scheme.Pos)
}

// frontPorts reads the port ranges of a forwarding rule.
func frontPorts(r *terraform.Resource) [][2]aws.Answer[int] {
	unknown := func(reason string, v *terraform.Value) [][2]aws.Answer[int] {
		n := aws.NotKnown[int](orElse(reason, "not known"), at(v, r.Pos))
		return [][2]aws.Answer[int]{{n, n}}
	}
	one := func(v *terraform.Value) [2]aws.Answer[int] {
		from, to, reason := portRange(v)
		if reason != "" {
			n := aws.NotKnown[int](reason, at(v, r.Pos))
			return [2]aws.Answer[int]{n, n}
		}
		return [2]aws.Answer[int]{aws.Declared(from, at(v, r.Pos)), aws.Declared(to, at(v, r.Pos))}
	}
	if v := r.Body.Get("port_range"); !v.Unset() && !(v.Kind == terraform.String && v.Text == "") {
		return [][2]aws.Answer[int]{one(v)}
	}
	ports := r.Body.Get("ports")
	switch {
	case ports.Kind == terraform.List && len(ports.Elems) > 0:
		var out [][2]aws.Answer[int]
		for _, v := range ports.Elems {
			out = append(out, one(v))
		}
		return out
	case ports.Kind == terraform.Unknown:
		return unknown(ports.Reason, ports)
	}
	all := aws.Bool(r.Body, false, "all_ports")
	switch {
	case !all.Known():
		return unknown(all.Reason, r.Body.Get("all_ports"))
	case all.Value || aws.Text(r.Body, "", "ip_protocol").Value == "L3_DEFAULT":
		return [][2]aws.Answer[int]{{aws.Declared(0, r.Pos), aws.Declared(65535, r.Pos)}}
	}
	return unknown("no port is written", ports)
}

// backendTypes are the types of backend services.
var backendTypes = []string{"google_compute_backend_service", "google_compute_region_backend_service"}

// Guarded reports whether a security policy (Cloud Armor) may refuse clients of a
// front: one of the root's backend services has one. Which of them stand behind a
// front is not followed.
func (x Index) Guarded() aws.Answer[bool] {
	out := aws.Answer[bool]{}
	for _, r := range x.OfType(backendTypes...) {
		for _, name := range []string{"security_policy", "edge_security_policy"} {
			v := r.Body.Get(name)
			switch {
			case v.Unset() || v.Kind == terraform.String && v.Text == "":
			default:
				out = aws.Declared(true, at(v, r.Pos))
			}
		}
	}
	return out
}
