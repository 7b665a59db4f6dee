package report

import (
	"encoding/json"
	"time"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// sample is one made-up run with every outcome and every member in use.
func sample() []*finding.Message {
	run := &finding.Run{
		Schema:  Schema,
		Version: "0.4.0",
		Now:     time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC),
		Sources: []string{"infra", "facts/db1.json"},
		Digests: finding.Digests{
			Policies:   "sha256:5f0c1ae2b7d94e6f8a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f",
			Register:   "sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
			Parameters: "sha256:99aabbccddeeff00112233445566778899aabbccddeeff001122334455667788",
			Documents:  "sha256:1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef",
		},
		Gate: "medium",
		Supplied: []finding.Supply{
			{What: "register", Name: "register", Source: "register/shop.hcl:1"},
			{What: "policy", Name: "org.naming", Source: "policy/naming.rego:1"},
			{What: "gate", Name: "medium", Source: "writ.hcl:3", Weaker: true},
			{What: "parameter", Name: "log.regimes.own.security_audit.max_days", Source: "writ.hcl:5", Inert: true},
			{What: "waiver", Name: "gdpr.storage.encrypted", Source: "register/shop.hcl:40", Weaker: true},
		},
		Controls: []finding.Control{exposed, encrypted, documented, retention, ciphers},
	}
	messages := []*finding.Message{{Run: run}, {Progress: &finding.Progress{Stage: "judge", Done: 1, Total: 2}}}
	for _, f := range sampleFindings() {
		messages = append(messages, &finding.Message{Finding: f})
	}
	return append(messages,
		seen("port.listener", "tcp/0.0.0.0:5432", map[string]any{
			"basis": "observed", "protocol": "tcp", "address": "0.0.0.0", "port": json.Number("5432"), "netns": "", "scope": "internal", "attribution": "process",
			"owners":   []any{map[string]any{"exe": "/usr/lib/postgresql/17/bin/postgres", "unit": "postgresql@17-main.service"}},
			"exposure": []any{"host/db1#tcp/0.0.0.0:5432"}, "register": []any{"register#orders-db/5432/tcp"},
		}),
		seen("port.listener", "tcp/[::]:6379", map[string]any{
			"basis": "observed", "protocol": "tcp", "address": "::", "port": json.Number("6379"), "netns": "", "scope": "internal", "attribution": "process",
			"owners":   []any{map[string]any{"exe": "/usr/bin/redis-server", "unit": ""}, map[string]any{"exe": "/usr/bin/redis-sentinel", "unit": ""}},
			"exposure": []any{}, "register": []any{},
		}),
		seen("port.listener", "udp/127.0.0.1:323", map[string]any{
			"basis": "observed", "protocol": "udp", "address": "127.0.0.1", "port": json.Number("323"), "netns": "4026532001", "scope": "loopback", "attribution": nil,
			"owners": nil, "exposure": []any{}, "register": nil,
		}),
		seen("firewall.exposure", "tcp/0.0.0.0:5432", map[string]any{
			"of": "port.listener", "verdict": "reachable", "protocol": "tcp", "port_from": json.Number("5432"), "port_to": json.Number("5432"), "product": "postgres",
			"scope_v4": "internal", "scope_v6": "none", "class": "personal", "residual": []any{},
			"paths": []any{
				map[string]any{"cidr": "10.0.2.0/24", "group": "", "family": "ipv4", "verdict": "reachable", "note": "", "rules": []any{"host/db1#filter/INPUT/5"}},
				map[string]any{"cidr": "", "group": "", "family": "ipv4", "verdict": "unreachable", "note": "", "rules": []any{"host/db1#filter/INPUT/9"}},
			},
		}),
		drawn("firewall.exposure", "aws_db_instance.orders/tcp/5432", map[string]any{
			"verdict": "reachable", "protocol": "tcp", "port_from": json.Number("5432"), "port_to": json.Number("5432"), "product": "postgres",
			"scope_v4": "internet", "scope_v6": "none", "class": "special", "residual": []any{map[string]any{"cidr": "0.0.0.0/0", "group": "", "certainty": "certain"}},
			"paths": []any{
				map[string]any{"cidr": "10.0.2.0/24", "group": "", "family": "ipv4", "verdict": "conditional", "note": "", "rules": []any{"config/infra/prod#aws_security_group.db/ingress/tcp/5432"}},
				map[string]any{"cidr": "0.0.0.0/0", "group": "", "family": "ipv4", "verdict": "reachable", "note": "", "rules": []any{"config/infra/prod#a", "config/infra/prod#b"}},
				map[string]any{"cidr": "", "group": "config/infra/prod#aws_security_group.web", "family": "ipv4", "verdict": "reachable", "note": "no public address", "rules": []any{}},
				map[string]any{"cidr": "", "group": "", "family": "ipv6", "verdict": "unreachable", "note": "", "rules": []any{}},
			},
		}),
		drawn("firewall.exposure", "aws_instance.web/tcp/8000-8010", map[string]any{
			"verdict": "unreachable", "protocol": "tcp", "port_from": json.Number("8000"), "port_to": json.Number("8010"), "product": "", "paths": []any{},
		}),
		drawn("log.store", "aws_cloudwatch_log_group.app", map[string]any{
			"declared": map[string]any{"min_days": json.Number("14"), "max_days": json.Number("30"), "bound": "time"},
			"bounds":   map[string]any{"min_days": json.Number("0"), "max_days": json.Number("90")}, "category": "application", "personal": true,
		}),
		drawn("log.store", "aws_cloudwatch_log_group.orders_web", map[string]any{
			"declared": map[string]any{"min_days": nil, "max_days": nil, "bound": nil}, "bounds": nil, "category": "unknown", "personal": true,
		}),
		drawn("tls.endpoint", "aws_lb_listener.https", map[string]any{
			"product": "elb", "serves": "web", "scope": "internet", "encrypted": "tls", "plaintext_allowed": false, "http": map[string]any{"redirect": "none"},
			"versions": []any{map[string]any{"name": "tls1.0", "offered": "offered"}, map[string]any{"name": "tls1.2", "offered": "offered"}, map[string]any{"name": "tls1.3", "offered": "unknown"}},
		}),
		&finding.Message{Summary: sampleSummary()})
}

