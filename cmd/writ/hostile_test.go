package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/writ-policy/writ/engine/report"
)

// hostile are strings that some reader of some report would obey; engine/report
// puts more of them into every field.
var hostile = []string{
	"\x1b[31mred\x1b[0m\x1b]0;title\a\x1b[2J",
	"\u009b31mC1\u0085next",
	"first\rsecond\r\nthird\n\nfifth\v\f\b",
	"nul\x00byte\x7f",
	"\u202eright to left\u202c \u2066isolate\u2069 \u200fmark\u061c",
	"zero\u200bwidth\ufeff\u2060\u00ad",
	"line\u2028separator\u2029paragraph",
	"::set-output name=x::y",
	"\n::error file=a,line=1::b\n  ::stop-commands::x",
	"##[add-mask]x ##vso[task.setvariable variable=x]y",
	"]]>",
	"</script><script>alert(1)</script><!--",
	`"><img src=x onerror=alert(1)>&amp;`,
	"[text](javascript:alert(1)) ![i](https://example.org/x)",
	"| a | b |\n| --- | --- |\n# heading\n```",
	"=cmd|' /C calc'!A1",
	"../../etc/passwd#2",
	"${jndi:x} {{.Run}} %x%",
	"a~1b/c~0d",
	strings.Repeat("l", 2100),
}

// hostileStream holds objects whose every text is hostile: names, namespaces,
// annotations, labels, images, hosts, paths, names and values of variables.
func hostileStream(t *testing.T) string {
	t.Helper()
	var items []any
	for i, h := range hostile {
		meta := map[string]any{"name": h, "namespace": h, "annotations": map[string]any{h: h, "description": h}, "labels": map[string]any{h: h}}
		pod := map[string]any{
			"serviceAccountName": h,
			"containers": []any{map[string]any{"name": h, "image": h, "args": []any{h, "--password", fmt.Sprintf("made-up-%d-4711", i)},
				"ports": []any{map[string]any{"containerPort": 5432, "name": h}},
				"env":   []any{map[string]any{"name": "DB_PASSWORD" + h, "value": h + fmt.Sprintf("made-up-%d-4711", i)}, map[string]any{"name": "A", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": h, "key": h}}}}}},
			"volumes": []any{map[string]any{"name": h, "hostPath": map[string]any{"path": h}}},
		}
		items = append(items,
			map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": map[string]any{"selector": map[string]any{"matchLabels": map[string]any{"app": "x"}},
				"template": map[string]any{"metadata": map[string]any{"labels": map[string]any{"app": "x", h: h}}, "spec": pod}}},
			map[string]any{"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": map[string]any{"type": "NodePort", "selector": map[string]any{"app": "x"}, "externalIPs": []any{h},
				"ports": []any{map[string]any{"port": 443, "nodePort": 30000 + i, "name": h, "protocol": h}, map[string]any{"port": 5432, "nodePort": 31000 + i}}}},
			map[string]any{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta, "spec": map[string]any{"ingressClassName": h,
				"tls":   []any{map[string]any{"hosts": []any{h}, "secretName": h}},
				"rules": []any{map[string]any{"host": h, "http": map[string]any{"paths": []any{map[string]any{"path": h, "backend": map[string]any{"service": map[string]any{"name": h, "port": map[string]any{"name": h}}}}}}}}}},
			map[string]any{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{h: h}},
				"ingress": []any{map[string]any{"from": []any{map[string]any{"ipBlock": map[string]any{"cidr": h}}}}}}},
			map[string]any{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": meta, "rules": []any{map[string]any{"apiGroups": []any{""}, "resources": []any{"secrets", h}, "verbs": []any{"*", h}}}},
			map[string]any{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": meta, "roleRef": map[string]any{"kind": "ClusterRole", "name": h}, "subjects": []any{map[string]any{"kind": "Group", "name": h}}},
			map[string]any{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "spec": map[string]any{"storageClassName": h}},
			map[string]any{"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": map[string]any{"name": h}, "provisioner": h, "parameters": map[string]any{"encrypted": "false", h: h}},
			map[string]any{"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": meta, "spec": map[string]any{"secretName": h, "dnsNames": []any{h}, "usages": []any{h}, "duration": h, "signatureAlgorithm": h,
				"privateKey": map[string]any{"algorithm": "RSA"}, "issuerRef": map[string]any{"name": h, "kind": h, "group": h}}},
			map[string]any{"apiVersion": h, "kind": h, "metadata": meta},
		)
	}
	data, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// hostileCompose is a project whose names, labels, networks and hosts are hostile.
func hostileCompose(t *testing.T) string {
	t.Helper()
	services, networks := map[string]any{}, map[string]any{}
	for i, h := range hostile {
		networks[h] = map[string]any{"internal": i%2 == 0, "driver": h, "driver_opts": map[string]any{h: h}}
		services[h] = map[string]any{"image": h, "networks": []any{h}, "ports": []any{fmt.Sprintf("127.0.0.1:%d:443", 20000+i)}, "extra_hosts": []any{h + ":host-gateway"},
			"labels": map[string]any{"traefik.http.routers." + h: h, "traefik.enable": h}, "volumes": []any{"/var/run/docker.sock:/" + h}, "environment": map[string]any{"VIRTUAL_HOST": h}}
	}
	data, err := json.Marshal(map[string]any{"services": services, "networks": networks})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestHostileManifest sends hostile names and annotations through every format, from
// the manifest to the report: nothing of them reaches a terminal, a runner, a browser
// or a parser as anything but text, and what was collected is valid.
func TestHostileManifest(t *testing.T) {
	dir := tree(t, map[string]string{"deploy/a.json": hostileStream(t), "deploy/b\u202e;::error ::.yaml": node("web", 30500), "deploy/project/compose.yaml": hostileCompose(t), "policy/talkative.rego": strings.ReplaceAll(talkative, "terraform.resource", "kubernetes.object")})
	args := []string{"check", filepath.Join(dir, "deploy"), "--now", now, "-p", filepath.Join(dir, "policy"), "-v"}
	for _, format := range report.Formats() {
		args = append(args, "-o", format+"="+filepath.Join(dir, "report."+format))
	}
	r := writ(args...)
	if r.status != 1 {
		t.Fatalf("exit %d, want 1\n%.2000s", r.status, r.err)
	}
	neutral(t, "text", r.out)
	neutral(t, "text", r.err)
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(dir, "report."+format))
			if err != nil || len(text) < 10_000 {
				t.Fatalf("%d bytes, which shows nothing: %v", len(text), err)
			}
			neutral(t, format, string(text))
			if strings.Contains(string(text), "-4711") {
				t.Error("a password stands in it")
			}
		})
	}
	r = writ("collect", filepath.Join(dir, "deploy"), "--now", now)
	if r.status != 0 || r.out == "" {
		t.Fatalf("collect: exit %d: %.2000s", r.status, r.err)
	}
	saved := filepath.Join(dir, "facts.jsonl")
	put(t, saved, r.out)
	v := check(t, saved)
	for _, d := range v.Summary.Diagnostics {
		if d.Severity == "error" {
			t.Errorf("what was collected is not valid: %.400s", v.told())
			break
		}
	}
}

