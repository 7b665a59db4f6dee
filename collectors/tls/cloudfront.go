package tls

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// distribution reads aws_cloudfront_distribution: the viewers' side as a server,
// every custom origin as a connection of a client.
func (c *collection) distribution(r *terraform.Resource) {
	s := c.server(r.Address, "cloudfront", "web", r)
	s.port, s.scope = aws.Default(443, r.Pos), aws.Default("internet", r.Pos)
	s.accept(minimum(r), cloudfrontPolicy)
	plain, redirects := c.viewers(r)
	s.require(aws.Not(plain), "optional")
	s.redirects = redirects
	s.hsts = c.responseHeaders(r)
	origins, reason := aws.Blocks(r.Body, "origin")
	if reason != "" {
		c.b.Incomplete(r.Address + ": origin: " + reason)
	}
	for i, o := range origins {
		if o.Kind != terraform.Unknown {
			c.origin(r, o, i)
		}
	}
}

// minimum reads the security policy. With CloudFront's own certificate it is
// TLSv1, whatever is written; with another one TLSv1 unless written.
func minimum(r *terraform.Resource) aws.Answer[string] {
	cert := aws.Block(r.Body, "viewer_certificate")
	if cert.Kind == terraform.Unknown {
		return aws.Unknown[string](cert)
	}
	if cert.Unset() {
		return aws.Default("TLSv1", r.Pos)
	}
	own := aws.Bool(cert, false, "cloudfront_default_certificate")
	switch {
	case !own.Known():
		return aws.NotKnown[string](own.Reason, own.Pos)
	case own.Value:
		return aws.Default("TLSv1", own.Pos)
	}
	return aws.Text(cert, "TLSv1", "minimum_protocol_version")
}

// viewers reads what behaviours do with plain HTTP: serve it, redirect, refuse.
func (c *collection) viewers(r *terraform.Resource) (plain aws.Answer[bool], redirects aws.Answer[string]) {
	behaviours, reason := aws.Blocks(r.Body, "default_cache_behavior")
	more, other := aws.Blocks(r.Body, "ordered_cache_behavior")
	behaviours = append(behaviours[:len(behaviours):len(behaviours)], more...)
	plain, redirects = aws.Default(false, r.Pos), aws.Declared("https", r.Pos)
	if reason += other; reason != "" {
		plain, redirects = aws.NotKnown[bool](reason, r.Pos), aws.NotKnown[string](reason, r.Pos)
	}
	for _, b := range behaviours {
		policy := aws.Text(b, "", "viewer_protocol_policy")
		plain = aws.Or(plain, aws.Then(policy, func(p string) bool { return p == "allow-all" }))
		redirects = less(redirects, aws.Then(policy, func(p string) string {
			switch p {
			case "redirect-to-https":
				return "https"
			case "https-only":
				return "other"
			}
			return "none"
		}))
	}
	return plain, redirects
}

// responseHeaders reads the Strict-Transport-Security that the default behaviour
// adds by a response headers policy of the root.
func (c *collection) responseHeaders(r *terraform.Resource) aws.Answer[int] {
	behaviour := aws.Block(r.Body, "default_cache_behavior")
	v := behaviour.Get("response_headers_policy_id")
	if v.Unset() {
		return aws.NotKnown[int]("the distribution adds no header; the origin may", r.Pos)
	}
	links := c.x.Named(v, "aws_cloudfront_response_headers_policy")
	if len(links) != 1 || links[0].Reason != "" {
		return aws.NotKnown[int]("the response headers policy is not in the root module", v.Pos)
	}
	block := aws.Block(links[0].Body, "security_headers_config", "strict_transport_security")
	if block.Kind == terraform.Unknown {
		return aws.Unknown[int](block)
	}
	if block.Unset() {
		return aws.NotKnown[int]("the distribution adds no header; the origin may", links[0].Pos)
	}
	return aws.Int(block, 0, "access_control_max_age_sec")
}

// origin reads how CloudFront connects to a custom origin, whose certificate it
// always checks. Connections to S3 follow the viewer's.
func (c *collection) origin(r *terraform.Resource, o *terraform.Value, number int) {
	custom := aws.Block(o, "custom_origin_config")
	if custom.Unset() {
		return
	}
	name := aws.Text(o, strconv.Itoa(number), "origin_id")
	if !name.Known() {
		name.Value = strconv.Itoa(number)
	}
	s := c.server(r.Address+"/origin/"+name.Value, "cloudfront", "web", r)
	s.role, s.at = "client", o.Pos
	s.address = aws.Text(o, "", "domain_name")
	s.scope = aws.NotKnown[string]("where the origin is, its name does not say", o.Pos)
	s.verify = aws.Default("full", o.Pos)
	if custom.Kind == terraform.Unknown {
		s.tls, s.plaintext = aws.Unknown[string](custom), aws.Unknown[bool](custom)
		s.undecided(custom.Reason, custom.Pos)
		s.serves, s.redirects, s.port = aws.Default("web", o.Pos), aws.Default("none", o.Pos), aws.Unknown[int](custom)
		return
	}
	s.port = aws.Int(custom, 443, "https_port")
	policy := aws.Text(custom, "", "origin_protocol_policy")
	s.tls = aws.Then(policy, func(p string) string {
		return map[string]string{"https-only": "on", "http-only": "off"}[p]
	})
	if policy.Known() && s.tls.Value == "" {
		s.tls.Value = "optional" // match-viewer
	}
	s.plaintext = aws.Then(s.tls, func(t string) bool { return t != "on" })
	if !policy.Known() {
		s.undecided(policy.Reason, policy.Pos)
		s.serves, s.redirects, s.port = aws.Default("web", o.Pos), aws.Default("none", o.Pos), aws.NotKnown[int](policy.Reason, policy.Pos)
		return
	}
	if s.tls.Value == "off" {
		s.off(aws.Declared(true, policy.Pos))
		s.verify, s.port = aws.Declared("none", policy.Pos), aws.Int(custom, 80, "http_port")
		return
	}
	s.protocols = originProtocols(custom)
}

func originProtocols(custom *terraform.Value) aws.Answer[[]string] {
	written := aws.Texts(custom, "origin_ssl_protocols")
	if !written.Known() {
		return written
	}
	out := aws.Answer[[]string]{Value: []string{}, Pos: written.Pos}
	for _, p := range written.Value {
		v, ok := originVersions[p]
		if !ok {
			return aws.NotKnown[[]string]("version "+p+" is not in the table", written.Pos)
		}
		out.Value = append(out.Value, v)
	}
	return out
}

var originVersions = map[string]string{"SSLv3": "ssl3", "TLSv1": "tls1.0", "TLSv1.1": "tls1.1", "TLSv1.2": "tls1.2", "TLSv1.3": "tls1.3"}
