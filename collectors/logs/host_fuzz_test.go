package logs

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// Whatever stands in the configuration of a host and in its logs, its documents are valid
// and hold no text of a record.
func FuzzHostFiles(f *testing.F) {
	f.Add("etc/docker/daemon.json", `{"log-driver": "local", "log-opts": {"max-size": 1}}`, "Nov 20 00:00:00 db1 planted")
	f.Add("etc/kafka/server.properties", "log.retention.ms=-1\nlog.cleanup.policy=compact,delete\n", "2026-11-20T00:00:00Z planted")
	f.Add("etc/loki/config.yml", "compactor: {retention_enabled: true}\nlimits_config:\n  retention_stream: [{period: 1w2d}]\n", "\x00\x00planted")
	f.Add("etc/rsyslog.conf", "*.* /var/log/a%b.log\n$template x,\"/var/log/%HOSTNAME%\"\n*.* ?x\n", "planted")
	f.Add("etc/audit/auditd.conf", "log_file = /var/log/a\nmax_log_file_action = rotate\n", "type=A msg=audit(1795140000.123:1): planted")
	f.Add("var/lib/kubelet/config.yaml", "containerLogMaxSize: 1\n", "{\"time\":\"2026-11-20T00:00:00Z\"planted")
	f.Add("etc/passwd", "planted:x:0:0::/:/bin/sh\n", "[20/Nov/2026:02:00:00 +0000] planted")
	f.Fuzz(func(t *testing.T, name, config, record string) {
		switch name {
		case "etc/docker/daemon.json", "etc/kafka/server.properties", "etc/loki/config.yml", "etc/rsyslog.conf", "etc/audit/auditd.conf", "var/lib/kubelet/config.yaml":
		default:
			name = "etc/rsyslog.conf"
		}
		if len(config) > 16<<10 || len(record) > 1<<10 {
			t.Skip("long")
		}
		record += "\nplanted-record"
		env := sourcetest.Host(t, &txtar.Archive{Files: []txtar.File{
			{Name: name, Data: []byte(config)},
			{Name: "var/log/a.log", Data: []byte(record)},
			{Name: "var/log/a.log.1.gz gz", Data: []byte(record)},
			{Name: "var/log/a.log.2.gz", Data: []byte(record)},
			{Name: "var/log/wtmp", Data: []byte(strings.Repeat(record, 400))},
			{Name: "var/log/journal/0123/system.journal", Data: []byte("LPKSHHRH" + strings.Repeat(record, 20))},
		}})
		docs, statuses := collectors.Run(t.Context(), []collectors.Collector{Collector{}}, collectors.Machine, env)
		for _, s := range statuses {
			if s.Err != nil {
				t.Fatal(s.Err)
			}
		}
		for _, d := range docs {
			if problems := fact.Validate(d); len(problems) > 0 {
				t.Errorf("%v", problems)
			}
			text, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "planted-record") {
				t.Errorf("a record leaves: %s", text)
			}
		}
	})
}
