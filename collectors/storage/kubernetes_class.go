package storage

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// driver is what a provisioner makes, and which parameters decide about encryption.
type driver struct {
	product, provider, typ string
	always                 bool   // encrypts whatever the class says
	switchName             string // parameter that turns encryption on
	keyName                string // parameter that names the customer's key
	method                 string
}

// drivers are provisioners by name, from their documentation: Amazon EBS CSI driver
// ("parameters"), Compute Engine persistent disk CSI driver, Azure disk and file CSI
// drivers, Filestore CSI driver, Ceph CSI, Longhorn ("Volume encryption").
var drivers = func() map[string]driver {
	ebs := driver{"ebs", "aws", "volume", false, "encrypted", "kmsKeyId", "aws:kms"}
	pd := driver{"persistent_disk", "gcp", "volume", true, "", "disk-encryption-kms-key", "google"}
	disk := driver{"managed_disk", "azure", "volume", true, "", "diskEncryptionSetID", "azure"}
	ceph := driver{"ceph", "", "volume", false, "encrypted", "", "luks"}
	return map[string]driver{
		"ebs.csi.aws.com": ebs, "kubernetes.io/aws-ebs": ebs, "pd.csi.storage.gke.io": pd, "kubernetes.io/gce-pd": pd,
		"disk.csi.azure.com": disk, "kubernetes.io/azure-disk": disk,
		"file.csi.azure.com":            {"azure_files", "azure", "share", true, "", "", "azure"},
		"kubernetes.io/azure-file":      {"azure_files", "azure", "share", true, "", "", "azure"},
		"filestore.csi.storage.gke.io":  {"filestore", "gcp", "share", true, "", "instance-encryption-kms-key", "google"},
		"efs.csi.aws.com":               {"efs", "aws", "share", false, "", "", ""},
		"rook-ceph.rbd.csi.ceph.com":    ceph,
		"rook-ceph.cephfs.csi.ceph.com": ceph, "rbd.csi.ceph.com": ceph, "cephfs.csi.ceph.com": ceph,
		"driver.longhorn.io": {"longhorn", "", "volume", false, "encrypted", "", "luks"},
	}
}()

// class is a StorageClass: what volumes of it are.
type class struct {
	driver      aws.Answer[string]
	known       bool // in the table
	made        driver
	encrypted   aws.Answer[bool]
	key         aws.Answer[string]
	byDefault   aws.Answer[bool] // whether claims that name no class get it
	declaration fact.Position
}

// class reads a StorageClass. Parameters are strings and their names have no case.
func (c *cluster) class(o *kubernetes.Object) {
	k := &class{driver: o.Text(o.Root, "", "provisioner"), declaration: o.Pos()}
	k.made, k.known = drivers[k.driver.Value]
	k.byDefault = aws.Or(o.Flag(o.Annotation("storageclass.kubernetes.io/is-default-class"), false), o.Flag(o.Annotation("storageclass.beta.kubernetes.io/is-default-class"), false))
	parameters := o.Value(o.Root, "parameters")
	k.key = parameter(o, parameters, k.made.keyName)
	switch on := parameter(o, parameters, k.made.switchName); {
	case !k.driver.Known():
		k.encrypted = aws.NotKnown[bool](k.driver.Reason, k.driver.Pos)
	case !k.known || k.made.product == "efs":
		k.encrypted = aws.NotKnown[bool]("what volumes of the provisioner "+k.driver.Value+" are kept on is not known", k.driver.Pos)
	case k.made.always:
		k.encrypted = aws.Default(true, k.driver.Pos)
	case !on.Known():
		k.encrypted = aws.NotKnown[bool](on.Reason, on.Pos)
	case on.Default:
		k.encrypted = aws.Default(false, o.Pos())
	default:
		yes, err := strconv.ParseBool(on.Value)
		k.encrypted = aws.Declared(yes, on.Pos)
		if err != nil {
			k.encrypted = aws.NotKnown[bool](k.made.switchName+" is neither true nor false", on.Pos)
		}
	}
	if c.classes[o.Name] != nil {
		const reason = "the StorageClass is declared twice"
		k.encrypted, k.key = aws.NotKnown[bool](reason, o.Pos()), aws.NotKnown[string](reason, o.Pos())
	}
	c.classes[o.Name] = k
}

