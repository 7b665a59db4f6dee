package storage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// encryption reads an EncryptionConfiguration of the API server: for each set of
// resources the providers in order, of which the first one encrypts. What it does
// not name stays plain, which is said of secrets.
// https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
func (c *cluster) encryption(o *kubernetes.Object) {
	list, reason := o.List(o.Root, "resources")
	if reason != "" {
		c.b.Incomplete(o.ID + ": its resources: " + reason)
	}
	named := reason != ""
	for i, n := range list {
		s := somewhere(c.plain(c.unique(fmt.Sprintf("%s/resources/%d", o.ID, i+1)), "etcd", "etcd", o.At(n)))
		names := o.Texts(n, "resources")
		s.name = aws.Then(names, func(list []string) string { return strings.Join(list, ", ") })
		named = named || !names.Known() || slices.ContainsFunc(names.Value, func(r string) bool { return r == "secrets" || r == "*." || r == "*.*" })
		providers, reason := o.List(n, "providers")
		if reason != "" || len(providers) == 0 {
			if reason == "" {
				reason = "no provider is given"
			}
			s.encrypt(aws.NotKnown[bool](reason, o.At(n.Get("providers"))), "", nil)
			continue
		}
		c.providers(o, s, providers)
		c.encrypts = append(c.encrypts, s)
	}
	if !named {
		s := somewhere(c.plain(c.unique(o.ID+"/resources/secrets"), "etcd", "etcd", o.Pos()))
		s.name = aws.Default("secrets", o.Pos())
		s.encrypt(aws.Default(false, o.Pos()), "", nil)
		s.methods = aws.Default([]string{"identity"}, o.Pos())
	}
}

// providers sets the encryption of a store by the providers of its resources.
func (c *cluster) providers(o *kubernetes.Object, s *store, providers []*node.Node) {
	var methods []string
	unknown := ""
	for _, p := range providers {
		if len(p.Keys) != 1 {
			s.encrypt(aws.NotKnown[bool]("a provider of encryption cannot be read", o.At(p)), "", nil)
			return
		}
		name := p.Keys[0].Name
		if name == "kms" {
			version := o.Text(p, "v1", "kms", "apiVersion")
			if !version.Known() {
				unknown = version.Reason
			}
			name += " " + version.Value
		}
		methods = append(methods, name)
	}
	first := providers[0]
	on := aws.Declared(methods[0] != "identity", o.At(first))
	switch {
	case methods[0] == "identity", methods[0] == "aescbc", methods[0] == "aesgcm", methods[0] == "secretbox", strings.HasPrefix(methods[0], "kms "):
	default:
		on = aws.NotKnown[bool]("the provider "+methods[0]+" is not one this reader knows", on.Pos)
	}
	s.encrypt(on, methods[0], func() aws.Key { return etcdKey(o, first, methods[0]) })
	switch {
	case unknown != "":
		s.methods = aws.NotKnown[[]string](unknown, on.Pos)
	case on.Known():
		s.methods = aws.Declared(methods, on.Pos)
	}
}

// etcdKey is the key of the first provider: in a key manager, or in the file itself.
func etcdKey(o *kubernetes.Object, n *node.Node, method string) aws.Key {
	at := o.At(n)
	const where = "manifests do not say where the cluster runs"
	key := aws.Key{Manager: aws.Declared("host", at), Rotation: aws.Default(fact.Unbounded, at), Location: aws.Declared(o.Source, at),
		Holder: aws.Default("", at), Country: aws.NotKnown[string](where, at)}
	if strings.HasPrefix(method, "kms ") {
		key.Manager, key.Location = aws.Declared("customer", at), o.Text(n, "", "kms", "name")
		key.Rotation = aws.NotKnown[int]("the key manager behind the plugin decides", at)
		key.Holder = aws.NotKnown[string]("the key manager behind the plugin is not named", at)
	}
	return key
}

// apiServer is an API server that the manifests run themselves.
type apiServer struct {
	id     string
	at     fact.Position
	config aws.Answer[string] // file of its EncryptionConfiguration, "" for none
}

// apiServer notes a container that runs kube-apiserver: without
// --encryption-provider-config what it keeps in etcd is plain.
func (c *cluster) apiServer(o *kubernetes.Object) {
	reason := kubernetes.Programs(o, "kube-apiserver", func(one kubernetes.Container, flags kubernetes.Flags) {
		c.servers = append(c.servers, apiServer{id: o.ID + "/" + one.Name + "/etcd", at: o.At(one.Node), config: flags.Text("encryption-provider-config", "")})
	})
	if reason != "" {
		c.b.Incomplete(o.ID + ": " + reason)
	}
}

// settleServer adds the etcd of an API server, unless an EncryptionConfiguration of
// the target says it.
func (c *cluster) settleServer(one apiServer) {
	if len(c.encrypts) > 0 && one.config.Known() && one.config.Value != "" {
		return
	}
	s := somewhere(c.plain(c.unique(one.id), "etcd", "etcd", one.at))
	switch {
	case !one.config.Known():
		s.encrypt(aws.NotKnown[bool](one.config.Reason, one.config.Pos), "", nil)
	case one.config.Value != "":
		s.encrypt(aws.NotKnown[bool]("its EncryptionConfiguration is not declared here", one.config.Pos), "", nil)
	default:
		s.encrypt(aws.Default(false, one.at), "", nil)
		s.methods = aws.Default([]string{"identity"}, one.at)
	}
}

// snapshot is a VolumeSnapshot.
type snapshot struct {
	id, name string
	of       aws.Answer[string] // the claim, by id
	at       fact.Position
}

func (c *cluster) snapshot(o *kubernetes.Object) {
	of := o.Text(o.Root, "", "spec", "source", "persistentVolumeClaimName")
	prefix := ""
	if o.Namespace != "" {
		prefix = o.Namespace + "/"
	}
	if of.Known() && of.Value != "" {
		of.Value = prefix + "PersistentVolumeClaim/" + of.Value
	}
	c.snapshots = append(c.snapshots, snapshot{id: o.ID, name: o.Name, of: of, at: o.Pos()})
}

// settleSnapshot adds a snapshot, which is encrypted as the volume is.
func (c *cluster) settleSnapshot(one snapshot) {
	s := somewhere(c.plain(c.unique(one.id), "snapshot", "", one.at))
	s.name, s.retention = aws.Declared(one.name, one.at), aws.Default(fact.Unbounded, one.at)
	of := c.byID[one.of.Value]
	if of == nil || !one.of.Known() {
		const reason = "what it is a snapshot of is not declared here"
		s.encrypt(aws.NotKnown[bool](reason, one.of.Pos), "", nil)
		s.of = aws.NotKnown[[]string](reason, one.of.Pos)
		return
	}
	s.product, s.provider = of.product, of.provider
	s.inherit(of)
	s.of = aws.Declared([]string{c.target.ID + "#" + of.id}, one.of.Pos)
}
