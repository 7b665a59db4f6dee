package tls

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// config is one tls.config before it is written into a document.
type config struct {
	id, role, product string
	at                fact.Position

	serves                    aws.Answer[string]
	tls                       aws.Answer[string] // on, off, optional
	protocols, suites, groups aws.Answer[[]string]
	policy, verify            aws.Answer[string]
	plaintext                 aws.Answer[bool]
	address, scope, redirects aws.Answer[string]
	port, hsts                aws.Answer[int]
	store                     []string
	// certificates that a server shows, not known if there is none, or a reason why
	// there may be others.
	certificates       []certificate
	certificatesReason string
}

// collection gathers the configurations of one root.
type collection struct {
	x       *aws.Index
	b       *fact.Builder
	configs []*config
}

// notPublished is the reason of what a provider decides and does not publish.
const notPublished = "decided by the provider and not in the table"

// server starts a listener that speaks TLS only, reachable from inside, of whose
// versions nothing is known.
func (c *collection) server(id, product, serves string, r *terraform.Resource) *config {
	at := r.Pos
	s := &config{
		id: id, role: "server", product: product, at: at, serves: aws.Default(serves, at),
		tls: aws.Default("on", at), policy: aws.Default("", at), verify: aws.Default("none", at),
		protocols: aws.NotKnown[[]string](notPublished, at), suites: aws.NotKnown[[]string](notPublished, at),
		groups: aws.NotKnown[[]string](notPublished, at), plaintext: aws.Default(false, at),
		address: aws.Default("", at), scope: aws.Default("internal", at), redirects: aws.Default("none", at),
		port: aws.Default(0, at), hsts: aws.Default(0, at),
	}
	c.configs = append(c.configs, s)
	return s
}

// require sets the switch: TLS only, or also without it. An unknown switch makes
// both fields unknown.
func (s *config) require(only aws.Answer[bool], otherwise string) {
	s.tls = aws.Then(only, func(yes bool) string {
		if yes {
			return "on"
		}
		return otherwise
	})
	s.plaintext = aws.Not(only)
	if only.Known() && !only.Value && otherwise == "off" {
		s.off(only)
	}
}

// off sets what holds where no connection is encrypted.
func (s *config) off(by aws.Answer[bool]) {
	none := aws.Answer[[]string]{Value: []string{}, Default: by.Default, Pos: by.Pos}
	s.tls = aws.Answer[string]{Value: "off", Default: by.Default, Pos: by.Pos}
	s.plaintext = aws.Answer[bool]{Value: true, Default: by.Default, Pos: by.Pos}
	s.protocols, s.suites, s.groups = none, none, none
}

// undecided makes unknown what depends on whether TLS is spoken at all.
func (s *config) undecided(reason string, at fact.Position) {
	text, list, number := aws.NotKnown[string](reason, at), aws.NotKnown[[]string](reason, at), aws.NotKnown[int](reason, at)
	s.serves, s.policy, s.verify, s.redirects = text, text, text, text
	s.protocols, s.suites, s.groups, s.hsts = list, list, list, number
}

// accept sets versions and suites by a policy of the provider.
func (s *config) accept(name aws.Answer[string], table func(string) (Policy, bool)) {
	s.policy = name
	if !name.Known() {
		s.protocols = aws.NotKnown[[]string](name.Reason, name.Pos)
		s.suites, s.groups = s.protocols, s.protocols
		return
	}
	p, ok := table(name.Value)
	if !ok {
		s.protocols = aws.NotKnown[[]string]("policy "+name.Value+" is not in the table", name.Pos)
		s.suites, s.groups = s.protocols, s.protocols
		return
	}
	s.protocols = aws.Answer[[]string]{Value: p.Protocols, Default: name.Default, Pos: name.Pos}
	s.suites = aws.Answer[[]string]{Value: p.Suites, Default: name.Default, Pos: name.Pos}
	if p.Suites == nil {
		s.suites = aws.NotKnown[[]string]("the suites of policy "+name.Value+" are not in the table", name.Pos)
	}
	s.groups = aws.NotKnown[[]string]("the groups of policy "+name.Value+" are not in the table", name.Pos)
}

// put writes the configuration into a document. The basis is default where the
// versions, or else the switch, follow from the product's default.
func (s *config) put(b *fact.Builder) {
	basis := "declared"
	if s.protocols.Known() && s.protocols.Default || !s.protocols.Known() && s.tls.Known() && s.tls.Default {
		basis = "default"
	}
	item := b.Add(s.id, basis, s.at)
	item.Set("role", s.role, fact.Position{})
	item.Set("product", s.product, fact.Position{})
	s.serves.Put(item, "serves")
	s.tls.Put(item, "tls")
	s.protocols.Put(item, "protocols")
	s.suites.Put(item, "suites")
	s.groups.Put(item, "groups")
	s.policy.Put(item, "policy")
	s.verify.Put(item, "verify")
	item.Set("key_files", []any{}, fact.Position{})
	s.putCertificates(item)
	s.plaintext.Put(item, "plaintext_allowed")
	item.Set("protocol", "tcp", fact.Position{})
	s.address.Put(item, "address")
	s.port.Put(item, "port")
	s.scope.Put(item, "scope")
	s.redirects.Put(item, "redirects")
	s.hsts.Put(item, "hsts_seconds")
	item.Set("store", fact.Strings(s.store), fact.Position{})
}