// seen is a fact of a host.
func seen(kind, id string, item map[string]any) *finding.Message {
	m := drawn(kind, id, item)
	m.Item.Target = "host/db1"
	return m
}

func drawn(kind, id string, item map[string]any) *finding.Message {
	item["id"] = id
	return &finding.Message{Item: &finding.Item{Target: "config/infra/prod", Kind: kind, ID: id, Item: item}}
}

var (
	exposed = finding.Control{
		ID: "gdpr.firewall.known_sources", Title: "Only documented sources reach a port",
		Description: "Whoever can reach a service that holds personal data must be known.",
		Severity:    finding.High, GDPR: []string{"25(2)", "32(1)(b)"}, Subject: "firewall.exposure",
		Remediation: "Narrow the rule to the sources that the register names, or document the source and why it needs access.",
		References:  []string{"https://eur-lex.europa.eu/eli/reg/2016/679/oj"},
	}
	encrypted = finding.Control{
		ID: "gdpr.storage.encrypted", Title: "Stored personal data is encrypted",
		Description: "A lost disk must not be a lost database.",
		Severity:    finding.High, GDPR: []string{"32(1)(a)"}, Subject: "data.store",
		Remediation: "Turn on encryption at rest with a key that is managed apart from the data.",
	}
	documented = finding.Control{
		ID: "gdpr.port.documented", Title: "Every listening port is documented",
		Description: "A port that nobody documented cannot be justified, so it cannot be defended either.",
		Severity:    finding.High, GDPR: []string{"5(2)", "32(1)(b)"}, Subject: "port.listener",
		Remediation: "Document the port in the register, or stop the service.",
	}
	retention = finding.Control{
		ID: "gdpr.log.retention_bounded", Title: "Logs are deleted in time",
		Description: "Logs with personal data are kept no longer than their purpose needs.",
		Severity:    finding.Medium, GDPR: []string{"5(1)(e)"}, Subject: "log.store",
		Remediation: "Set a retention within the bounds of the log's category.",
	}
	ciphers = finding.Control{
		ID: "gdpr.tls.versions", Title: "Only current TLS versions are offered",
		Severity: finding.High, GDPR: []string{"32(1)(a)"}, Subject: "tls.endpoint",
		Remediation: "Offer TLS 1.2 and 1.3 only.",
	}
)

