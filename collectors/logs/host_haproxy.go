package logs

import (
	"context"
	"io/fs"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// haproxy names HAProxy where it is configured. What it writes is not read.
func (m *machine) haproxy(context.Context) {
	const name = "etc/haproxy/haproxy.cfg"
	if _, err := fs.Stat(m.host.Files, name); err != nil {
		return
	}
	at := fact.Position{Source: "/" + name, Line: 1, Column: 1}
	m.note(name)
	const why = "what HAProxy writes is not read from its configuration"
	s := m.source("haproxy", "haproxy", "load_balancer", "haproxy", "unknown", at).writes(notKnown(why), at)
	s.enabled, s.stores, s.settingsUnknown = aws.NotKnown[bool](why, at), aws.NotKnown[[]string](why, at), aws.NotKnown[bool](why, at)
	m.put(s)
}
