package collectors

// Watcher is a collector that shares the reading of many files with others: it
// subscribes to what it wants to see before anything is collected, so that each
// file is read once and forgotten.
type Watcher interface {
	Collector
	// Watch subscribes; it reads nothing.
	Watch(*Env)
}

// watch lets the collectors of a scheme subscribe.
func watch(list []Collector, scheme Scheme, env *Env) {
	for _, c := range list {
		if w, ok := c.(Watcher); ok && len(c.Yields(scheme)) > 0 {
			w.Watch(env)
		}
	}
}

// Leave notes why a reader that knows the format of a file leaves it out.
func (t *Tree) Leave(name, reason string) {
	if t.left == nil {
		t.left = map[string]string{}
	}
	t.left[name] = reason
}

// Left returns the reason given to [Tree.Leave], "" if there is none.
func (t *Tree) Left(name string) string { return t.left[name] }