// judged fills in what follows from the control.
func judged(c finding.Control, outcome finding.Outcome, target, subject string) *finding.Finding {
	return &finding.Finding{
		ID: finding.ID(c.ID, c.Subject, target, subject, ""), Control: c.ID, Title: c.Title, Outcome: outcome, Severity: c.Severity,
		Target: target, Subject: finding.Subject{Kind: c.Subject, ID: subject}, GDPR: c.GDPR, Remediation: c.Remediation,
		Advice: []string{}, Evidence: []finding.Evidence{}, Reasons: []string{},
	}
}

func sampleFindings() []*finding.Finding {
	const digest = "sha256:1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef"
	read := func(pointer string, v any, source string, line, column int) finding.Evidence {
		return finding.Evidence{Document: digest, Pointer: pointer, Value: v, Source: source, Line: line, Column: column}
	}

	of := func(entry string, e finding.Evidence) finding.Evidence {
		e.Of = finding.Subject{Kind: "register.port", ID: entry + "/5432/tcp"}
		return e
	}

	pass := judged(documented, finding.Pass, "host/db1", "tcp/0.0.0.0:22")
	pass.Evidence = []finding.Evidence{read("/items/0/register", []any{"register#shop/22"}, "register/shop.hcl", 12, 3)}

	open := judged(exposed, finding.Fail, "config/infra/prod", "aws_db_instance.orders/tcp/5432")
	open.Severity, open.Baseline = finding.Critical, "new"
	open.Message = "tcp/5432 of aws_db_instance.orders is reachable from 0.0.0.0/0, which no register entry names"
	open.Expected, open.Actual = []any{"10.0.2.0/24"}, []any{"0.0.0.0/0"}
	open.Advice = []string{"the rule has no description"}
	open.Custom = map[string]any{"ticket": "SEC-7"}
	open.Evidence = []finding.Evidence{
		read("/items/0/residual/0/cidr", "0.0.0.0/0", "infra/prod/network.tf", 14, 18),
		read("/items/0/port_from", json.Number("5432"), "infra/prod/network.tf", 12, 17),
		read("/items/0/register", []any{}, "infra/prod/network.tf", 11, 1),
		of("db", read("/items/3/exposure", "internal", "register/shop.hcl", 21, 3)),
		of("db-replica", read("/items/4/exposure", "internal", "register/shop.hcl", 31, 3)),
		of("db-old", read("/items/5/exposure", "partner", "register/shop.hcl", 41, 3)),
		{Parameter: "firewall.admin_scope", Value: "internal", Origin: "default"},
	}
	open.Location = &finding.Location{
		URI: "infra/prod/network.tf", StartLine: 14, EndLine: 14, Column: 18, SnippetLine: 11,
		Snippet: []string{
			`resource "aws_security_group_rule" "db" {`,
			`  from_port   = 5432`,
			"\ttype        = \"ingress\"",
			`  cidr_blocks = ["0.0.0.0/0"]`,
			`}`,
		},
	}

	staging := judged(exposed, finding.Fail, "config/infra/staging", "aws_db_instance.orders/tcp/5432")
	staging.Baseline = "known"
	staging.Message = "tcp/5432 of aws_db_instance.orders is reachable from 0.0.0.0/0"
	staging.Location = &finding.Location{URI: "infra/staging/net work#1.tf", StartLine: 3, EndLine: 5, SnippetLine: 3,
		Snippet: []string{`resource "aws_security_group_rule" "db" {`}}

	listening := judged(documented, finding.Fail, "host/db1", "tcp/0.0.0.0:5432")
	listening.Message = "tcp/0.0.0.0:5432 is listening and no register entry covers it"
	listening.Evidence = []finding.Evidence{read("/items/1/port", json.Number("5432"), "proc:net/tcp", 12, 3)}

	later := func(id string, line int) *finding.Finding {
		f := judged(retention, finding.Unknown, "config/infra/prod", id)
		f.Reasons = []string{"retention_in_days is known only after apply: var.retention has no value"}
		f.Location = &finding.Location{URI: "infra/prod/logs.tf", StartLine: line, EndLine: line + 2, Column: 3}
		f.GateUnknown = true
		return f
	}

	waived := judged(encrypted, finding.Waived, "config/infra/prod", "aws_db_instance.orders")
	waived.Message = "aws_db_instance.orders is not encrypted at rest"
	waived.Location = &finding.Location{URI: "infra/prod/db.tf", StartLine: 8, EndLine: 8, Column: 25, SnippetLine: 8,
		Snippet: []string{`  storage_encrypted   = false`}}
	waived.Waiver = &finding.Waiver{
		ID: "w1", Reason: "migration until January", Owner: "team-orders", Approver: "ciso",
		Compensation: "flow logs reviewed daily", ExpiresOn: "2027-01-31",
		Pos: fact.Position{Source: "register/shop.hcl", Line: 40, Column: 1},
	}

	failed := judged(encrypted, finding.Error, "config/infra/prod", "aws_s3_bucket.exports")
	failed.Reasons = []string{"encrypted.rego:14: to_number: invalid syntax"}

	loopback := judged(documented, finding.NotApplicable, "host/db1", "tcp/127.0.0.1:6379")
	loopback.Reasons = []string{"bound to loopback only"}

	advised := judged(retention, finding.Pass, "host/db1", "journald")
	advised.Advice = []string{"the journal is bounded by size alone"}

	naming := judged(finding.Control{ID: "org.naming", Subject: "config.document", Severity: finding.Low}, finding.Fail, "config/infra/prod", "infra/prod/db.tf")
	naming.Advisory, naming.Message = true, "identifier should carry the team's name"

	return []*finding.Finding{
		pass, listening, loopback, open, staging,
		later("aws_cloudwatch_log_group.app", 3), later("aws_cloudwatch_log_group.orders_web", 9),
		waived, failed, advised, naming,
	}
}

