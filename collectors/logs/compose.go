package logs

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/engine/fact"
)

// composed returns, for each service of the Compose projects of a source, what its
// container writes and where the logging driver keeps it. Without a driver it is
// the engine's default, json-file, which never deletes a record.
// https://docs.docker.com/engine/logging/configure/
func composed(env *collectors.Env) []*fact.Document {
	each := func(kind string, put func(*fact.Builder, *compose.Target, containerLog)) []*fact.Document {
		return compose.Documents(env, "logs", kind, func(b *fact.Builder, t *compose.Target) {
			for _, p := range t.Projects {
				for _, s := range p.Services {
					if l := logOf(s); !s.Provided() && (p.Tells(l.at) || p.Tells(s.Pos) || p.TellsAny(s.Get("logging"))) {
						put(b, t, l)
					}
				}
			}
		})
	}
	sources := each("log.source", func(b *fact.Builder, t *compose.Target, l containerLog) { l.source(b, t) })
	stores := each("log.store", func(b *fact.Builder, _ *compose.Target, l containerLog) {
		if l.enabled.Known() && !l.enabled.Value {
			return
		}
		l.store(b)
	})
	return append(sources, stores...)
}

// containerLog is what becomes of the output of a service's containers.
type containerLog struct {
	*compose.Service
	at      fact.Position
	driver  aws.Answer[string]
	options *compose.Value
	enabled aws.Answer[bool]
}

func logOf(s *compose.Service) containerLog {
	logging := s.Get("logging")
	l := containerLog{Service: s, at: s.Pos, options: logging.Get("options")}
	if !logging.IsNull() {
		l.at = logging.Pos
	}
	l.driver = logging.Get("driver").String("json-file", l.at)
	l.enabled = aws.Then(l.driver, func(name string) bool { return name != "none" })
	return l
}

// dayless are drivers whose records go to a program of their own, by what it is: a
// store whose period is not in these files.
var dayless = map[string]struct{ typ, product, option, reason string }{
	"journald":   {"journal", "journald", "", "the host's journal decides how long records are kept"},
	"syslog":     {"file", "syslog", "", "the syslog server decides how long records are kept"},
	"awslogs":    {"cloud_group", "cloudwatch", "awslogs-group", "the log group is managed elsewhere"},
	"gcplogs":    {"cloud_group", "cloud_logging", "", "the log bucket is managed elsewhere"},
	"splunk":     {"index", "splunk", "splunk-index", "the index is managed elsewhere"},
	"logentries": {"index", "logentries", "", "the service decides how long records are kept"},
	"etwlogs":    {"journal", "etw", "", "the host decides how long records are kept"},
	"fluentd":    {"", "", "", "what fluentd does with records is not in these files"},
	"gelf":       {"", "", "", "what the server of GELF does with records is not in these files"},
	"loki":       {"index", "loki", "", "Loki decides how long records are kept"},
}

// source writes what the containers of a service write. What a program records is
// not in these files.
func (l containerLog) source(b *fact.Builder, t *compose.Target) {
	none := fact.Position{}
	item := b.Add(l.ID("log"), "declared", l.at)
	item.Set("provider", "", none).Set("of", l.ID(), l.Pos).Set("type", "container", none).Set("product", "docker", none).Set("category", "unknown", none)
	l.enabled.Put(item, "enabled")
	if l.enabled.Known() && !l.enabled.Value {
		item.Set("fields", []any{}, l.at)
	} else {
		item.Gap("fields", "what the program records is not in these files", l.at)
	}
	l.settings(item)
	switch {
	case !l.enabled.Known():
		item.Gap("stores", l.enabled.Reason, l.enabled.Pos)
	case !l.enabled.Value:
		item.Set("stores", []any{}, l.at)
	default:
		item.Set("stores", []any{t.ID + "#" + l.ID("log")}, l.at)
	}
}

// settings writes the driver and those of its options that decide how much is kept;
// others may hold secrets.
func (l containerLog) settings(item *fact.ItemBuilder) {
	if _, _, reason := l.options.Members(); reason != "" {
		item.Gap("settings", reason, l.options.Pos)
		return
	}
	for _, name := range []string{"driver", "max-buffer-size", "max-file", "max-size", "mode"} {
		value := l.option(name)
		if name == "driver" {
			value = l.driver
		}
		if value.Default && name != "driver" {
			continue
		}
		one := item.Append("settings", value.Pos)
		one.Set("name", name, fact.Position{})
		value.Put(one, "value")
	}
}

// option reads an option of the driver.
func (l containerLog) option(name string) aws.Answer[string] {
	return l.options.Get(name).String("", l.at)
}

