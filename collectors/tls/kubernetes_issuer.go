package tls

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
)

// issuerRef names the issuer of a certificate.
type issuerRef struct{ kind, name, group aws.Answer[string] }

// issuerTypes are the members of an issuer's spec, and their names in facts.
var issuerTypes = [...][2]string{{"acme", "acme"}, {"ca", "ca"}, {"selfSigned", "self_signed"}, {"vault", "vault"}, {"venafi", "venafi"}}

// issuerObject notes how an Issuer or a ClusterIssuer issues.
// https://cert-manager.io/docs/configuration/issuers/
func (c *cluster) issuerObject(o *kubernetes.Object) {
	found := aws.NotKnown[string]("what the issuer is cannot be read", o.Pos())
	spec := o.Value(o.Root, "spec")
	for _, t := range issuerTypes {
		if n := o.Value(spec, t[0]); n != nil && spec.Has(t[0]) {
			found = aws.Declared(t[1], o.At(n))
			break
		}
	}
	id := issuerID(o.Kind, o.Namespace, o.Name)
	if _, again := c.issuers[id]; again {
		found = aws.NotKnown[string]("the issuer is declared more than once", o.Pos())
	}
	c.issuers[id] = found
}

func issuerID(kind, namespace, name string) string {
	if kind == "ClusterIssuer" {
		namespace = ""
	}
	return kind + "/" + namespace + "/" + name
}

// issue sets what depends on who issues a certificate. A lifetime is kept by those
// who sign in the cluster; others take it as a wish.
func (c *cluster) issue(order *ordered) {
	ref := order.by
	kind := aws.Then(ref.kind, func(k string) string {
		if k == "" {
			return "Issuer"
		}
		return k
	})
	order.issuer = aws.Then(ref.name, func(name string) string { return kind.Value + "/" + name })
	switch {
	case !kind.Known():
		order.issuer = kind
	case ref.name.Known() && ref.name.Value == "":
		order.issuer = aws.NotKnown[string]("no issuer is named", order.at)
	}
	switch {
	case !order.issuer.Known():
		order.issuerType = aws.NotKnown[string](order.issuer.Reason, order.issuer.Pos)
	case !ref.group.Known():
		order.issuerType = aws.NotKnown[string](ref.group.Reason, ref.group.Pos)
	case ref.group.Value != "" && ref.group.Value != certManager:
		order.issuerType = aws.Declared("other", ref.group.Pos)
	default:
		found, ok := c.issuers[issuerID(kind.Value, order.namespace, ref.name.Value)]
		if order.issuerType = found; !ok {
			order.issuerType = aws.NotKnown[string]("the issuer is not declared here", order.issuer.Pos)
		}
	}
	c.lifetime(order)
	order.signed()
}

const issuerDecides = "the issuer decides"

func (c *cluster) lifetime(order *ordered) {
	asked := seconds(order.duration, 2160*3600)
	switch by := order.issuerType; {
	case !by.Known():
		order.validity = aws.NotKnown[int](issuerDecides+", and "+strings.TrimPrefix(by.Reason, "and "), by.Pos)
	case by.Value == "ca" || by.Value == "self_signed":
		order.validity = asked
	default:
		order.validity = aws.NotKnown[int](issuerDecides+": a lifetime is a wish to one of type "+by.Value, by.Pos)
	}
	order.renewal = order.renewed()
}

// renewed is how long before the end of a certificate the next one is asked for: as
// written if that is shorter than its lifetime, else a third of it.
func (o *ordered) renewed() aws.Answer[int] {
	lifetime, before := o.validity, seconds(o.renewBefore, 0)
	share := number(aws.Then(o.percentage, func(p string) string {
		if p == "" {
			return "0"
		}
		return p
	}))
	switch {
	case !o.policy.Known():
		return aws.NotKnown[int](o.policy.Reason, o.policy.Pos)
	case o.policy.Value == "Disabled":
		return aws.Declared(0, o.policy.Pos)
	case o.windows != nil:
		return aws.NotKnown[int]("windows of its renewal decide", o.at)
	case !before.Known():
		return before
	case !share.Known():
		return share
	case !lifetime.Known():
		return lifetime
	case before.Value > 0 && before.Value < lifetime.Value:
		return before
	case share.Value > 0 && share.Value < 100:
		return aws.Declared(lifetime.Value*share.Value/100, share.Pos)
	}
	return aws.Answer[int]{Value: lifetime.Value / 3, Default: true, Pos: lifetime.Pos}
}

// signed sets the signature: that of its own key if it signs itself.
func (o *ordered) signed() {
	by := o.issuerType
	switch {
	case !o.signature.Known() || o.signature.Value == "other":
		o.signature = aws.NotKnown[string]("the signature algorithm is not one that cert-manager has", o.signature.Pos)
	case !by.Known():
		o.signature = aws.NotKnown[string](issuerDecides+", and "+by.Reason, by.Pos)
	case by.Value != "self_signed":
		o.signature = aws.NotKnown[string](issuerDecides+", by a key of its own", by.Pos)
	case o.explicit:
	case !o.keyBits.Known():
		o.signature = aws.NotKnown[string](o.keyBits.Reason, o.keyBits.Pos)
	default:
		o.signature = aws.Default(ownSignature(o.keyType.Value, o.keyBits.Value), o.keyBits.Pos)
	}
}
