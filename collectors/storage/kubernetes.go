package storage

import (
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// databaseOperators are groups of objects that make databases and their volumes in
// ways not read here.
var databaseOperators = map[string][]string{
	"postgresql.cnpg.io": {"Cluster", "ScheduledBackup"}, "acid.zalan.do": {"postgresql"}, "postgres-operator.crunchydata.com": {"PostgresCluster"},
	"mysql.oracle.com": {"InnoDBCluster"}, "k8s.mariadb.com": {"MariaDB"}, "mongodbcommunity.mongodb.com": {"MongoDBCommunity"}, "psmdb.percona.com": {"PerconaServerMongoDB"},
	"kafka.strimzi.io": {"Kafka", "KafkaNodePool"}, "elasticsearch.k8s.elastic.co": {"Elasticsearch"}, "opensearch.opster.io": {"OpenSearchCluster"},
	"rabbitmq.com": {"RabbitmqCluster"}, "minio.min.io": {"Tenant"}, "redis.redis.opstreelabs.in": {"Redis", "RedisCluster"}, "velero.io": {"Backup", "Schedule", "BackupStorageLocation"},
	"databases.spotahome.com": {"RedisFailover"}, "ceph.rook.io": {"CephCluster", "CephObjectStore", "CephFilesystem"},
}

// Watch subscribes to what holds data in a cluster.
func (Collector) Watch(env *collectors.Env) {
	kinds := append(kubernetes.PodKinds(), "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "VolumeSnapshot", "EncryptionConfiguration", "EncryptionConfig")
	for _, list := range databaseOperators {
		kinds = append(kinds, list...)
	}
	kubernetes.Watch(env, "storage", kinds, func(target fact.Target) kubernetes.Visitor {
		b := fact.NewBuilder("data.store", target, env.Envelope("storage", "kubernetes"), env.Now)
		return &cluster{target: target, collection: &collection{b: b, byID: map[string]*store{}}, classes: map[string]*class{}, taken: kubernetes.IDs{}}
	})
}

// cluster gathers what holds data in the manifests of a target. What a claim gets
// follows from its StorageClass, which may be read after it.
type cluster struct {
	*collection
	target    fact.Target
	classes   map[string]*class
	claims    []claim
	snapshots []snapshot
	servers   []apiServer
	encrypts  []*store // by an EncryptionConfiguration
	taken     kubernetes.IDs
}

// Object reads one object.
func (c *cluster) Object(o *kubernetes.Object) {
	switch o.Group + "/" + o.Kind {
	case "/PersistentVolumeClaim":
		c.claim(o, o.ID, o.Name, o.Value(o.Root, "spec"), o.Pos())
	case "/PersistentVolume":
		c.volume(o)
	case "storage.k8s.io/StorageClass":
		c.class(o)
	case "snapshot.storage.k8s.io/VolumeSnapshot":
		c.snapshot(o)
	case "apiserver.config.k8s.io/EncryptionConfiguration", "/EncryptionConfig", "apiserver.config.k8s.io/EncryptionConfig":
		c.encryption(o)
	default:
		if slices.Contains(databaseOperators[o.Group], o.Kind) {
			c.b.Incomplete(o.ID + ": where a " + o.Kind + " of " + o.Group + " keeps its data is not read")
		} else if pod, ok := o.Pod(); ok {
			c.pod(o, pod)
		}
	}
}

// Documents joins claims and classes.
func (c *cluster) Documents() []*fact.Document {
	for _, one := range c.claims {
		c.settle(one)
	}
	for _, one := range c.snapshots {
		c.settleSnapshot(one)
	}
	for _, one := range c.servers {
		c.settleServer(one)
	}
	for _, s := range c.stores {
		s.put(c.b)
	}
	return []*fact.Document{c.b.Document()}
}

// somewhere makes unknown where a store is: manifests do not say in which region the
// cluster runs.
func somewhere(s *store) *store {
	const reason = "manifests do not say where the cluster runs"
	s.region, s.country = aws.NotKnown[string](reason, s.at), aws.NotKnown[string](reason, s.at)
	return s
}

// served leaves open who can reach a share: its server decides.
func served(s *store) {
	if s.typ != "share" {
		return
	}
	const reason = "the server of the share decides who can reach it, and is not declared in manifests"
	s.public, s.publicBy = aws.NotKnown[bool](reason, s.at), aws.NotKnown[[]string](reason, s.at)
}

// unique returns an id that no store has yet.
func (c *cluster) unique(id string) string {
	return c.taken.Take(id)
}

// pod adds the volumes of a pod that keep data on its node, and the claims that it
// makes itself.
func (c *cluster) pod(o *kubernetes.Object, pod kubernetes.Pod) {
	volumes, reason := o.List(pod.Spec, "volumes")
	if reason != "" {
		c.b.Incomplete(o.ID + ": its volumes: " + reason)
	}
	for _, v := range volumes {
		c.podVolume(o, v)
	}
	if o.Kind == "StatefulSet" {
		templates, reason := o.List(o.Root, "spec", "volumeClaimTemplates")
		if reason != "" {
			c.b.Incomplete(o.ID + ": volumeClaimTemplates: " + reason)
		}
		for _, t := range templates {
			name := o.Text(t, "", "metadata", "name")
			c.claim(o, o.ID+"/volumeClaimTemplates/"+name.Value, name.Value, o.Value(t, "spec"), o.At(t))
		}
	}
	c.apiServer(o)
}

// podVolume adds a volume: a folder of the node, one that lives as long as the pod,
// or a claim. One in memory is no place where data rests.
func (c *cluster) podVolume(o *kubernetes.Object, v *node.Node) {
	name := o.Text(v, "", "name")
	id := o.ID + "/volumes/" + name.Value
	const onNode = "the disks of the nodes decide"
	switch {
	case v.Has("hostPath"):
		s := somewhere(c.plain(c.unique(id), "volume", "hostpath", o.At(v)))
		s.name = o.Text(v, "", "hostPath", "path")
		s.encrypt(aws.NotKnown[bool](onNode, s.at), "", nil)
	case v.Has("emptyDir"):
		medium := o.Text(v, "", "emptyDir", "medium")
		if medium.Known() && medium.Value == "Memory" {
			return
		}
		s := somewhere(c.plain(c.unique(id), "temporary", "emptydir", o.At(v)))
		s.name, s.ttl = name, aws.NotKnown[int]("it ends with its pod, and nothing says when that is", o.At(v))
		s.encrypt(aws.NotKnown[bool](onNode, s.at), "", nil)
	case v.Has("ephemeral"):
		c.claim(o, id, name.Value, o.Value(v, "ephemeral", "volumeClaimTemplate", "spec"), o.At(v))
	case v.Has("persistentVolumeClaim"), v.Has("configMap"), v.Has("secret"), v.Has("projected"), v.Has("downwardAPI"):
	case v.Has("image"), v.Has("gitRepo"), v.Has("csi") && o.Text(v, "", "csi", "driver").Value == "secrets-store.csi.k8s.io":
	default:
		c.outside(o, c.unique(id), name, v, o.At(v))
	}
}

// outside adds a volume that exists outside of the cluster, whose own settings decide.
func (c *cluster) outside(o *kubernetes.Object, id string, name aws.Answer[string], v *node.Node, at fact.Position) {
	product, provider, typ := volumeProduct(o, v)
	s := somewhere(c.plain(id, typ, product, at))
	s.provider, s.name = provider, name
	s.encrypt(aws.NotKnown[bool]("the volume exists outside of the manifests", at), "", nil)
	served(s)
}

// volumeProduct tells what a volume is on, by its member that says so.
func volumeProduct(o *kubernetes.Object, v *node.Node) (product, provider, typ string) {
	for _, known := range [...][4]string{
		{"awsElasticBlockStore", "ebs", "aws", "volume"}, {"gcePersistentDisk", "persistent_disk", "gcp", "volume"}, {"azureDisk", "managed_disk", "azure", "volume"},
		{"azureFile", "azure_files", "azure", "share"}, {"nfs", "nfs", "", "share"}, {"cephfs", "cephfs", "", "share"}, {"rbd", "ceph_rbd", "", "volume"},
		{"iscsi", "iscsi", "", "volume"}, {"fc", "fibre_channel", "", "volume"}, {"local", "local", "", "volume"}, {"hostPath", "hostpath", "", "volume"}, {"vsphereVolume", "vsphere", "", "volume"},
	} {
		if v.Has(known[0]) {
			return known[1], known[2], known[3]
		}
	}
	if driver := o.Text(v, "", "csi", "driver"); driver.Value != "" {
		d := drivers[driver.Value]
		if d.product == "" {
			return driver.Value, "", "volume"
		}
		return d.product, d.provider, d.typ
	}
	return "", "", "volume"
}

// volume adds a PersistentVolume that is declared by hand.
func (c *cluster) volume(o *kubernetes.Object) {
	spec := o.Value(o.Root, "spec")
	if spec == nil || spec.Kind == node.Opaque {
		c.b.Incomplete(o.ID + ": its spec cannot be read")
		return
	}
	c.outside(o, c.unique(o.ID), aws.Declared(o.Name, o.Pos()), spec, o.Pos())
}
