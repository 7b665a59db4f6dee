package kubernetes

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Flags are the options of a container's command line.
type Flags struct {
	values map[string]aws.Answer[string]
	at     fact.Position
	reason string // why there may be others
}

// Program reads the command line of a container that runs a program, by the first
// word of its command or, without one, by its image; false if it runs another.
func Program(o *Object, c Container, name string) (Flags, bool) {
	f := Flags{values: map[string]aws.Answer[string]{}, at: o.At(c.Node)}
	command, args := c.Get("command"), c.Get("args")
	first := ""
	if command != nil && len(command.Elems) > 0 {
		first = scalar(command.Elems[0])
	}
	image, _, _ := strings.Cut(path.Base(scalar(c.Get("image"))), ":")
	if path.Base(first) != name && !(first == "" && image == name) {
		return f, false
	}
	var words []*node.Node
	for _, list := range []*node.Node{command, args} {
		if list == nil {
			continue
		}
		if list.Kind != node.Array && !list.IsNull() {
			f.reason = "the command line cannot be read"
		}
		words = append(words, list.Elems...)
	}
	for i, w := range words {
		if w.Kind == node.Opaque {
			f.reason = w.Reason
			continue
		}
		option, ok := strings.CutPrefix(w.Text, "--")
		if !ok {
			continue
		}
		flag, value, given := strings.Cut(option, "=")
		at := o.At(w)
		if !given {
			value = "true"
			if i+1 < len(words) && !strings.HasPrefix(words[i+1].Text, "-") {
				value = words[i+1].Text
			}
		}
		if strings.Contains(value, "$(") {
			f.values[flag] = aws.NotKnown[string]("a variable gives the value", at)
			continue
		}
		f.values[flag] = aws.Declared(value, at)
	}
	return f, true
}

// Programs calls f for each container of an object's pod that runs a program, and
// returns why another may, "" if none does.
func Programs(o *Object, name string, f func(Container, Flags)) (reason string) {
	pod, ok := o.Pod()
	if !ok {
		return ""
	}
	containers, reason := pod.Containers()
	for _, c := range containers {
		if flags, ok := Program(o, c, name); ok {
			f(c, flags)
			continue
		}
		command := c.Get("command")
		if command != nil && command.Kind == node.Array && len(command.Elems) > 0 {
			command = command.Elems[0]
		} else if command.IsNull() {
			command = c.Get("image")
		}
		if command != nil && command.Kind == node.Opaque {
			reason = "what the container " + c.Name + " runs: " + command.Reason
		}
	}
	return reason
}

// Text returns the value of an option; absent is the program's default.
func (f Flags) Text(name, absent string) aws.Answer[string] {
	if v, ok := f.values[name]; ok {
		return v
	}
	if f.reason != "" {
		return aws.NotKnown[string](f.reason, f.at)
	}
	return aws.Default(absent, f.at)
}
