package logs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Watch subscribes to what records in a cluster.
func (Collector) Watch(env *collectors.Env) {
	kinds := []string{"Pod", "Policy", "ConfigMap", "LokiStack", "Flow", "ClusterFlow", "Output", "ClusterOutput", "ClusterLogForwarder", "KubeletConfiguration"}
	kubernetes.Watch(env, "logs", kinds, func(target fact.Target) kubernetes.Visitor {
		by := env.Envelope("logs", "kubernetes")
		return &cluster{target: target, taken: kubernetes.IDs{}, sources: fact.NewBuilder("log.source", target, by, env.Now), stores: fact.NewBuilder("log.store", target, by, env.Now)}
	})
}

// cluster gathers what the manifests of a target record, and where to.
type cluster struct {
	target          fact.Target
	sources, stores *fact.Builder
	policies        []auditPolicy
	refs            []string // stores of API servers
	taken           kubernetes.IDs
}

// Object reads one object.
func (c *cluster) Object(o *kubernetes.Object) {
	switch {
	case o.Group == "audit.k8s.io" && o.Kind == "Policy":
		c.policies = append(c.policies, readAuditPolicy(o))
	case o.Group == "" && o.Kind == "Pod":
		c.pod(o)
	case o.Group == "" && o.Kind == "ConfigMap":
		c.shippers(o)
	case o.Kind == "Pod" || o.Kind == "Policy" || o.Kind == "ConfigMap":
	case o.Group == "loki.grafana.com" || o.Group == "logging.banzaicloud.io" || o.Group == "logging.openshift.io" || o.Group == "observability.openshift.io" || o.Group == "kubelet.config.k8s.io":
		c.unread(o.ID + ": what a " + o.Kind + " of " + o.Group + " keeps is not read")
	}
}

func (c *cluster) unread(reason string) {
	c.sources.Incomplete(reason)
	c.stores.Incomplete(reason)
}

// Documents returns sources and stores.
func (c *cluster) Documents() []*fact.Document {
	for _, p := range c.policies {
		p.put(c)
	}
	return []*fact.Document{c.sources.Document(), c.stores.Document()}
}

// shipperFiles are the files of programs that ship or keep logs.
var shipperFiles = []string{"fluent-bit.conf", "fluent-bit.yaml", "fluent.conf", "promtail.yaml", "promtail.yml", "config.alloy", "vector.yaml", "vector.toml", "filebeat.yml", "loki.yaml", "logstash.conf"}

// shippers notes configurations of shippers, which manifests carry as text.
func (c *cluster) shippers(o *kubernetes.Object) {
	data := o.Value(o.Root, "data")
	if data == nil {
		return
	}
	if data.Kind != node.Object {
		c.unread(o.ID + ": its data cannot be read")
		return
	}
	for _, key := range data.Keys {
		if slices.Contains(shipperFiles, key.Name) {
			c.unread(o.ID + ": what " + key.Name + " says of logs is not read")
		}
	}
}

// write adds a log.source.
func (c *cluster) write(id string, at fact.Position, enabled aws.Answer[bool], body aws.Answer[bool], settings map[string]aws.Answer[string], stores aws.Answer[[]string]) {
	none := fact.Position{}
	item := c.sources.Add(id, "declared", at)
	item.Set("provider", "", none).Set("of", "kube-apiserver", none).Set("type", "cluster_api", none).Set("product", "kube_apiserver", none).Set("category", "security_audit", none)
	enabled.Put(item, "enabled")
	if body.Known() {
		names := []string{"client_address", "user_name"}
		if body.Value {
			names = []string{"body", "client_address", "user_name"}
		}
		for _, name := range names {
			item.Append("fields", at).Set("name", name, at).Set("form", "full", at)
		}
	} else {
		item.Gap("fields", body.Reason, body.Pos)
	}
	if len(settings) == 0 {
		item.Set("settings", []any{}, at)
	}
	for _, name := range fact.SortedKeys(settings) {
		s := item.Append("settings", settings[name].Pos)
		s.Set("name", name, settings[name].Pos)
		settings[name].Put(s, "value")
	}
	stores.Put(item, "stores")
}

