package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
)

// logins adds whom the databases in a pod admit, as far as their images write it.
func (c *cluster) logins(o *kubernetes.Object, pod kubernetes.Pod) {
	containers, _ := pod.Containers()
	for _, one := range containers {
		image := o.Text(one.Node, "", "image")
		variable, given := podVariable(o, one, hbaVariable)
		if !image.Known() && !given {
			c.b.Incomplete(o.ID + "/" + one.Name + ": whether its image is a database: " + image.Reason)
		}
		if !writesLogins(image, given) {
			continue
		}
		at := o.At(one.Node)
		args := o.Texts(one.Node, "args")
		command := runsOtherwise(!one.Get("command").IsNull() || mountsNode(one.Get("volumeMounts")), args.Value, args.Known())
		id := c.taken.Take(o.ID + "/" + one.Name + "/pg_hba")
		loginRule{id: id, at: at, method: loginMethod(image, variable, command, at)}.put(c.b)
	}
}

// mountsNode reports whether a text in a tree names the file of rules, or cannot be
// read.
func mountsNode(n *node.Node) bool {
	return !n.IsNull() && (n.Kind == node.Opaque || strings.Contains(n.Text, hbaFile) || slices.ContainsFunc(n.Elems, mountsNode))
}

// podVariable reads a variable of a container's environment; given says that the
// container names it.
func podVariable(o *kubernetes.Object, one kubernetes.Container, name string) (value aws.Answer[string], given bool) {
	env, reason := o.List(one.Node, "env")
	for _, v := range env {
		switch at := v.Get("name"); {
		case v.Kind == node.Opaque || at != nil && at.Kind == node.Opaque:
			reason = "a variable of the environment cannot be read"
		case at == nil || at.Text != name:
		case o.Value(v, "valueFrom") != nil:
			return aws.NotKnown[string](name+" comes from a config map or secret", o.At(v)), true
		default:
			return o.Text(v, "", "value"), true
		}
	}
	switch {
	case reason != "":
		return aws.NotKnown[string](reason, o.At(one.Node)), false
	case o.Value(one.Node, "envFrom") != nil:
		return aws.NotKnown[string]("a config map or secret may set "+name, o.At(one.Node)), false
	}
	return aws.Default("", o.At(one.Node)), false
}
