package logs

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/json"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// disk starts a store of which the disks of the host decide the encryption.
func (m *machine) disk(id, typ, product string, at fact.Position) *store {
	s := m.add(id, typ, product, at)
	s.key = aws.NotKnown[string]("the disks of the host decide", at)
	s.encrypted = aws.NotKnown[string]("the disks of the host decide", at)
	return s
}

// document reads a file of one JSON or YAML document; a reason says why it is not known.
func (m *machine) document(name string, read func(string, []byte) ([]node.Document, []fact.Diagnostic)) (root *node.Node, reason string) {
	data, err := m.read(name, 4<<20)
	if err != nil {
		return nil, "/" + name + " cannot be read: " + err.Error()
	}
	docs, diagnostics := read("/"+name, data)
	m.env.Diagnose(diagnostics...)
	if slices.ContainsFunc(diagnostics, func(d fact.Diagnostic) bool { return d.Severity == "error" }) || len(docs) > 1 {
		return nil, "/" + name + " is not read: it is no document of its format"
	}
	if len(docs) == 0 || docs[0].Root.IsNull() {
		return &node.Node{Kind: node.Object}, ""
	}
	if docs[0].Root.Kind != node.Object {
		return nil, "/" + name + " is not read: it is no object"
	}
	return docs[0].Root, ""
}

// scalarAt reads a text, a number or a truth value below a node.
func scalarAt(n *node.Node, source, otherwise string, block fact.Position, names ...string) aws.Answer[string] {
	for i := range names {
		at := n.At(names[:i+1]...)
		switch {
		case at.IsNull():
			return aws.Default(otherwise, block)
		case at.Kind == node.Opaque:
			return aws.NotKnown[string](at.Reason, at.Pos(source))
		case i == len(names)-1 && (at.Kind == node.Object || at.Kind == node.Array), i < len(names)-1 && at.Kind != node.Object:
			return aws.NotKnown[string](strings.Join(names[:i+1], ".")+" is not of its type", at.Pos(source))
		}
	}
	v := n.At(names...)
	return aws.Declared(v.Text, v.Pos(source))
}

// docker reads the engine's default, and of each container what it was made with: a
// change of the default is for new containers alone.
// https://docs.docker.com/engine/logging/configure/
func (m *machine) docker(context.Context) {
	const name = "etc/docker/daemon.json"
	at := fact.Position{Source: "/" + name, Line: 1}
	_, err := fs.Stat(m.host.Files, name)
	if err != nil && !m.installed("usr/bin/dockerd", "usr/local/bin/dockerd", "usr/sbin/dockerd") {
		return
	}
	root, reason := &node.Node{Kind: node.Object}, ""
	if err == nil {
		root, reason = m.document(name, json.Read)
	} else if !errors.Is(err, fs.ErrNotExist) {
		reason = "/" + name + ": " + cause(err).Error()
	}
	folder := "/var/lib/docker"
	s := m.disk("docker", "container", "docker", at)
	s.name = aws.Declared("default", at)
	if reason != "" {
		s.unbound(reason, at)
	} else {
		m.containerBound(s, scalarAt(root, at.Source, "json-file", at, "log-driver"), func(option string) aws.Answer[string] {
			return scalarAt(root, at.Source, "", at, "log-opts", option)
		})
		if set := scalarAt(root, at.Source, folder, at, "data-root"); set.Known() {
			folder = path.Clean(set.Value)
		}
	}
	m.containers(strings.TrimPrefix(folder, "/") + "/containers")
}

// containers adds a store for each container that exists.
func (m *machine) containers(folder string) {
	entries, err := fs.ReadDir(m.host.Files, folder)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			m.miss("/%s: %v", folder, cause(err))
		}
		return
	}
	for _, e := range entries {
		id := e.Name()
		if !e.IsDir() || len(id) < 12 || strings.Trim(id, "0123456789abcdef") != "" {
			continue
		}
		name := path.Join(folder, id, "hostconfig.json")
		at := fact.Position{Source: "/" + name, Line: 1}
		s := m.disk("docker/"+id[:12], "container", "docker", at)
		s.name = aws.Declared(id[:12], at)
		root, reason := m.document(name, json.Read)
		if reason != "" {
			s.unbound(reason, at)
		} else {
			m.containerBound(s, scalarAt(root, at.Source, "json-file", at, "LogConfig", "Type"), func(option string) aws.Answer[string] {
				return scalarAt(root, at.Source, "", at, "LogConfig", "Config", option)
			})
		}
		m.hold("/"+path.Join(folder, id, id+"-json.log"), s)
	}
}