// pod reads the audit log of an API server that the manifests run themselves.
// https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
func (c *cluster) pod(o *kubernetes.Object) {
	reason := kubernetes.Programs(o, "kube-apiserver", func(one kubernetes.Container, flags kubernetes.Flags) {
		at, id := o.At(one.Node), c.taken.Take(o.ID+"/"+one.Name+"/audit")
		policy, path, webhook := flags.Text("audit-policy-file", ""), flags.Text("audit-log-path", ""), flags.Text("audit-webhook-config-file", "")
		given := func(a aws.Answer[string]) aws.Answer[bool] {
			return aws.Then(a, func(s string) bool { return s != "" })
		}
		settings := map[string]aws.Answer[string]{"audit-policy-file": policy, "audit-log-path": path, "audit-webhook-config-file": webhook}
		for _, name := range []string{"audit-log-maxage", "audit-log-maxbackup", "audit-log-maxsize"} {
			if v := flags.Text(name, ""); !v.Default {
				settings[name] = v
			}
		}
		stores := aws.Default([]string{}, at)
		if path.Known() && path.Value != "" && path.Value != "-" {
			c.file(id, path, flags, o, one, at)
			ref := c.target.ID + "#" + id
			c.refs = append(c.refs, ref)
			stores = aws.Declared([]string{ref}, path.Pos)
		}
		switch {
		case !path.Known():
			c.stores.Incomplete(id + ": where it writes to: " + path.Reason)
			stores = aws.NotKnown[[]string](path.Reason, path.Pos)
		case path.Value == "-" || !webhook.Known() || webhook.Value != "":
			stores = aws.NotKnown[[]string]("records also go where no file says", at)
		}
		body := aws.NotKnown[bool]("the audit policy decides what is recorded", policy.Pos)
		c.write(id, at, aws.And(given(policy), aws.Or(given(path), given(webhook))), body, settings, stores)
	})
	if reason != "" {
		c.unread(o.ID + ": " + reason)
	}
}

// file adds the audit log itself. Files that were rotated by size are deleted by age
// and number.
func (c *cluster) file(id string, path aws.Answer[string], flags kubernetes.Flags, o *kubernetes.Object, one kubernetes.Container, at fact.Position) {
	days := count(flags.Text("audit-log-maxage", ""))
	if days.Known() && days.Default {
		days = defaultAge(one, o, at)
	}
	if days.Known() && days.Value == 0 {
		days.Value = fact.Unbounded
	}
	backups := count(flags.Text("audit-log-maxbackup", "0"))
	least := days
	switch {
	case !backups.Known():
		least = aws.NotKnown[int](backups.Reason, backups.Pos)
	case backups.Value > 0:
		least = aws.Declared(0, backups.Pos)
	}
	const onNode = "the disks of the nodes decide"
	never := aws.Default(fact.Unbounded, at)
	s := &store{
		id: id, typ: "file", product: "kube_apiserver", at: at, name: path, least: least, most: days,
		conditions: aws.Default([]string{"files are rotated by size before they can age out (audit-log-maxsize)"}, at),
		encrypted:  aws.NotKnown[string](onNode, at), key: aws.NotKnown[string](onNode, at), versioned: aws.Default(false, at),
		object:     aws.Lifecycle{Expire: never, Earliest: never, Noncurrent: never, Abort: never},
		appendOnly: aws.Default(false, at), sealed: aws.Default(false, at), lockDays: aws.Default(0, at), remote: aws.Default([]string{}, at),
	}
	s.put(c.stores)
}

// count reads a number of days or files.
func count(text aws.Answer[string]) aws.Answer[int] {
	switch {
	case !text.Known():
		return aws.NotKnown[int](text.Reason, text.Pos)
	case text.Value == "":
		return aws.Default(0, text.Pos)
	}
	n, err := strconv.Atoi(text.Value)
	if err != nil || n < 0 {
		return aws.NotKnown[int]("it is no number", text.Pos)
	}
	return aws.Answer[int]{Value: n, Default: text.Default, Pos: text.Pos}
}

// defaultAge is how long files are kept where no flag says it: without end before
// Kubernetes 1.36, 366 days since.
func defaultAge(one kubernetes.Container, o *kubernetes.Object, at fact.Position) aws.Answer[int] {
	image := o.Text(one.Node, "", "image")
	tag := image.Value[strings.LastIndexByte(image.Value, ':')+1:]
	parts := strings.Split(strings.TrimPrefix(tag, "v"), ".")
	if len(parts) >= 2 && parts[0] == "1" {
		if minor, err := strconv.Atoi(parts[1]); err == nil {
			return aws.Default(map[bool]int{true: 366, false: 0}[minor >= 36], at)
		}
	}
	return aws.NotKnown[int]("no flag says it, and the version of the API server is not known", at)
}
