package logs

import (
	"context"
	"io/fs"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// loki reads Loki. Nothing is deleted unless its compactor is told to, whatever period is
// set; a period of 0 is none. Streams may have periods of their own, tenants too.
// https://grafana.com/docs/loki/latest/operations/storage/retention/
func (m *machine) loki(context.Context) {
	for _, name := range []string{"etc/loki/config.yml", "etc/loki/config.yaml", "etc/loki/local-config.yaml", "etc/loki/loki-local-config.yaml", "etc/loki/loki.yml", "etc/loki/loki.yaml", "opt/loki/config.yml", "opt/loki/loki-config.yaml"} {
		if _, err := fs.Stat(m.host.Files, name); err != nil {
			continue
		}
		at := fact.Position{Source: "/" + name, Line: 1}
		s := m.disk("loki/"+name, "index", "loki", at)
		s.name = aws.Declared("loki", at)
		root, reason := m.document(name, yaml.Read)
		if reason != "" {
			s.unbound(reason, at)
			continue
		}
		lokiBound(s, root, at)
	}
}

// hourNano is an hour in nanoseconds, in which periods are counted.
const hourNano = 3_600_000_000_000

func lokiBound(s *store, root *node.Node, at fact.Position) {
	set := func(otherwise string, names ...string) aws.Answer[string] {
		a := scalarAt(root, at.Source, otherwise, at, names...)
		if a.Known() && strings.Contains(a.Value, "${") {
			return aws.NotKnown[string]("the environment decides it", a.Pos)
		}
		return a
	}
	on := set("false", "compactor", "retention_enabled")
	if on.Known() && on.Value != "true" && on.Value != "false" {
		on = aws.NotKnown[string]("compactor.retention_enabled is no truth value", on.Pos)
	}
	if tables := set("false", "table_manager", "retention_deletes_enabled"); on.Value == "false" && (!tables.Known() || tables.Value != "false") {
		s.unbound("the table manager deletes whole tables, which is not read", tables.Pos)
		return
	}
	switch {
	case !on.Known():
		s.unbound(on.Reason, on.Pos)
		return
	case on.Value == "false":
		never := aws.Answer[int]{Value: fact.Unbounded, Default: on.Default, Pos: on.Pos}
		s.least, s.most = never, never
		if !on.Default {
			s.by = []directive{{on.Pos, "retention_enabled: false"}}
		}
		return
	}
	if own := set("", "limits_config", "per_tenant_override_config"); own.Value != "" || !own.Known() {
		s.unbound("tenants have periods of their own, which are not read", own.Pos)
		return
	}
	if own := root.Get("overrides"); !own.IsNull() {
		s.unbound("tenants have periods of their own, which are not read", own.Pos(at.Source))
		return
	}
	periods := []aws.Answer[string]{set("0s", "limits_config", "retention_period")}
	delay := set("2h", "compactor", "retention_delete_delay")
	if streams := root.At("limits_config", "retention_stream"); !streams.IsNull() {
		if streams.Kind != node.Array {
			s.unbound("retention_stream is no list", streams.Pos(at.Source))
			return
		}
		for _, one := range streams.Elems {
			p := scalarAt(one, at.Source, "0s", one.Pos(at.Source), "period")
			p.Default = false
			periods = append(periods, p)
		}
	}
	wait, ok := prometheusSpan(delay.Value)
	if !delay.Known() || !ok {
		s.unbound("compactor.retention_delete_delay is not read", delay.Pos)
		return
	}
	for i, p := range periods {
		n, ok := prometheusSpan(p.Value)
		if !p.Known() || !ok {
			s.unbound("a period of retention is not read", p.Pos)
			return
		}
		least, most := int(n/(24*hourNano)), int((n+wait+24*hourNano-1)/(24*hourNano))
		if n == 0 {
			least, most = fact.Unbounded, fact.Unbounded
		}
		if i == 0 || least < s.least.Value {
			s.least = aws.Declared(least, p.Pos)
		}
		if i == 0 || most > s.most.Value {
			s.most = aws.Declared(most, p.Pos)
		}
		if !p.Default {
			s.by = append(s.by, directive{p.Pos, p.Value})
		}
	}
	s.by = append(s.by, directive{on.Pos, "retention_enabled: true"})
}

// prometheusSpan reads a duration as Prometheus does, in nanoseconds: 30d, 1w2d, 744h, or
// 0. Units come in falling order.
func prometheusSpan(s string) (int64, bool) {
	if s == "0" {
		return 0, true
	}
	units := []struct {
		name string
		nano int64
	}{{"y", 365 * 24 * hourNano}, {"w", 7 * 24 * hourNano}, {"d", 24 * hourNano}, {"h", hourNano}, {"m", hourNano / 60}, {"s", hourNano / 3600}, {"ms", hourNano / 3_600_000}}
	total, next := int64(0), 0
	for s != "" {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if digits == 0 || digits > 9 {
			return 0, false
		}
		n := int64(atoi(s[:digits]))
		s = s[digits:]
		word := s[:len(s)-len(strings.TrimLeft(s, "abcdefghijklmnopqrstuvwxyz"))]
		s = s[len(word):]
		found := false
		for ; next < len(units) && !found; next++ {
			if units[next].name == word {
				if n > (1<<62-total)/units[next].nano {
					return 0, false
				}
				total += n * units[next].nano
				found = true
			}
		}
		if !found {
			return 0, false
		}
	}
	return total, next > 0
}
