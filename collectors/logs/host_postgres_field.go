package logs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/postgres"
)

// levels of messages for the server's log, the less severe first. A message of level
// log goes there unless the bar is fatal or panic (elog.c, is_log_level_output).
func postgresLevel(name string) int {
	return slices.Index([]string{"debug5", "debug4", "debug3", "debug2", "debug1", "info", "notice", "warning", "error", "log", "fatal", "panic"}, name)
}

// errors reports whether messages about failed statements are written.
func (p *postgresLogs) errors() bool {
	return postgresLevel(p.choice("log_min_messages", "warning")) <= postgresLevel("error")
}

// tells reports whether messages of level log are written: those of statements and
// logins.
func (p *postgresLogs) tells() bool {
	at := postgresLevel(p.choice("log_min_messages", "warning"))
	return at <= postgresLevel("log")
}

// fields are what the records of sessions and statements hold. Of a login that is
// refused the server writes name and address always; that is left out, or no setting
// would tell.
func (p *postgresLogs) fields(s *source) record {
	out := record{}
	statements, values := p.statements()
	if statements {
		out = out.with(holds("statement"))
	}
	out = out.with(values).with(p.libraries())
	name, address := p.logins()
	ended := p.truth("log_disconnections", "off")
	name, address = (name || ended) && p.tells(), (address || ended) && p.tells()
	inName, inAddress := prefixHolds(p.prefix())
	if p.formatted("csvlog") || p.formatted("jsonlog") {
		inName, inAddress = true, true
	}
	for part, is := range map[string]bool{"user_name": name || inName, "client_address": address || inAddress} {
		if is {
			out = out.with(holds(part))
		}
	}
	return out
}

// formatted reports whether records go to a file of a format with columns.
func (p *postgresLogs) formatted(name string) bool {
	return p.truth("logging_collector", "off") && slices.Contains(p.list("log_destination", "stderr"), name)
}

// prefixHolds reports whether log_line_prefix writes names and addresses. Between "%"
// and the letter a width may stand.
func prefixHolds(prefix string) (name, address bool) {
	for {
		_, rest, ok := strings.Cut(prefix, "%")
		if !ok {
			return name, address
		}
		rest = strings.TrimLeft(strings.TrimPrefix(rest, "-"), "0123456789")
		if rest == "" {
			return name, address
		}
		name = name || rest[0] == 'u'
		address = address || rest[0] == 'r' || rest[0] == 'h'
		prefix = rest[1:]
	}
}

// statements reports whether the text of statements is written, and in what form the
// values that were bound to them, or that an error names. Statements of definition
// alone hold no rows. A statement that failed is written at log_min_error_statement, if
// its message is; of a session that the server ends, also at fatal and log.
func (p *postgresLogs) statements() (bool, record) {
	all := p.choice("log_statement", "none")
	logged := all == "mod" || all == "all" || p.number("log_min_duration_statement", "-1", postgres.Milliseconds) >= 0 ||
		p.number("log_min_duration_sample", "-1", postgres.Milliseconds) >= 0 && p.rate("log_statement_sample_rate", "1") > 0 || p.rate("log_transaction_sample_rate", "0") > 0
	logged = logged && p.tells()
	failed := p.choice("log_min_error_statement", "error") != "panic"
	for _, tree := range []string{"debug_print_parse", "debug_print_rewritten", "debug_print_plan"} {
		logged = logged || p.truth(tree, "off") && p.tells()
	}
	// Values stand in the details of a message, which columns have in any case.
	terse := p.choice("log_error_verbosity", "default") == "terse" && !p.formatted("csvlog") && !p.formatted("jsonlog")
	values := record{parts: map[string]string{}}
	bound := func(length int) {
		form := "truncated"
		if length < 0 {
			form = "full"
		}
		if length != 0 && !terse {
			values.parts["parameters"] = strongest(values.parts["parameters"], form)
		}
	}
	if logged {
		bound(p.number("log_parameter_max_length", "-1", postgres.Bytes))
	}
	if p.errors() {
		// The message may quote a value; its detail holds keys and rows.
		form := "full"
		if terse {
			form = "truncated"
		}
		values.parts["parameters"] = strongest(values.parts["parameters"], form)
		bound(p.number("log_parameter_max_length_on_error", "0", postgres.Bytes))
	}
	return logged || failed && p.choice("log_min_messages", "warning") != "panic", values
}

