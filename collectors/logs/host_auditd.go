package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/auditd"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// auditTrail reads auditd: its files, which end by their size and number alone, and what
// it does when it can write no more.
func (m *machine) auditTrail(context.Context) {
	const name = "etc/audit/auditd.conf"
	info, err := fs.Lstat(m.host.Files, name)
	absent := errors.Is(err, fs.ErrNotExist)
	if absent && !m.installed("usr/sbin/auditd", "sbin/auditd") {
		return
	}
	a := auditSettings{Config: auditd.Parse("/"+name, nil)}
	switch {
	case absent: // it starts with what it is built with
	case err != nil:
		a.Refused = fmt.Sprintf("/%s: %v", name, cause(err))
	case info.Mode()&fs.ModeSymlink != 0:
		a.Refused = "auditd opens no link as its configuration"
	case info.Mode()&0o002 != 0:
		a.Refused = "auditd refuses a configuration that everyone may write"
	default:
		data, err := m.read(name, 1<<20)
		if err != nil {
			a.Refused = fmt.Sprintf("/%s cannot be read: %v", name, err)
			break
		}
		a.Config = auditd.Parse("/"+name, data)
		if a.Refused != "" {
			m.env.Diagnose(fact.Diagnostic{Severity: "warning", Summary: "auditd refuses its configuration", Detail: a.Refused, Pos: a.At})
		}
	}
	m.auditStore(a)
}

// installed reports whether one of the programs is there.
func (m *machine) installed(names ...string) bool {
	for _, name := range names {
		if _, err := fs.Stat(m.host.Files, name); err == nil {
			return true
		}
	}
	return false
}

// auditSettings are those in force: what is not set is as auditd is built (clear_config).
type auditSettings struct{ *auditd.Config }

func (a auditSettings) text(name, otherwise string) aws.Answer[string] {
	if a.Refused != "" {
		return aws.NotKnown[string](a.Refused, a.At)
	}
	s, ok := a.Get(name)
	if !ok {
		return aws.Default(otherwise, a.At)
	}
	return aws.Declared(strings.ToLower(s.Value), s.Pos)
}

func (a auditSettings) number(name string) int {
	s, _ := a.Get(name)
	n, err := strconv.Atoi(s.Value)
	if err != nil {
		return 0
	}
	return n
}

// auditStore adds the source and the store of an audit trail.
func (m *machine) auditStore(a auditSettings) {
	src := m.source("auditd", "", "audit_trail", "auditd", "security_audit", a.At).records("user_name")
	for name, otherwise := range map[string]string{
		"admin_space_left_action": "ignore", "disk_error_action": "syslog", "disk_full_action": "ignore", "max_log_file_action": "ignore", "space_left_action": "ignore", "overflow_action": "syslog",
	} {
		src.settings[name] = a.text(name, otherwise)
	}
	if halt := src.settings["space_left_action"]; halt.Value == "halt" {
		src.settings["space_left_action"] = aws.NotKnown[string]("newer versions of auditd refuse halt here", halt.Pos)
	}
	if a.Refused != "" {
		src.enabled = aws.NotKnown[bool](a.Refused, a.At)
	}
	file := "/var/log/audit/audit.log"
	at := a.At
	if s, ok := a.Get("log_file"); ok && a.Refused == "" {
		file, at = path.Clean(s.Value), s.Pos
	}
	written := a.text("write_logs", "yes")
	format := a.text("log_format", "enriched")
	if written.Known() && (written.Value == "no" || format.Value == "nolog") {
		m.put(src) // to plugins alone
		return
	}
	s := m.byID[file]
	if s == nil {
		s = m.add(file, "file", "auditd", at)
		s.name = aws.Declared(path.Base(file), at)
		s.key = aws.NotKnown[string]("the disks of the host decide", at)
		s.encrypted = aws.NotKnown[string]("the disks of the host decide", at)
	}
	src.stores = aws.Declared([]string{m.reference(s.id)}, at)
	m.put(src)
	if s.rotation == nil {
		a.bound(s)
	}
}

// bound says how the files end. Size and number say nothing of an age.
func (a auditSettings) bound(s *store) {
	action := a.text("max_log_file_action", "ignore")
	unknown := aws.NotKnown[string]("auditd notes no time of its rotations", action.Pos)
	s.rotation = &rotation{
		at: action.Pos, rule: "auditd.conf", effective: aws.Declared(true, action.Pos), enabled: aws.Declared(true, action.Pos),
		period: aws.Default(float64(fact.Unbounded), action.Pos), lastRun: unknown,
	}
	if !action.Known() {
		s.least, s.most = aws.NotKnown[int](action.Reason, action.Pos), aws.NotKnown[int](action.Reason, action.Pos)
		s.rotation = nil
		s.rotationUnknown = action.Reason
		return
	}
	number := a.number("num_logs")
	switch {
	case action.Value == "keep_logs":
		s.least, s.most = aws.Declared(fact.Unbounded, action.Pos), aws.Declared(fact.Unbounded, action.Pos)
	case action.Value != "rotate":
		s.least, s.most = aws.Declared(fact.Unbounded, action.Pos), aws.Declared(fact.Unbounded, action.Pos)
		s.rotation.effective = aws.Declared(false, action.Pos)
		s.rotation.reasons = []string{"max_log_file_action is " + action.Value}
	case number < 2:
		s.least, s.most = aws.Declared(fact.Unbounded, action.Pos), aws.Declared(fact.Unbounded, action.Pos)
		s.rotation.effective = aws.Declared(false, action.Pos)
		s.rotation.reasons = []string{"num_logs is less than 2"}
	default:
		s.bound = "size"
		s.least, s.most = aws.Declared(0, action.Pos), aws.Declared(fact.Unbounded, action.Pos)
	}
	for _, name := range []string{"max_log_file_action", "max_log_file", "num_logs"} {
		if set, ok := a.Get(name); ok {
			s.by = append(s.by, directive{set.Pos, name + " = " + set.Value})
		}
	}
}