// hold says in which store a file is that does not give it its name.
func (m *machine) hold(file string, s *store) {
	if m.held == nil {
		m.held = map[string]*store{}
	}
	m.held[file] = s
}

// unbound says of a store that what bounds it is not known.
func (s *store) unbound(reason string, at fact.Position) {
	s.least, s.most, s.conditions = aws.NotKnown[int](reason, at), aws.NotKnown[int](reason, at), aws.NotKnown[[]string](reason, at)
	s.rotationUnknown = reason
}

// containerBound says what a logging driver of Docker bounds: json-file nothing without
// max-size, local always a size. All ends with the container.
func (m *machine) containerBound(s *store, driver aws.Answer[string], option func(string) aws.Answer[string]) {
	to, remote := dayless[driver.Value]
	size := option("max-size")
	s.least, s.most = aws.Default(0, driver.Pos), aws.Default(fact.Unbounded, driver.Pos)
	switch {
	case !driver.Known():
		s.unbound(driver.Reason, driver.Pos)
	case driver.Value == "none":
		s.most = aws.Declared(0, driver.Pos)
	case remote:
		s.unbound(to.reason, driver.Pos)
	case driver.Value != "json-file" && driver.Value != "local":
		s.unbound("the logging driver is a plugin", driver.Pos)
	case !size.Known():
		s.unbound(size.Reason, size.Pos)
	case size.Value == "" && driver.Value == "local":
		s.bound = "size"
	case size.Value == "":
	default:
		none, ok := unbounded(size.Value)
		switch {
		case !ok:
			s.unbound("max-size is not a size", size.Pos)
		case !none:
			s.bound = "size"
			fallthrough
		default:
			s.least, s.most = aws.Declared(0, size.Pos), aws.Declared(fact.Unbounded, size.Pos)
			s.by = []directive{{size.Pos, "max-size=" + size.Value}}
		}
	}
}

// kubelet reads what bounds the logs of containers on a node: five files of 10Mi unless
// it is told otherwise, and they end with their pod.
// https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
func (m *machine) kubelet(context.Context) {
	const logs = "var/log/pods"
	name := ""
	for _, n := range []string{"var/lib/kubelet/config.yaml", "etc/kubernetes/kubelet/kubelet-config.json", "etc/kubernetes/kubelet/config.json", "home/kubernetes/kubelet-config.yaml"} {
		if _, err := fs.Stat(m.host.Files, n); err == nil {
			name = n
			break
		}
	}
	_, err := fs.Stat(m.host.Files, logs)
	if name == "" && err != nil {
		return
	}
	at := fact.Position{Source: "/" + logs}
	if name != "" {
		at = fact.Position{Source: "/" + name, Line: 1}
	}
	s := m.disk("/"+logs+"/*/*/*", "container", "kubelet", at)
	s.name = aws.Declared("pods", at)
	if name == "" {
		s.unbound("the configuration of the kubelet was not found", at)
		return
	}
	read := yaml.Read
	if strings.HasSuffix(name, ".json") {
		read = json.Read
	}
	root, reason := m.document(name, read)
	size, files := scalarAt(root, at.Source, "10Mi", at, "containerLogMaxSize"), scalarAt(root, at.Source, "5", at, "containerLogMaxFiles")
	switch {
	case reason != "":
		s.unbound(reason, at)
		return
	case !size.Known() || !files.Known():
		s.unbound(size.Reason+files.Reason, at)
		return
	}
	s.bound = "size"
	s.least, s.most = aws.Default(0, at), aws.Default(fact.Unbounded, at)
	for key, a := range map[string]aws.Answer[string]{"containerLogMaxSize": size, "containerLogMaxFiles": files} {
		if !a.Default {
			s.by = append(s.by, directive{a.Pos, key + ": " + a.Value})
			s.most.Default = false
		}
	}
}
