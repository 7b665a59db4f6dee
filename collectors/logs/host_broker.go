package logs

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/properties"
	"github.com/writ-policy/writ/engine/fact"
)

// kafka reads what a broker does with topics that say nothing themselves. A segment goes
// when its last record is older than the retention, and holds records of log.roll: so the
// oldest record is at most the sum of both old. Of each unit the smaller counts before
// the larger (ms, minutes, hours).
// https://kafka.apache.org/documentation/#brokerconfigs
func (m *machine) kafka(context.Context) {
	for _, name := range []string{
		"etc/kafka/server.properties", "etc/kafka/broker.properties", "etc/kafka/kraft/server.properties", "etc/kafka/kraft/broker.properties", "opt/kafka/config/server.properties",
		"opt/kafka/config/broker.properties", "opt/kafka/config/kraft/server.properties", "opt/kafka/config/kraft/broker.properties", "usr/local/kafka/config/server.properties",
	} {
		if _, err := fs.Stat(m.host.Files, name); err != nil {
			continue
		}
		at := fact.Position{Source: "/" + name, Line: 1}
		s := m.disk("kafka/"+name, "topic", "kafka", at)
		s.name = aws.Declared("topics without settings of their own", at)
		root, reason := m.document(name, properties.Read)
		if reason != "" {
			s.unbound(reason, at)
			continue
		}
		broker{root, at}.bound(s)
		own := m.disk("kafka/"+name+"/own", "topic", "kafka", at)
		own.name = aws.Declared("topics with settings of their own", at)
		own.unbound("settings of single topics are kept by Kafka itself, and so not in /"+name, at)
	}
}

// broker is a configuration of Kafka.
type broker struct {
	root *node.Node
	at   fact.Position
}

func (k broker) text(name, otherwise string) aws.Answer[string] {
	return aws.Then(scalarAt(k.root, k.at.Source, otherwise, k.at, name), strings.TrimSpace)
}

// span reads a time in milliseconds, of the first name that is set; below 0 it is none.
func (k broker) span(prefix string, hours int64) aws.Answer[int64] {
	for _, unit := range []struct {
		name string
		ms   int64
	}{{"ms", 1}, {"minutes", 60_000}, {"hours", 3_600_000}} {
		a := k.text(prefix+"."+unit.name, "")
		if !a.Known() {
			return aws.NotKnown[int64](a.Reason, a.Pos)
		}
		if a.Default {
			continue
		}
		n, err := strconv.ParseInt(a.Value, 10, 64)
		if err != nil || n > 1<<53/unit.ms {
			return aws.NotKnown[int64](fmt.Sprintf("%s.%s is no number that Kafka takes", prefix, unit.name), a.Pos)
		}
		return aws.Declared(n*unit.ms, a.Pos)
	}
	return aws.Default(hours*3_600_000, k.at)
}

const dayMilli = 24 * 3_600_000

func (k broker) bound(s *store) {
	keep, roll := k.span("log.retention", 168), k.span("log.roll", 168)
	policy, bytes := k.text("log.cleanup.policy", "delete"), k.text("log.retention.bytes", "-1")
	for _, a := range []struct {
		reason string
		at     fact.Position
	}{{keep.Reason, keep.Pos}, {roll.Reason, roll.Pos}, {policy.Reason, policy.Pos}, {bytes.Reason, bytes.Pos}} {
		if a.reason != "" {
			s.unbound(a.reason, a.at)
			return
		}
	}
	words := strings.FieldsFunc(policy.Value, func(r rune) bool { return r == ',' || r == ' ' })
	for _, w := range words {
		if w != "delete" && w != "compact" {
			s.unbound("log.cleanup.policy is no policy of Kafka", policy.Pos)
			return
		}
	}
	if !slices.Contains(words, "delete") {
		s.least, s.most = aws.Declared(0, policy.Pos), aws.Declared(fact.Unbounded, policy.Pos)
		s.by = []directive{{policy.Pos, "log.cleanup.policy=" + policy.Value}}
		return
	}
	if keep.Value < 0 {
		s.least, s.most = aws.Declared(fact.Unbounded, keep.Pos), aws.Declared(fact.Unbounded, keep.Pos)
	} else {
		least := aws.Answer[int]{Value: int(keep.Value / dayMilli), Default: keep.Default, Pos: keep.Pos}
		s.least, s.most = least, aws.Answer[int]{Value: int((keep.Value + max(roll.Value, 0) + dayMilli - 1) / dayMilli), Default: keep.Default, Pos: keep.Pos}
	}
	if limit, err := strconv.ParseInt(bytes.Value, 10, 64); err != nil {
		s.unbound("log.retention.bytes is no number", bytes.Pos)
	} else if limit >= 0 || slices.Contains(words, "compact") {
		s.least = aws.Declared(0, bytes.Pos)
		if keep.Value < 0 && limit >= 0 {
			s.bound = "size"
		}
	}
}
