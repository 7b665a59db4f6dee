package tls

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// notConfigured is the reason of certificates of which configuration says nothing.
const notConfigured = "the certificate is not part of the configuration"

// certificate is one that a server shows, as far as configuration says: what is
// asked of an issuer, not what was issued.
type certificate struct {
	// origin is the id of what declares it or of the Secret that holds it.
	origin, basis string
	at            fact.Position

	keyType, signature aws.Answer[string]
	keyBits            aws.Answer[int]
	rotates, authority aws.Answer[bool]
	validity, renewal  aws.Answer[int] // seconds
	names, usages      aws.Answer[[]string]
	issuer, issuerType aws.Answer[string]
	// named is whether its names cover the hosts it is shown for.
	named aws.Answer[bool]
}

// unknownCertificate is one of which nothing is known, and why.
func unknownCertificate(origin, reason string, at fact.Position) certificate {
	text, number, flag, list := aws.NotKnown[string](reason, at), aws.NotKnown[int](reason, at), aws.NotKnown[bool](reason, at), aws.NotKnown[[]string](reason, at)
	return certificate{
		origin: origin, basis: "declared", at: at, keyType: text, signature: text, keyBits: number, rotates: flag, authority: flag,
		validity: number, renewal: number, names: list, usages: list, issuer: text, issuerType: text, named: flag,
	}
}

// shows adds a certificate to what a server shows.
func (s *config) shows(c certificate) { s.certificates = append(s.certificates, c) }

// showsUnknown makes what a server shows not known.
func (s *config) showsUnknown(reason string) {
	s.certificatesReason = cmp.Or(s.certificatesReason, reason)
}

// putCertificates writes what a server shows: nothing without TLS, and what is not
// known where no certificate is named.
func (s *config) putCertificates(item *fact.ItemBuilder) {
	switch {
	case s.role == "client" || s.tls.Known() && s.tls.Value == "off":
		item.Set("certificates", []any{}, fact.Position{})
		return
	case len(s.certificates) == 0 || s.certificatesReason != "":
		item.Gap("certificates", cmp.Or(s.certificatesReason, notConfigured), fact.Position{})
		return
	}
	slices.SortStableFunc(s.certificates, func(a, b certificate) int { return strings.Compare(a.origin, b.origin) })
	for _, c := range s.certificates {
		c.put(item.Append("certificates", c.at))
	}
}

func (c certificate) put(o *fact.ItemBuilder) {
	o.Set("origin", c.origin, fact.Position{}).Set("basis", c.basis, fact.Position{})
	c.keyType.Put(o, "key_type")
	c.keyBits.Put(o, "key_bits")
	c.rotates.Put(o, "key_rotated")
	c.signature.Put(o, "signature")
	c.validity.Put(o, "validity_seconds")
	c.renewal.Put(o, "renew_before_seconds")
	c.names.Put(o, "names")
	c.named.Put(o, "name_ok")
	c.usages.Put(o, "usages")
	c.authority.Put(o, "authority")
	c.issuer.Put(o, "issuer")
	c.issuerType.Put(o, "issuer_type")
}

// covers reports whether the names of a certificate cover all hosts.
func covers(names, hosts aws.Answer[[]string]) aws.Answer[bool] {
	switch {
	case !names.Known():
		return aws.NotKnown[bool](names.Reason, names.Pos)
	case !hosts.Known():
		return aws.NotKnown[bool](hosts.Reason, hosts.Pos)
	case len(hosts.Value) == 0 || slices.Contains(hosts.Value, "") || slices.Contains(hosts.Value, "*"):
		return aws.NotKnown[bool]("it is shown for every host", hosts.Pos)
	}
	for _, h := range hosts.Value {
		if !hostIn(strings.ToLower(h), names.Value) {
			return aws.Declared(false, names.Pos)
		}
	}
	return aws.Declared(true, names.Pos)
}