func (p *postgresLogs) rate(name, otherwise string) float64 {
	n, ok := postgres.Real(p.text(name, otherwise).Value, postgres.Plain)
	if !ok {
		p.refuse(name)
	}
	return n
}

// loaded lists the libraries that the server and its sessions load.
func (p *postgresLogs) loaded() []string {
	var out []string
	for _, name := range []string{"shared_preload_libraries", "session_preload_libraries", "local_preload_libraries"} {
		for _, one := range p.list(name, "") {
			out = append(out, strings.TrimSuffix(strings.TrimPrefix(one, "$libdir/"), ".so"))
		}
	}
	return out
}

// libraries is what loaded libraries write. Of one that is not known it is not.
func (p *postgresLogs) libraries() record {
	out := record{}
	for _, name := range p.loaded() {
		switch name {
		case "pg_stat_statements", "pg_prewarm", "pg_hint_plan", "auth_delay", "passwordcheck", "pg_buffercache", "pg_stat_kcache", "pg_wait_sampling", "pglogical", "citus_columnar", "sepgsql":
		case "auto_explain":
			if p.number("auto_explain.log_min_duration", "-1", postgres.Milliseconds) >= 0 {
				out = out.with(holds("statement"))
				if p.number("auto_explain.log_parameter_max_length", "-1", postgres.Bytes) != 0 {
					out = out.with(holds("parameters"))
				}
			}
		case "pgaudit":
			out = out.with(p.audited())
		default:
			out = out.with(notKnown("what the library " + strconv.Quote(name) + " writes is not known"))
		}
	}
	return out
}

// audited is what pgaudit writes: for sessions by classes of statements, for objects by
// the grants of a role.
func (p *postgresLogs) audited() record {
	taken := map[string]bool{}
	for _, class := range p.list("pgaudit.log", "none") {
		without, minus := strings.CutPrefix(class, "-")
		switch {
		case class == "none":
		case without == "all":
			for _, one := range []string{"read", "write", "function", "misc", "misc_set"} {
				taken[one] = !minus
			}
		default:
			taken[without] = !minus
		}
	}
	rows := p.text("pgaudit.role", "").Value != ""
	for _, class := range []string{"read", "write", "function", "misc", "misc_set"} {
		rows = rows || taken[class]
	}
	out := record{}
	if rows && p.truth("pgaudit.log_statement", "on") {
		out = out.with(holds("statement"))
	}
	if rows && p.truth("pgaudit.log_parameter", "off") {
		out = out.with(holds("parameters"))
	}
	return out
}

// settings puts those that decide what is recorded into the source, spelt as the
// server shows them.
func (p *postgresLogs) settings(s *source) {
	for name, otherwise := range map[string]string{"log_statement": "none", "log_min_error_statement": "error", "log_min_messages": "warning", "log_error_verbosity": "default"} {
		s.settings[name] = aws.Then(p.text(name, otherwise), strings.ToLower)
	}
	for name, unit := range map[string]postgres.Unit{"log_min_duration_statement": postgres.Milliseconds, "log_parameter_max_length": postgres.Bytes, "log_parameter_max_length_on_error": postgres.Bytes} {
		otherwise := "-1"
		if name == "log_parameter_max_length_on_error" {
			otherwise = "0"
		}
		s.settings[name] = aws.Then(p.text(name, otherwise), func(string) string { return strconv.Itoa(p.number(name, otherwise, unit)) })
	}
	onOff := map[bool]string{true: "on", false: "off"}
	for _, name := range []string{"log_disconnections", "logging_collector", "log_hostname"} {
		s.settings[name] = aws.Then(p.text(name, "off"), func(string) string { return onOff[p.truth(name, "off")] })
	}
	s.settings["log_connections"] = aws.Then(p.text("log_connections", "off"), func(string) string {
		name, _ := p.logins()
		return onOff[name] // whether it tells who came in
	})
	s.settings["log_line_prefix"] = aws.Then(p.text("log_line_prefix", ""), func(string) string { return p.prefix() })
	s.settings["log_destination"] = aws.Then(p.text("log_destination", "stderr"), strings.ToLower)
	s.settings["pgaudit.log"] = aws.Default("none", p.at)
	if slices.Contains(p.loaded(), "pgaudit") {
		s.settings["pgaudit.log"] = aws.Then(p.text("pgaudit.log", "none"), strings.ToLower)
		s.settings["pgaudit.role"] = p.text("pgaudit.role", "")
	}
}