func sampleSummary() *finding.Summary {
	return &finding.Summary{
		Outcomes: map[finding.Outcome]int{
			finding.Fail: 3, finding.Error: 1, finding.Unknown: 2, finding.Waived: 1, finding.Pass: 2, finding.NotApplicable: 1,
		},
		Advisory: 3, Subjects: 10,
		NotAsked: []finding.NotAsked{
			{Control: "gdpr.tls.certificate_current", Kind: "tls.endpoint", Source: "tls://name:port"},
			{Control: "gdpr.tls.versions", Kind: "tls.endpoint", Source: "tls://name:port"},
			{Control: "gdpr.data.column_classified", Kind: "data.column", Source: "postgres://…"},
		},
		Files: finding.Files{Read: 412, Skipped: 31, Reasons: []finding.Skipped{
			{Reason: "ignored by .gitignore", Count: 29, Paths: []string{"build/a.tf", "build/b.tf"}},
			{Reason: "larger than 8 MiB", Count: 2, Paths: []string{"dump/a.json", "dump/b.json"}},
		}},
		Diagnostics: []fact.Diagnostic{
			{
				Severity: "error", Summary: "unclosed block", Detail: "the block that begins here has no closing brace",
				Hint: "add } after line 9", Pos: fact.Position{Source: "infra/broken.tf", Line: 4, Column: 34}, Line: `resource "aws_s3_bucket" "broken" {`,
			},
			{Severity: "warning", Summary: "CloudFormation templates are recognised but not read", Pos: fact.Position{Source: "legacy/stack.yaml"}},
		},
		OpenArticles: []string{"5(1)(a)", "6", "13", "14"},
		Exit:         1, ExitReason: "2 findings at or above the gate (medium)",
	}
}
