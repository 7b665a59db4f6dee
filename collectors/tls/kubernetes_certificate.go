package tls

import (
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

const certManager = "cert-manager.io"

// ordered is a certificate that cert-manager keeps in a Secret.
type ordered struct {
	certificate
	namespace string
	secret    aws.Answer[string]
	// by is who issues it.
	by issuerRef
	// asked are the lifetime, "" for the default, and when to renew.
	duration, renewBefore, percentage, policy aws.Answer[string]
	windows                                   *node.Node
	explicit                                  bool // the signature algorithm is written
	used                                      bool
}

// field reads an option of a certificate, "" if it is not written.
type field func(name string) aws.Answer[string]

// certificateObject reads a Certificate of cert-manager.
// https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
func (c *cluster) certificateObject(o *kubernetes.Object) {
	spec := o.Value(o.Root, "spec")
	order := c.order(o, o.ID, func(name string) aws.Answer[string] { return o.Text(spec, "", strings.Split(name, ".")...) })
	order.secret = o.Text(spec, "", "secretName")
	order.names = aws.Union(lowered(o.Texts(spec, "dnsNames")), o.Texts(spec, "ipAddresses"))
	order.usages = usages(o.Texts(spec, "usages"))
	order.authority = o.Bool(spec, false, "isCA")
	order.windows = o.Value(spec, "renewal", "windows")
	c.person(append(o.Texts(spec, "emailAddresses").Value, o.Text(spec, "", "commonName").Value)...)
	others, _ := o.List(spec, "otherNames")
	for _, n := range others {
		c.person(o.Text(n, "", "utf8Value").Value)
	}
}

// person has addresses of people masked wherever they stand.
func (c *cluster) person(names ...string) {
	for _, n := range names {
		if c.redactor != nil && strings.Contains(n, "@") {
			c.redactor.Add(strings.TrimSpace(n))
		}
	}
}

// annotationFields are the annotations of an Ingress or a Gateway that stand for
// fields of a Certificate.
var annotationFields = map[string]string{
	"privateKey.algorithm": "private-key-algorithm", "privateKey.size": "private-key-size", "privateKey.rotationPolicy": "private-key-rotation-policy",
	"duration": "duration", "renewBefore": "renew-before", "renewBeforePercentage": "renew-before-percentage",
	"issuerRef.kind": "issuer-kind", "issuerRef.group": "issuer-group",
}

// annotated orders the certificate of a Secret that an Ingress or a Gateway names,
// if its annotations ask cert-manager for one.
// https://cert-manager.io/docs/usage/ingress/#supported-annotations
func (c *cluster) annotated(o *kubernetes.Object, secret aws.Answer[string], hosts aws.Answer[[]string]) {
	note := func(name string) aws.Answer[string] {
		return o.Text(o.Root, "", "metadata", "annotations", certManager+"/"+name)
	}
	cluster, local := note("cluster-issuer"), note("issuer")
	acme := o.Flag(o.Annotation("kubernetes.io/tls-acme"), false)
	if cluster.Default && local.Default && acme.Known() && !acme.Value || secret.Known() && secret.Value == "" {
		return
	}
	order := c.order(o, o.ID, func(name string) aws.Answer[string] {
		if annotation := annotationFields[name]; annotation != "" {
			return note(annotation)
		}
		return aws.Default("", o.Pos())
	})
	if !cluster.Default {
		order.by.kind, order.by.name = aws.Declared("ClusterIssuer", cluster.Pos), cluster
	} else if order.by.name = local; local.Default {
		order.by.name = aws.NotKnown[string]("the issuer is the one that cert-manager's own options name", o.Pos())
	}
	c.person(split(note("email-sans")).Value...)
	order.secret = secret
	order.names = aws.Union(lowered(hosts), lowered(split(note("alt-names"))), split(note("ip-sans")))
	order.usages = usages(split(note("usages")))
	order.authority = aws.Default(false, o.Pos())
}

// order starts a certificate of which the fields are read; the issuer is known when
// all objects were read.
func (c *cluster) order(o *kubernetes.Object, origin string, of field) *ordered {
	order := &ordered{certificate: certificate{origin: origin, basis: "declared", at: o.Pos()}, namespace: o.Namespace}
	order.keyType, order.keyBits = keyOf(of("privateKey.algorithm"), of("privateKey.size"))
	if order.keyType.Known() && order.keyType.Default && order.keyBits.Default {
		order.basis = "default"
	}
	rotation := of("privateKey.rotationPolicy")
	order.rotates = aws.Then(rotation, func(name string) bool { return name == "Always" })
	if rotation.Known() && rotation.Value != "Always" && rotation.Value != "Never" {
		order.rotates = aws.NotKnown[bool]("by default keys are kept before version 1.18 of cert-manager and replaced since", rotation.Pos)
	}
	order.signature = aws.Then(of("signatureAlgorithm"), signatureName)
	order.explicit = order.signature.Value != ""
	order.duration, order.renewBefore, order.percentage, order.policy = of("duration"), of("renewBefore"), of("renewBeforePercentage"), of("renewal.policy")
	order.by = issuerRef{kind: of("issuerRef.kind"), name: of("issuerRef.name"), group: of("issuerRef.group")}
	c.orders = append(c.orders, order)
	return order
}

// keyOf reads type and size of a key: RSA with 2048 bits or a curve of 256 unless
// other ones are written. The size of an Ed25519 key is what it is.
func keyOf(algorithm, size aws.Answer[string]) (aws.Answer[string], aws.Answer[int]) {
	kind := aws.Then(algorithm, func(name string) string {
		return map[string]string{"": "rsa", "RSA": "rsa", "ECDSA": "ec", "Ed25519": "ed25519"}[name]
	})
	if kind.Known() && kind.Value == "" {
		kind = aws.NotKnown[string]("the algorithm of the key is not one that cert-manager has", algorithm.Pos)
	}
	switch {
	case !kind.Known():
		return kind, aws.NotKnown[int](kind.Reason, kind.Pos)
	case kind.Value == "ed25519":
		return kind, aws.Default(256, kind.Pos)
	case !size.Known():
		return kind, aws.NotKnown[int](size.Reason, size.Pos)
	case size.Value == "" || size.Value == "0":
		return kind, aws.Default(map[string]int{"rsa": 2048, "ec": 256}[kind.Value], size.Pos)
	}
	return kind, number(size)
}

// signatureName is the name of a signature algorithm in facts, "" for none and
// "other" for one that is not known.
func signatureName(name string) string {
	names := map[string]string{
		"": "", "SHA256WithRSA": "sha256-rsa", "SHA384WithRSA": "sha384-rsa", "SHA512WithRSA": "sha512-rsa",
		"ECDSAWithSHA256": "ecdsa-sha256", "ECDSAWithSHA384": "ecdsa-sha384", "ECDSAWithSHA512": "ecdsa-sha512", "PureEd25519": "ed25519",
	}
	if n, ok := names[name]; ok {
		return n
	}
	return "other"
}

// ownSignature is what a key signs itself with.
func ownSignature(kind string, bits int) string {
	hash := "sha256"
	switch {
	case kind == "ed25519":
		return kind
	case kind == "rsa" && bits >= 4096, kind == "ec" && bits == 521:
		hash = "sha512"
	case kind == "rsa" && bits >= 3072, kind == "ec" && bits == 384:
		hash = "sha384"
	}
	if kind == "ec" {
		return "ecdsa-" + hash
	}
	return hash + "-rsa"
}

// usages are those of a certificate, by default those of a server before extended
// usages came.
func usages(list aws.Answer[[]string]) aws.Answer[[]string] {
	if list.Known() && len(list.Value) == 0 {
		return aws.Default([]string{"digital signature", "key encipherment"}, list.Pos)
	}
	return list
}

// seconds reads a duration as Go writes it: "2160h".
func seconds(text aws.Answer[string], absent int) aws.Answer[int] {
	if !text.Known() {
		return aws.NotKnown[int](text.Reason, text.Pos)
	}
	if text.Value == "" {
		return aws.Default(absent, text.Pos)
	}
	d, err := time.ParseDuration(text.Value)
	if err != nil || d < 0 {
		return aws.NotKnown[int]("the duration cannot be read", text.Pos)
	}
	return aws.Declared(int(d/time.Second), text.Pos)
}

func lowered(list aws.Answer[[]string]) aws.Answer[[]string] {
	return aws.Then(list, func(names []string) []string {
		out := make([]string, len(names))
		for i, n := range names {
			out[i] = strings.ToLower(n)
		}
		return out
	})
}

func split(text aws.Answer[string]) aws.Answer[[]string] {
	return aws.Then(text, func(list string) []string {
		out := []string{}
		for _, one := range strings.Split(list, ",") {
			if one = strings.TrimSpace(one); one != "" {
				out = append(out, one)
			}
		}
		return out
	})
}

// lone is a certificate that no server declared here is known to show.
func (c *cluster) lone(order *ordered) {
	const reason = "which server shows the certificate is not known"
	at := order.at
	s := c.listen(order.origin, "cert_manager", "other", reason, at)
	s.role = "certificate"
	s.undecided(reason, at)
	s.serves, s.policy, s.redirects, s.hsts = aws.Default("other", at), aws.Default("", at), aws.Default("none", at), aws.Default(0, at)
	s.tls, s.plaintext, s.scope = aws.NotKnown[string](reason, at), aws.NotKnown[bool](reason, at), aws.NotKnown[string](reason, at)
	one := order.certificate
	one.named = aws.NotKnown[bool](reason, fact.Position{})
	s.shows(one)
}