func parameter(o *kubernetes.Object, from *node.Node, name string) aws.Answer[string] {
	if from != nil && from.Kind == node.Opaque {
		return aws.NotKnown[string](from.Reason, o.At(from))
	}
	if from != nil && name != "" {
		for _, key := range from.Keys {
			if strings.EqualFold(key.Name, name) {
				return o.Text(from, "", key.Name)
			}
		}
	}
	return aws.Default("", o.At(from))
}

// claim is a claim for a volume, until every class is read.
type claim struct {
	id, name string
	class    aws.Answer[string]
	bound    aws.Answer[string] // the volume it is for
	at       fact.Position
}

func (c *cluster) claim(o *kubernetes.Object, id, name string, spec *node.Node, at fact.Position) {
	one := claim{id: c.unique(id), name: name, class: o.Text(spec, "", "storageClassName"), bound: o.Text(spec, "", "volumeName"), at: at}
	if note := o.Annotation("volume.beta.kubernetes.io/storage-class"); one.class.Default && note != nil && o.Kind == "PersistentVolumeClaim" {
		one.class = o.Text(o.Root, "", "metadata", "annotations", "volume.beta.kubernetes.io/storage-class")
	}
	c.claims = append(c.claims, one)
}

// settle adds the volume that a claim gets.
func (c *cluster) settle(one claim) {
	k, reason := c.classOf(one)
	s := somewhere(c.plain(one.id, "volume", "", one.at))
	s.name = aws.Declared(one.name, one.at)
	if k == nil {
		s.encrypt(aws.NotKnown[bool](reason, one.class.Pos), "", nil)
		return
	}
	s.product, s.provider = k.driver.Value, ""
	if k.known {
		s.product, s.provider, s.typ = k.made.product, k.made.provider, k.made.typ
	}
	s.encrypt(k.encrypted, k.made.method, func() aws.Key { return k.keyOf(s) })
	served(s)
}

// classOf finds the class of a claim: the one it names, else the one of the cluster
// that is marked as default.
func (c *cluster) classOf(one claim) (*class, string) {
	switch {
	case !one.class.Known():
		return nil, one.class.Reason
	case one.class.Value != "":
		if k := c.classes[one.class.Value]; k != nil {
			return k, ""
		}
		return nil, "the StorageClass " + one.class.Value + " is not declared here"
	case !one.class.Default:
		return nil, "the claim is for a volume that exists already"
	case one.bound.Value != "" || !one.bound.Known():
		return nil, "the claim is for a volume that exists already"
	}
	var found *class
	for _, name := range fact.SortedKeys(c.classes) {
		k := c.classes[name]
		if !k.byDefault.Known() || k.byDefault.Value && found != nil {
			return nil, "which StorageClass is the default is not known"
		}
		if k.byDefault.Value {
			found = k
		}
	}
	if found == nil {
		return nil, "the default StorageClass of the cluster is not declared here"
	}
	return found, ""
}

// keyOf is the key of a volume of the class: the customer's where one is named, the
// provider's, or one that the storage keeps for itself.
func (k *class) keyOf(s *store) aws.Key {
	const where = "manifests do not say where the cluster runs"
	at := s.encrypted.Pos
	key := aws.Key{Manager: aws.Default("provider", at), Rotation: aws.NotKnown[int]("how often the key is rotated is not known", at),
		Location: k.key, Holder: aws.Default(k.made.provider, at), Country: aws.NotKnown[string](where, at)}
	switch {
	case !k.key.Known():
		return aws.UnknownKey(k.key.Reason, k.key.Pos)
	case k.key.Value != "":
		key.Manager = aws.Declared("customer", k.key.Pos)
	case k.made.provider == "":
		return aws.UnknownKey("where the key is kept is not read", at)
	case k.made.provider == "aws": // aws/ebs: once a year (AWS KMS Developer Guide, "AWS KMS keys")
		key.Rotation = aws.Default(365, at)
	}
	return key
}
