package tls

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// gatewayDomain reads aws_api_gateway_domain_name. The default of its policy
// depends on the endpoint type and on when it was made.
func (c *collection) gatewayDomain(r *terraform.Resource) {
	s := c.gatewayServer(r, r.Address)
	s.address = aws.Text(r.Body, "", "domain_name")
	policy := aws.Text(r.Body, "", "security_policy")
	if policy.Default {
		policy = aws.NotKnown[string]("not written, and the default depends on the endpoint", r.Pos)
	}
	s.accept(policy, gatewayPolicy)
	s.verify = clientCertificates(r)
}

// gatewayDomain2 reads aws_apigatewayv2_domain_name.
func (c *collection) gatewayDomain2(r *terraform.Resource) {
	s := c.gatewayServer(r, r.Address)
	s.address = aws.Text(r.Body, "", "domain_name")
	block := aws.Block(r.Body, "domain_name_configuration")
	policy := aws.Text(block, "", "security_policy")
	if block.Kind == terraform.Unknown {
		policy = aws.Unknown[string](block)
	} else if policy.Default {
		policy = aws.NotKnown[string]("not written", r.Pos)
	}
	s.accept(policy, gatewayPolicy)
	s.verify = clientCertificates(r)
}

// gateway reads the endpoint that an API has of its own, unless it is switched
// off. Its policy is the service's.
func (c *collection) gateway(r *terraform.Resource) {
	off := aws.Bool(r.Body, false, "disable_execute_api_endpoint")
	if off.Known() && off.Value {
		return
	}
	s := c.gatewayServer(r, r.Address)
	s.policy = aws.NotKnown[string](notPublished, r.Pos)
	endpoint := aws.Block(r.Body, "endpoint_configuration")
	types := aws.Texts(endpoint, "types")
	s.scope = aws.Then(types, func(list []string) string {
		if len(list) == 1 && list[0] == "PRIVATE" {
			return "internal"
		}
		return "internet"
	})
}

// gatewayServer starts an API endpoint: HTTPS on port 443 and nothing else.
func (c *collection) gatewayServer(r *terraform.Resource, id string) *config {
	s := c.server(id, "api_gateway", "web", r)
	s.port, s.scope = aws.Default(443, r.Pos), aws.Default("internet", r.Pos)
	s.hsts = aws.NotKnown[int]("the gateway adds no header; the integration may", r.Pos)
	return s
}

func clientCertificates(r *terraform.Resource) aws.Answer[string] {
	block := aws.Block(r.Body, "mutual_tls_authentication")
	switch {
	case block.Kind == terraform.Unknown:
		return aws.Unknown[string](block)
	case block.Unset():
		return aws.Default("none", r.Pos)
	}
	return aws.Declared("ca", block.Pos)
}