// kept is how a driver bounds what it keeps.
type kept struct {
	bound  string // size or none
	reason string // why it is not known
	at     fact.Position
	basis  string
}

// store writes where the records are kept.
func (l containerLog) store(b *fact.Builder) {
	none := fact.Position{}
	k := l.kept()
	item := b.Add(l.ID("log"), k.basis, l.at)
	to, remote := dayless[l.driver.Value]
	switch {
	case !l.driver.Known():
		item.Gap("type", l.driver.Reason, l.driver.Pos).Gap("product", l.driver.Reason, l.driver.Pos)
	case l.local():
		item.Set("type", "container", none).Set("product", "docker", none)
	case to.typ == "":
		item.Gap("type", k.reason, k.at).Gap("product", k.reason, k.at)
	default:
		item.Set("type", to.typ, none).Set("product", to.product, none)
	}
	name := aws.Declared(l.Name, l.Pos)
	if !l.driver.Known() {
		name = aws.NotKnown[string](l.driver.Reason, l.driver.Pos)
	}
	if remote && to.option != "" {
		if name = l.option(to.option); name.Default {
			name = aws.NotKnown[string]("the driver's own default names it", l.at)
		}
	}
	name.Put(item, "name")
	l.declared(item, k)
	elsewhere := "the disks of the host decide"
	if !l.local() {
		elsewhere = k.reason
	}
	item.Object("encryption", l.at).Gap("state", elsewhere, l.at).Gap("key", elsewhere, l.at)
	unseen(item)
	never := fact.Unbounded
	item.Object("object", l.at).Set("versioned", false, none).Set("expires_days", never, none).Set("noncurrent_days", never, none).Set("abort_days", never, none)
	protection := item.Object("protection", l.at)
	if l.local() {
		protection.Set("append_only", false, none).Set("sealed", false, none).Set("lock_days", 0, none).Set("remote", []any{}, none)
		return
	}
	for _, name := range []string{"append_only", "sealed", "lock_days", "remote"} {
		protection.Gap(name, k.reason, k.at)
	}
}

// local reports whether the engine itself keeps the records, beside the container.
func (l containerLog) local() bool {
	return l.driver.Known() && (l.driver.Value == "json-file" || l.driver.Value == "local")
}

// declared writes what bounds the age of records: a size does not, nor does nothing.
func (l containerLog) declared(item *fact.ItemBuilder, k kept) {
	o := item.Object("declared", k.at)
	if k.reason != "" {
		o.Gap("min_days", k.reason, k.at).Gap("max_days", k.reason, k.at).Set("bound", "unknown", k.at).Gap("set_by", k.reason, k.at).Gap("conditions", k.reason, k.at)
		return
	}
	// Whatever the size, records end with their container, which every change replaces.
	o.Set("min_days", 0, k.at).Set("max_days", fact.Unbounded, k.at).Set("bound", k.bound, k.at).Set("set_by", []any{}, k.at).Set("conditions", []any{}, k.at)
}

// kept tells how the driver bounds its files: json-file by max-size alone, since
// max-file counts for nothing without it; local always, by 5 files of 20 MB unless
// it is told otherwise.
// https://docs.docker.com/engine/logging/drivers/json-file/
// https://docs.docker.com/engine/logging/drivers/local/
func (l containerLog) kept() kept {
	k := kept{bound: "none", at: l.at, basis: "declared"}
	if l.driver.Default {
		k.basis = "default"
	}
	if !l.driver.Known() {
		return kept{reason: l.driver.Reason, at: l.driver.Pos, basis: "declared"}
	}
	if !l.local() {
		k.reason = "how long the logging driver keeps records is not in these files"
		if to, known := dayless[l.driver.Value]; known {
			k.reason = to.reason
		}
		k.at = l.driver.Pos
		return k
	}
	size := l.option("max-size")
	switch unlimited, ok := unbounded(size.Value); {
	case !size.Known():
		k.reason, k.at = size.Reason, size.Pos
	case size.Default && l.driver.Value == "local":
		k.bound = "size"
	case size.Default:
	case !ok:
		k.reason, k.at = "max-size is not a size", size.Pos
	case unlimited:
		k.at, k.basis = size.Pos, "declared"
	default:
		k.bound, k.at, k.basis = "size", size.Pos, "declared"
	}
	return k
}

// unbounded reports whether a size such as 10m stands for none at all; ok is false for
// a text that is no size.
func unbounded(text string) (none, ok bool) {
	number := strings.TrimRight(strings.ToLower(strings.TrimSpace(text)), "bkmgtpi ")
	n, err := strconv.ParseFloat(number, 64)
	return n <= 0, err == nil
}
