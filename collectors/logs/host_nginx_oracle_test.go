package logs

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// said collects the sources of a tree: by id, the form of each field.
func said(t *testing.T, root string) map[string]map[string]string {
	t.Helper()
	host, err := collectors.OpenHost(root)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	env := &collectors.Env{Host: host, Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Version: "test", Redactor: fact.NewRedactor()}
	docs, err := Collector{}.Collect(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, d := range docs {
		if d.Kind != "log.source" {
			continue
		}
		data, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Items []struct {
				ID      string
				Enabled bool
				Fields  []struct{ Name, Form string }
			}
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		for _, item := range doc.Items {
			forms := map[string]string{}
			for _, f := range item.Fields {
				forms[f.Name] = f.Form
			}
			if item.Fields == nil {
				forms["not known"] = "-"
			}
			out[item.ID] = forms
		}
	}
	return out
}

// freePort is one that nobody listens on now.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// reached waits until somebody listens.
func reached(t *testing.T, port int) {
	t.Helper()
	for range 200 {
		c, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
		if err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the server did not start to listen")
}

// stop ends a server that the test started, and waits for it.
func stop(t *testing.T, c *exec.Cmd, with os.Signal) {
	t.Helper()
	if err := c.Process.Signal(with); err != nil {
		t.Error(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		c.Process.Kill()
		t.Error("the server did not end")
	}
}

// What a request to a real nginx leaves in its log is what the facts say of it.
func TestNginxOracle(t *testing.T) {
	program := "/usr/sbin/nginx"
	if _, err := os.Stat(program); err != nil {
		t.Skip("nginx is not installed (make oracles): nothing was compared")
	}
	const truncating = `map $remote_addr $short {
	"~^(?P<ip>\d+\.\d+\.\d+)\." $ip.0;
	"~^(?P<ip>[^:]+:[^:]+):" "$ip::";
	default 0.0.0.0;
}`
	for name, c := range map[string]struct{ http, server string }{
		"combined":       {"", "access_log LOG;"},
		"combined named": {"access_log LOG combined buffer=1k flush=1s;", ""},
		"truncated":      {truncating + `log_format f '$short "$request" $status';`, "access_log LOG f;"},
		"all but path":   {`log_format f '$remote_addr "$request_method $uri" $status';`, "access_log LOG f;"},
		"no address":     {`log_format f '$time_iso8601 "$request" "$http_user_agent"';`, "access_log LOG f;"},
		"query by map":   {`map $request_uri $path { ~^(?<p>[^?]*) $p; default -; } log_format f '$path $status';`, "access_log LOG f;"},
		"one argument":   {`log_format f escape=json '{"q":"$arg_q","c":"$cookie_session"}';`, "access_log LOG f;"},
		"headers":        {`log_format f '$http_cookie $http_authorization $http_x_forwarded_for $http_x_odd';`, "access_log LOG f;"},
		"forwarded":      {`log_format f '$proxy_add_x_forwarded_for';`, "access_log LOG f;"},
		"user and more":  {`log_format f '$remote_user' ' $binary_remote_addr $host $server_port $request_id';`, "access_log LOG f;"},
		"set":            {`log_format f '$mine $request_length';`, "set $mine \"u=$args\"; access_log LOG f;"},
		"by status":      {`map $status $odd { ~^[45] 1; default 0; } log_format f '$remote_addr';`, "access_log LOG f if=$odd;"},
		"location":       {`log_format f '$status';`, "access_log /dev/null; location / { access_log LOG f; }"},
		"constants":      {`map $remote_addr $who { 127.9.8.7 monitor; default other; } log_format f '$who $http_referer';`, "access_log LOG f;"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			log, port := filepath.Join(root, "access.log"), freePort(t)
			config := fmt.Sprintf(`events {}
pid %[1]s/pid;
error_log %[1]s/error.log info;
http {
	client_body_temp_path %[1]s/t1; proxy_temp_path %[1]s/t2; fastcgi_temp_path %[1]s/t3; uwsgi_temp_path %[1]s/t4; scgi_temp_path %[1]s/t5;
	%[2]s
	server { listen 127.0.0.1:%[3]d; root %[1]s/www; %[4]s }
}
`, root, c.http, port, c.server)
			config = strings.ReplaceAll(config, "LOG", log)
			file := filepath.Join(root, nginxMain)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
				t.Fatal(err)
			}
			var noise bytes.Buffer
			cmd := exec.CommandContext(context.Background(), program, "-p", root, "-e", filepath.Join(root, "error.log"), "-c", file, "-g", "daemon off;")
			cmd.Stderr = &noise
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			func() {
				defer stop(t, cmd, syscall.SIGQUIT)
				reached(t, port)
				request(t, port)
			}()
			facts := said(t, root)
			compare(t, log, facts["nginx/http:"+log+":"+format(c)+condition(c)])
			compare(t, filepath.Join(root, "error.log"), facts["nginx/error:"+filepath.Join(root, "error.log")])
		})
	}
}

func format(c struct{ http, server string }) string {
	if strings.Contains(c.http, "log_format") {
		return "f"
	}
	return "combined"
}

func condition(c struct{ http, server string }) string {
	if strings.Contains(c.server, "if=") {
		return ":if=$odd"
	}
	return ""
}

// request asks for what is not there, with every part that may be recorded.
func request(t *testing.T, port int) {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 9, 8, 7)}, Timeout: 10 * time.Second}
	conn, err := d.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "GET /none?q=QUERYTOKEN HTTP/1.1\r\nHost: localhost\r\nUser-Agent: HEADERTOKEN\r\nReferer: http://localhost/HEADERTOKEN?q=QUERYTOKEN\r\nCookie: session=COOKIETOKEN\r\n"+
		"Authorization: Basic %s\r\nX-Forwarded-For: 198.51.100.77\r\nX-Odd: HEADERTOKEN\r\nConnection: close\r\n\r\n", credentials())
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(conn); err != nil || !bytes.HasPrefix(answer.Bytes(), []byte("HTTP/1.1 40")) {
		t.Fatalf("the server said %.80q, %v", answer.String(), err)
	}
}

func credentials() string { return base64.StdEncoding.EncodeToString([]byte("USERTOKEN:x")) }

// compare holds what stands in a log against the forms that facts tell.
func compare(t *testing.T, log string, facts map[string]string) {
	t.Helper()
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	stands := map[string]string{}
	for part, tokens := range map[string][]string{
		"query_string": {"QUERYTOKEN"}, "request_headers": {"HEADERTOKEN", "198.51.100.77", "host: \"localhost\""}, "cookies": {"COOKIETOKEN"}, "authorization": {credentials()}, "user_name": {"USERTOKEN"},
		"client_address": {"127.9.8.7", "198.51.100.77", "\x7f\x09\x08\x07", `\x7F\x09\x08\x07`},
	} {
		for _, token := range tokens {
			if strings.Contains(text, token) {
				stands[part] = "full"
			}
		}
	}
	if stands["client_address"] == "" && strings.Contains(text, "127.9.8.") {
		stands["client_address"] = "truncated"
	}
	if text == "" {
		t.Error("nothing was written")
	}
	if diff := cmp.Diff(facts, stands); diff != "" || facts == nil {
		t.Errorf("what stands in the log is not what the facts say (-facts +log)\n%s%s", diff, text)
	}
}
