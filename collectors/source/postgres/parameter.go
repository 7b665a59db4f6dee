package postgres

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// parameters are those a server of version 15 takes from a file: name, type, least and
// most, unit, members of an enumeration. Source: its view pg_settings.
//
//go:embed parameters.tsv
var parameters string

// Check says whether the server of a major version (0 if not known) would refuse the
// values that count: names it does not know, and values that its types do not take. It
// sets Refused, or Opaque where that is not certain. What texts a parameter of type
// string takes is not checked.
func (c *Config) Check(version int) {
	table := map[string][]string{}
	for line := range strings.Lines(parameters) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		table[strings.ToLower(f[0])] = f
	}
	removed := map[string]int{"promote_trigger_file": 16, "vacuum_defer_cleanup_age": 16, "force_parallel_mode": 16, "old_snapshot_threshold": 17, "trace_recovery_messages": 17, "db_user_namespace": 17}
	made := map[string]int{
		"log_transaction_sample_rate": 12, "log_min_duration_sample": 13, "log_statement_sample_rate": 13, "log_parameter_max_length": 13,
		"log_parameter_max_length_on_error": 13, "log_recovery_conflict_waits": 14, "log_startup_progress_interval": 15,
	}
	l := loader{config: c}
	for i, s := range c.Settings {
		if strings.Contains(s.Name, ".") || slices.ContainsFunc(c.Settings[i+1:], func(o Setting) bool { return o.Name == s.Name }) {
			continue
		}
		f := table[s.Name]
		switch {
		case f == nil && version == 15:
			l.refuse(s.Pos, fmt.Sprintf("unrecognized configuration parameter %.64q", s.Name))
		case f == nil:
			c.Opaque = cmp.Or(c.Opaque, fmt.Sprintf("whether the server knows the parameter %.64q is not known (%s)", s.Name, s.Pos))
		case version > 0 && (version < made[s.Name] || removed[s.Name] > 0 && version >= removed[s.Name]):
			l.refuse(s.Pos, fmt.Sprintf("version %d has no parameter %q", version, s.Name))
		case s.Name == "log_connections" && version >= 18: // a list since then
		default:
			c.checkValue(l, s, f, version)
		}
	}
}

func (c *Config) checkValue(l loader, s Setting, f []string, version int) {
	ok := true
	switch f[1] {
	case "bool":
		_, ok = Bool(s.Value)
	case "enum":
		if !slices.Contains(strings.Split(f[5], ","), strings.ToLower(s.Value)) {
			// There are spellings that the server takes and does not show.
			c.Opaque = cmp.Or(c.Opaque, fmt.Sprintf("whether the server takes %s = %.64q is not known (%s)", s.Name, s.Value, s.Pos))
		}
	case "integer", "real":
		var n float64
		if f[1] == "integer" {
			var whole int
			whole, ok = Int(s.Value, unitOf(f[4]))
			n = float64(whole)
		} else {
			n, ok = Real(s.Value, unitOf(f[4]))
		}
		least, _ := strconv.ParseFloat(f[2], 64)
		most, _ := strconv.ParseFloat(f[3], 64)
		ok = ok && n >= least && n <= most
	}
	switch {
	case ok:
	case version == 15 || f[1] == "bool" || strings.HasPrefix(s.Name, "log_"):
		l.refuse(s.Pos, fmt.Sprintf("invalid value for %s: %.64q", s.Name, s.Value))
	default:
		c.Opaque = cmp.Or(c.Opaque, fmt.Sprintf("whether the server takes %s = %.64q is not known (%s)", s.Name, s.Value, s.Pos))
	}
}

// unitOf reads a unit of pg_settings.
func unitOf(name string) Unit {
	return map[string]Unit{"B": Bytes, "kB": Kilobytes, "8kB": Blocks, "MB": Megabytes, "ms": Milliseconds, "s": Seconds, "min": Minutes}[name]
}
