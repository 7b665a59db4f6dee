package logs

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// output is what a server writes, read while it runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// What sessions and a failing statement leave in the log of a real PostgreSQL is what
// the facts say of it.
func TestPostgresOracle(t *testing.T) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		t.Skip("postgresql is not installed (make oracles): nothing was compared")
	}
	bin := filepath.Dir(found[len(found)-1])
	root, err := os.MkdirTemp("", "writ-postgres-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	attr := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 { // the server refuses to run as root
		attr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	data := filepath.Join(root, "var/lib/pgsql/data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{root, data} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
		if attr.Credential != nil {
			if err := os.Chown(d, 65534, 65534); err != nil {
				t.Fatal(err)
			}
		}
	}
	program := func(name string, args ...string) *exec.Cmd {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		t.Cleanup(cancel)
		c := exec.CommandContext(ctx, filepath.Join(bin, name), args...)
		c.SysProcAttr, c.Dir, c.Env = attr, root, []string{"LC_ALL=C", "PGCONNECT_TIMEOUT=10"}
		return c
	}
	if said, err := program("initdb", "-D", data, "-U", "persontoken", "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v %s", err, said)
	}
	script := filepath.Join(root, "bound.sql")
	if err := os.WriteFile(script, []byte("INSERT INTO t SELECT :v::text || clock_timestamp();\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, config string }{
		{"default", ""},
		{"nothing", "log_min_error_statement = panic\nlog_error_verbosity = terse\nlog_min_messages = fatal\n"},
		{"panic", "log_min_error_statement = panic\n"},
		{"terse", "log_min_error_statement = panic\nlog_error_verbosity = terse\n"},
		{"all", "log_statement = 'all'\n"},
		{"all without values", "log_statement = all\nlog_parameter_max_length = 0\nlog_min_messages = log\n"},
		{"ddl", "log_statement = ddl\nlog_min_error_statement = panic\nlog_min_messages = log\n"},
		{"mod", "log_statement = mod\nlog_min_error_statement = panic\nlog_error_verbosity = terse\n"},
		{"slow", "log_min_duration_statement = 0\nlog_min_error_statement = panic\nlog_error_verbosity = terse\nlog_parameter_max_length = 0\n"},
		{"values of slow ones", "log_min_duration_statement = 0\nlog_min_messages = log\n"},
		{"cut values", "log_min_duration_statement = 0\nlog_min_messages = log\nlog_parameter_max_length = 4\n"},
		{"logins", "log_connections = on\nlog_min_messages = log\nlog_min_error_statement = panic\n"},
		{"logouts", "log_disconnections = yes\nlog_min_messages = log\nlog_min_error_statement = panic\n"},
		{"who in the prefix", "log_line_prefix = '%m %-12u '\n"},
		{"where in the prefix", "log_line_prefix = '%% %h %'\n"},
		{"nothing by the level", "log_statement = all\nlog_connections = on\nlog_min_messages = panic\n"},
		{"samples", "log_transaction_sample_rate = 1\nlog_min_messages = log\nlog_parameter_max_length = 0\nlog_min_error_statement = panic\n"},
		{"the last counts", "log_statement = all\nlog_statement = none\nlog_min_error_statement = panic\nlog_min_messages = log\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The server itself must not be in the way of what is compared.
			if err := os.WriteFile(filepath.Join(data, "postgresql.conf"), []byte(c.config), 0o644); err != nil {
				t.Fatal(err)
			}
			port := strconv.Itoa(freePort(t))
			log := &output{}
			server := program("postgres", "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "autovacuum=off", "-c", "max_connections=10", "-c", "max_wal_senders=0", "-c", "shared_buffers=1MB")
			server.Stderr = log
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			before := 0
			func() {
				defer stop(t, server, syscall.SIGINT)
				for i := 0; ; i++ {
					if program("pg_isready", "-q", "-h", "127.0.0.1", "-p", port).Run() == nil {
						break
					}
					if i > 100 {
						t.Fatal("the server did not come up: ", log)
					}
					time.Sleep(50 * time.Millisecond)
				}
				before = len(log.String())
				as := []string{"-h", "127.0.0.1", "-p", port, "-U", "persontoken"}
				ask := program("psql", append(as, "-X", "-d", "postgres", "-c", "DROP TABLE IF EXISTS t", "-c", "CREATE TABLE t (k text PRIMARY KEY)", "-c", "SELECT 'READ' AS a",
					"-c", "INSERT INTO t VALUES ('KEYTOKEN')", "-c", "INSERT INTO t VALUES ('KEYTOKEN')", "-c", "SELECT 'QUOTETOKEN'::int")...)
				if said, err := ask.CombinedOutput(); !bytes.Contains(said, []byte("QUOTETOKEN")) {
					t.Errorf("psql: %v %s", err, said)
				}
				bench := program("pgbench", append(as, "-n", "-t", "1", "-M", "extended", "-D", "v=BOUNDTOKEN", "-f", script, "postgres")...)
				if said, err := bench.CombinedOutput(); err != nil {
					t.Errorf("pgbench: %v %s", err, said)
				}
			}()
			text := log.String()[before:]
			facts := said(t, root)["postgresql:/var/lib/pgsql/data"]
			if diff := cmp.Diff(facts, postgresStands(text)); diff != "" || facts == nil {
				t.Errorf("what stands in the log is not what the facts say (-facts +log)\n%s%s", diff, text)
			}
		})
	}
}

// postgresStands tells which parts stand in a log, in which form.
func postgresStands(log string) map[string]string {
	out := map[string]string{}
	for _, statement := range []string{"INSERT INTO", "SELECT 'READ'", "SELECT 'QUOTETOKEN'"} {
		if strings.Contains(log, statement) {
			out["statement"] = "full"
		}
	}
	for line := range strings.Lines(log) {
		switch {
		case strings.Contains(line, "DETAIL:") && (strings.Contains(line, "KEYTOKEN") || strings.Contains(line, "BOUNDTOKEN")):
			out["parameters"] = "full"
		case strings.Contains(line, "DETAIL:") && strings.Contains(line, "BOUN"), strings.Contains(line, "ERROR:") && strings.Contains(line, "QUOTETOKEN"):
			out["parameters"] = strongest(out["parameters"], "truncated")
		}
	}
	if strings.Contains(log, "persontoken") {
		out["user_name"] = "full"
	}
	if strings.Contains(log, "127.0.0.1") {
		out["client_address"] = "full"
	}
	return out
}
