package google

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// engines are the engines of Cloud SQL by the beginning of database_version.
var engines = []struct{ prefix, engine string }{
	{"POSTGRES_", "postgres"}, {"MYSQL_", "mysql"}, {"SQLSERVER_", "sqlserver"},
}

// Engine reads engine and version of a google_sql_database_instance: postgres 15
// of POSTGRES_15, sqlserver 2022 of SQLSERVER_2022_WEB.
func Engine(r *terraform.Resource) (engine, version aws.Answer[string]) {
	written := aws.Text(r.Body, "", "database_version")
	if !written.Known() {
		return written, written
	}
	for _, e := range engines {
		rest, ok := strings.CutPrefix(written.Value, e.prefix)
		if !ok {
			continue
		}
		if e.engine == "sqlserver" {
			rest, _, _ = strings.Cut(rest, "_")
		}
		return aws.Declared(e.engine, written.Pos), aws.Declared(strings.ReplaceAll(rest, "_", "."), written.Pos)
	}
	reason := "database version " + written.Value + " is not in the table"
	if written.Value == "" {
		reason = "the engine is not written"
	}
	return aws.NotKnown[string](reason, written.Pos), aws.NotKnown[string](reason, written.Pos)
}

// IPConfiguration is the block of a Cloud SQL instance that says by which
// addresses it is reached: the zero value if there is none, an unknown one if
// that cannot be told.
func IPConfiguration(r *terraform.Resource) *terraform.Value {
	return aws.Block(r.Body, "settings", "ip_configuration")
}

// PublicAddress reports whether a Cloud SQL instance has a public address: it has
// unless it says otherwise. Clones take the settings of what they are made from.
func PublicAddress(r *terraform.Resource) aws.Answer[bool] {
	block := IPConfiguration(r)
	switch {
	case block.Kind == terraform.Unknown:
		return aws.Unknown[bool](block)
	case block.Unset() && !r.Body.Get("clone").Unset():
		return aws.NotKnown[bool]("follows from the instance it is cloned from", r.Pos)
	case block.Unset():
		return aws.Default(true, r.Pos)
	}
	return aws.Bool(block, true, "ipv4_enabled")
}

// Flags reads the database flags of a Cloud SQL instance, and why there may be
// others.
func Flags(r *terraform.Resource) (map[string]aws.Answer[string], string) {
	blocks, reason := aws.Blocks(aws.Block(r.Body, "settings"), "database_flags")
	out := map[string]aws.Answer[string]{}
	for _, b := range blocks {
		if b.Kind != terraform.Object {
			continue
		}
		name := aws.Text(b, "", "name")
		if !name.Known() {
			reason = name.Reason
			continue
		}
		out[name.Value] = aws.Text(b, "", "value")
	}
	return out, reason
}