var hostileCommand = regexp.MustCompile(`^\s*::|##[A-Za-z]*\[`)

// neutral holds that a report is of its format, and that what a terminal, a runner
// or a browser acts upon does not stand in it.
func neutral(t *testing.T, format, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("it is not UTF-8")
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if format == "github" {
			line = regexp.MustCompile(`^::(?:error|warning|notice|debug|group|endgroup)\b`).ReplaceAllString(line, "")
		}
		if format != "json" && format != "jsonl" && format != "sarif" && format != "gitlab" && format != "html" && format != "junit" && format != "csv" && hostileCommand.MatchString(line) {
			t.Errorf("a line is a command: %.200q", line)
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return r != '\t' && !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("a line has something raw: %.80q", line[i:])
		}
	}
	switch format {
	case "json", "sarif", "gitlab":
		if !json.Valid([]byte(text)) {
			t.Error("it is no JSON")
		}
	case "jsonl":
		for line := range strings.Lines(text) {
			if !json.Valid([]byte(line)) {
				t.Errorf("a line is no JSON: %.200q", line)
			}
		}
	case "junit":
		in := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := in.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("it is no XML: %v", err)
			}
		}
	case "html":
		if strings.Contains(text, "<script>alert") || strings.Contains(text, "<img src=x") {
			t.Error("markup of a manifest stands in it")
		}
	case "csv":
		if strings.Contains(text, "\n=cmd") || strings.Contains(text, ",=cmd") || strings.Contains(text, `,"=cmd`) {
			t.Error("a cell is a formula")
		}
	case "markdown":
		if strings.Contains(text, "](javascript:") || strings.Contains(text, "<script>") {
			t.Error("markup of a manifest stands in it")
		}
	}
}
