package logs

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// source starts a log.source of the machine.
func (m *machine) source(id, of, typ, product, category string, at fact.Position) *source {
	return &source{
		id: id, of: aws.Declared(of, at), typ: typ, product: product, category: category, own: true, at: at, enabled: aws.Declared(true, at),
		fields: map[string]string{}, settings: map[string]aws.Answer[string]{}, stores: aws.Default([]string{}, at),
	}
}

// reference names a store of the machine as facts do.
func (m *machine) reference(id string) string { return m.host.Target().ID + "#" + id }

// keptIn gives the reference of the store of a file, by its absolute name: one that a
// reader before this found, by the name or by a pattern that it matches, else one that
// nothing deletes from.
func (m *machine) keptIn(file, product string, at fact.Position) string {
	file = path.Clean(file)
	if m.byID[file] != nil {
		return m.reference(file)
	}
	for _, s := range m.stores {
		if s.typ != "file" || !strings.ContainsAny(s.id, "*?[") {
			continue
		}
		if ok, err := path.Match(strings.ReplaceAll(s.id, "[!", "[^"), file); err == nil && ok {
			return m.reference(s.id)
		}
	}
	s := m.add(file, "file", product, at)
	s.name = aws.Declared(path.Base(file), at)
	s.encrypted = aws.NotKnown[string]("the disks of the host decide", at)
	s.key = aws.NotKnown[string]("the disks of the host decide", at)
	if name := strings.TrimPrefix(file, "/"); !m.anyOf(name) && m.anyOf("etc/logrotate.conf", "etc/logrotate.d") {
		const why = "the file is not there yet: which rule will rotate it is not known"
		s.least, s.most = aws.NotKnown[int](why, at), aws.NotKnown[int](why, at)
	}
	return m.reference(file)
}

// strongest keeps the form that says more of two.
func strongest(a, b string) string {
	order := []string{"", "hashed", "truncated", "full"}
	rank := map[string]int{}
	for i, form := range order {
		rank[form] = i
	}
	if rank[b] > rank[a] {
		return b
	}
	return a
}
