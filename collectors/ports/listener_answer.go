package ports

import "github.com/writ-policy/writ/engine/fact"

// answers writes what a listener says when it is asked: wire, tls and authentication. It
// is called once for each listener. Without --probe nothing is sent to any.
func (x *inventory) answers(it *fact.ItemBuilder, l *listener) {
	reason := "not asked: --probe"
	if x.env.Probe {
		reason = "it was not asked"
	}
	for _, name := range []string{"wire", "tls", "authentication"} {
		it.Gap(name, reason, l.at)
	}
}
