package tls

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// defaultPolicy is what a listener gets that names none, unless it is made in
// the console.
const defaultPolicy = elbPrefix + "2016-08"

// listener reads aws_lb_listener. A listener of plain TCP or UDP passes
// connections on; what they carry, the target decides.
func (c *collection) listener(r *terraform.Resource) {
	protocol := aws.Text(r.Body, "HTTP", "protocol")
	if protocol.Known() {
		switch protocol.Value {
		case "HTTP", "HTTPS", "TLS":
		default:
			return
		}
	}
	if protocol.Default && !c.application(r) {
		return
	}
	serves := "web"
	if protocol.Known() && protocol.Value == "TLS" {
		serves = "other"
	}
	s := c.server(r.Address, "elb", serves, r)
	s.port = aws.Int(r.Body, 0, "port")
	s.scope = c.reach(r)
	encrypted := aws.Then(protocol, func(p string) bool { return p != "HTTP" })
	s.require(encrypted, "off")
	switch {
	case !protocol.Known():
		s.undecided(protocol.Reason, protocol.Pos)
	case protocol.Value == "HTTP":
		s.redirects = c.answers(r)
	default:
		s.accept(aws.Text(r.Body, defaultPolicy, "ssl_policy"), elbPolicy)
		s.verify = mutual(r)
		if protocol.Value == "HTTPS" {
			s.hsts = maxAge(r.Body, "routing_http_response_strict_transport_security_header_value")
		}
	}
}

// application reports whether the listener's load balancer may be one for HTTP:
// the protocol has a default only there.
func (c *collection) application(r *terraform.Resource) bool {
	for _, l := range c.x.Named(r.Body.Get("load_balancer_arn"), "aws_lb", "aws_alb") {
		typ := aws.Text(l.Body, "application", "load_balancer_type")
		if l.Reason == "" && typ.Known() && typ.Value != "application" {
			return false
		}
	}
	return true
}

// reach reads whether the load balancer of a listener is internal; by default it
// is not.
func (c *collection) reach(r *terraform.Resource) aws.Answer[string] {
	v := r.Body.Get("load_balancer_arn")
	links := c.x.Named(v, "aws_lb", "aws_alb")
	if len(links) != 1 || links[0].Reason != "" {
		return aws.NotKnown[string]("the load balancer is not known", v.Pos)
	}
	return scopeOf(aws.Bool(links[0].Body, false, "internal"))
}

func scopeOf(internal aws.Answer[bool]) aws.Answer[string] {
	return aws.Then(internal, func(yes bool) string {
		if yes {
			return "internal"
		}
		return "internet"
	})
}

// answers reads what a listener without TLS does: redirect to HTTPS, answer by
// itself or redirect elsewhere, or serve. All its rules count.
func (c *collection) answers(r *terraform.Resource) aws.Answer[string] {
	worst := act(r.Body, "default_action")
	for _, typ := range []string{"aws_lb_listener_rule", "aws_alb_listener_rule"} {
		for _, l := range c.x.Attached(r, typ, "listener_arn") {
			one := act(l.Body, "action")
			if l.Reason != "" && !(one.Known() && one.Value == "https") {
				one = aws.NotKnown[string](l.Reason, l.Pos)
			}
			worst = less(worst, one)
		}
	}
	return worst
}

// less returns the answer that redirects less: none, then other, then https.
func less(a, b aws.Answer[string]) aws.Answer[string] {
	for _, kind := range []string{"none", "other"} {
		if a.Known() && a.Value == kind {
			return a
		}
		if b.Known() && b.Value == kind {
			return b
		}
		if kind == "none" && (!a.Known() || !b.Known()) {
			break
		}
	}
	if !a.Known() {
		return a
	}
	return b
}

// act reads the last action of a list, the one that answers.
func act(body *terraform.Value, name string) aws.Answer[string] {
	actions, reason := aws.Blocks(body, name)
	if reason != "" {
		return aws.NotKnown[string](reason, body.Pos)
	}
	out := aws.NotKnown[string]("no action is written", body.Pos)
	for _, a := range actions {
		typ := aws.Text(a, "", "type")
		switch {
		case !typ.Known():
			out = typ
		case typ.Value == "redirect":
			to := aws.Block(a, "redirect")
			out = aws.Then(aws.Text(to, "#{protocol}", "protocol"), func(p string) string {
				if p == "HTTPS" {
					return "https"
				}
				return "other"
			})
			out.Default = false
		case typ.Value == "fixed-response":
			out = aws.Declared("other", a.Pos)
		default:
			return aws.Declared("none", a.Pos)
		}
	}
	return out
}

// mutual reads what a listener asks of its clients.
func mutual(r *terraform.Resource) aws.Answer[string] {
	block := aws.Block(r.Body, "mutual_authentication")
	if block.Kind == terraform.Unknown {
		return aws.Unknown[string](block)
	}
	if block.Unset() {
		return aws.Default("none", r.Pos)
	}
	return aws.Then(aws.Text(block, "off", "mode"), func(mode string) string {
		if mode == "verify" {
			return "ca"
		}
		return "none" // passthrough leaves it to the target
	})
}

// maxAge reads the max-age of a Strict-Transport-Security value. Where the
// listener adds none, the application may.
func maxAge(body *terraform.Value, argument string) aws.Answer[int] {
	value := aws.Text(body, "", argument)
	switch {
	case !value.Known():
		return aws.NotKnown[int](value.Reason, value.Pos)
	case value.Default || value.Value == "":
		return aws.NotKnown[int]("the listener adds no header; the application may", value.Pos)
	}
	for _, part := range strings.Split(value.Value, ";") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		if strings.EqualFold(name, "max-age") {
			if n, err := strconv.Atoi(strings.Trim(text, `"`)); err == nil {
				return aws.Declared(n, value.Pos)
			}
		}
	}
	return aws.NotKnown[int]("the header has no max-age that can be read", value.Pos)
}
