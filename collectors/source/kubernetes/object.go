// Package kubernetes reads the manifests of a source once for all collectors:
// which files they are, which targets they make up, and every object in them.
//
// A collector subscribes with [Watch] before anything is collected and is shown each
// object as it is read; its tree is forgotten afterwards, so that memory does not
// grow with the number of files. [Documents] then returns what its visitors made.
//
// Templates of Helm charts and patches of Kustomize are no objects: they are left
// out by name, with what renders them (helm template … | writ check -).
package kubernetes

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Object is one object of a manifest, a member of a List included.
type Object struct {
	// APIVersion is as written, Group its part before the "/": "" is the core group.
	APIVersion, Group, Kind string
	// Namespace is "" where the manifest does not give one, as for what belongs to no
	// namespace.
	Namespace, Name string
	// ID is "<namespace>/<kind>/<name>", without what is not given; unique in the target, for what stands there twice ends in "#2".
	ID string
	// Root is the object's mapping. Whoever keeps a part of it keeps the tree.
	Root *node.Node
	// Source is the file.
	Source string
	// Doubt is why the object may not be what a cluster holds, such as that another
	// of its name stands in the target.
	Doubt string
}

// Pos is where the object says its kind.
func (o *Object) Pos() fact.Position { return o.Root.KeyPos(o.Source, "kind") }

// At is the place of a node, that of the object for its root or for none.
func (o *Object) At(n *node.Node) fact.Position {
	if at := n.Pos(o.Source); !at.IsZero() && n != o.Root {
		return at
	}
	return o.Pos()
}

// Annotation returns the value of an annotation, nil if there is none.
func (o *Object) Annotation(name string) *node.Node {
	return o.Root.At("metadata", "annotations").Get(name)
}

// newObject makes an object of a mapping that has apiVersion and kind.
func newObject(source, apiVersion, kind string, root *node.Node) *Object {
	o := &Object{APIVersion: apiVersion, Kind: kind, Root: root, Source: source}
	if group, _, ok := strings.Cut(apiVersion, "/"); ok {
		o.Group = group
	}
	meta := root.Get("metadata")
	o.Namespace, o.Name = scalar(meta.Get("namespace")), scalar(meta.Get("name"))
	if o.Name == "" {
		if prefix := scalar(meta.Get("generateName")); prefix != "" {
			o.Name = prefix + "*"
		}
	}
	if o.ID = o.Kind; o.Name != "" {
		o.ID += "/" + o.Name
	}
	if o.Namespace != "" {
		o.ID = o.Namespace + "/" + o.ID
	}
	return o
}

// scalar is the text of a scalar, "" of anything else.
func scalar(n *node.Node) string {
	if n == nil || n.Kind != node.String && n.Kind != node.Number && n.Kind != node.Bool {
		return ""
	}
	return n.Text
}

// Pod is where the pods that an object makes are described.
type Pod struct {
	// Root is the pod or its template, Spec and Metadata its parts; nil if not given,
	// opaque if one that encloses them is.
	Root, Spec, Metadata *node.Node
}

// Pod returns the pod of an object that is one or makes such, false for any other.
func (o *Object) Pod() (Pod, bool) {
	path, ok := podPath(o.Group, o.Kind)
	if !ok {
		return Pod{}, false
	}
	root := follow(o.Root, path...)
	return Pod{Root: root, Spec: follow(root, "spec"), Metadata: follow(root, "metadata")}, true
}

// podPath is where an object of a kind has its pod.
func podPath(group, kind string) ([]string, bool) {
	switch group + "/" + kind {
	case "/Pod":
		return nil, true
	case "/PodTemplate":
		return []string{"template"}, true
	case "/ReplicationController", "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet", "batch/Job",
		"extensions/Deployment", "extensions/DaemonSet", "extensions/ReplicaSet":
		return []string{"spec", "template"}, true
	case "batch/CronJob":
		return []string{"spec", "jobTemplate", "spec", "template"}, true
	}
	return nil, false
}

// PodKinds are the kinds that are pods or make them.
func PodKinds() []string {
	return []string{"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "PodTemplate", "ReplicaSet", "ReplicationController", "StatefulSet"}
}

// follow goes to a member, and stops at what is opaque: what is in it is not known.
func follow(n *node.Node, names ...string) *node.Node {
	for _, name := range names {
		if n != nil && n.Kind == node.Opaque {
			return n
		}
		n = n.Get(name)
	}
	return n
}

// Container is a container of a pod.
type Container struct {
	*node.Node
	Name string
	Init bool
}

// Containers returns the containers of a pod, initial and ephemeral ones included,
// and why there may be others, "" if there are none.
func (p Pod) Containers() (all []Container, reason string) {
	if p.Spec != nil && p.Spec.Kind == node.Opaque {
		return nil, p.Spec.Reason
	}
	for _, list := range []string{"initContainers", "containers", "ephemeralContainers"} {
		n := p.Spec.Get(list)
		switch {
		case n.IsNull():
		case n.Kind == node.Opaque:
			reason = n.Reason
		case n.Kind != node.Array:
			reason = list + " is not a list"
		default:
			for _, c := range n.Elems {
				if c.Kind != node.Object {
					reason = "a member of " + list + " is not a mapping"
					if c.Kind == node.Opaque {
						reason = c.Reason
					}
					continue
				}
				all = append(all, Container{Node: c, Name: scalar(c.Get("name")), Init: list == "initContainers"})
			}
		}
	}
	return all, reason
}
