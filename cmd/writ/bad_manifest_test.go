package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/finding"
)

const documented = "gdpr.port.published_documented"

// node is a Service that publishes a port of every node, which no register covers.
func node(name string, port int) string {
	return fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata:\n  name: %s\n  namespace: shop\nspec:\n  type: NodePort\n  selector: {app: %s}\n  ports:\n    - {port: 443, nodePort: %d}\n", name, name, port)
}

const object = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"

// laughs are lists of which each holds nine of the one before.
func laughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d%s]\n", i+1, i+1, i, strings.Repeat(fmt.Sprintf(", *a%d", i), 8))
	}
	return b.String()
}

// badManifest is something wrong in the manifests or projects of the folder bad,
// which holds a sound object besides.
type badManifest struct {
	files map[string]string
	make  func(t *testing.T, dir string)
	// status of a check of all; 1 means that the bad part is not fatal.
	status int
	// says stands in one diagnostic, its place included; skipped is a file that is
	// named as not read instead.
	says    []string
	skipped string
	// fails are subjects that are found all the same; nothing is unknown if whole.
	fails []string
	whole bool
}

func badManifests() map[string]badManifest {
	one := func(text string) map[string]string { return map[string]string{"bad/web.yaml": text} }
	web := node("web", 30443)
	project := func(text string) map[string]string { return map[string]string{"bad/compose.yaml": text} }
	const found, published = "shop/Service/web/tcp/30443", "services/a/tcp/443"
	return map[string]badManifest{
		"a key twice":               {files: one(strings.Replace(web, "type: NodePort", "type: NodePort\n  type: ClusterIP", 1)), status: 2, says: []string{"bad/web.yaml:8:3", `the key "type" stands twice`}},
		"a key twice beside others": {files: one(web + "---\n" + object + "spec: {}\nspec: {type: NodePort}\n"), status: 2, says: []string{"bad/web.yaml:17:1", `"spec" stands twice`}, fails: []string{found}},
		"aliases that explode":      {files: one(object + laughs() + "spec: {type: NodePort, ports: *a9}\n"), status: 1, says: []string{"bad/web.yaml:", "aliases", "100000 values"}},
		"aliases nobody uses":       {files: one(web + laughs()), status: 1, says: []string{"bad/web.yaml:", "aliases", "100000 values"}, fails: []string{found}, whole: true},
		"an alias in itself":        {files: one(object + "spec: &s {type: NodePort, ports: *s}\n"), status: 1, says: []string{"bad/web.yaml:5:", "*s stands inside its own anchor"}},
		"a merge of itself":         {files: one(object + "spec: &s\n  <<: *s\n  type: NodePort\n"), status: 1, says: []string{"bad/web.yaml:6:", "stands inside its own anchor"}},
		"an alias of nothing":       {files: one(strings.Replace(web, "NodePort", "*nothing", 1)), status: 2, says: []string{"bad/web.yaml:", "unknown anchor"}},
		"10,000 deep, flow":         {files: one(object + "spec: {type: NodePort, ports: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + "}\n"), status: 1, says: []string{"bad/web.yaml:5:", "levels deep"}},
		"10,000 deep, sequences":    {files: one(object + "spec:\n " + strings.Repeat("- ", 10_000) + "x\n"), status: 2, says: []string{"bad/web.yaml:", "depth"}},
		"10,000 deep, json":         {files: map[string]string{"bad/web.json": `{"apiVersion":"v1","kind":"Service","spec":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`}, status: 2, says: []string{"bad/web.json:1:", "deep"}},
		"tabs":                      {files: one(strings.Replace(web, "  type:", "\ttype:", 1)), status: 2, says: []string{"bad/web.yaml:7:", "cannot start any token"}},
		"a stream cut short":        {files: one(web + "---\n" + object + "spec: {type: Node"), status: 2, says: []string{"bad/web.yaml:1", "cannot parse YAML"}, fails: []string{found}},
		"a stream that begins cut":  {files: one(object + "spec: {type: Node\n---\n" + web), status: 2, says: []string{"bad/web.yaml:", "cannot parse YAML"}, fails: []string{found}},
		"json cut short":            {files: map[string]string{"bad/web.json": `{"apiVersion":"v1","kind":"Service","spec":{"type":"NodePort"`}, status: 2, says: []string{"bad/web.json:1:"}},
		"latin-1":                   {files: one(strings.Replace(web, "shop", "caf\xe9", 1)), status: 2, says: []string{"bad/web.yaml:", "UTF-8"}},
		"utf-16":                    {files: one(utf16(web)), status: 1, fails: []string{found}, whole: true},
		"utf-16 cut short":          {files: one(utf16(web + "---\nspec: {")), status: 2, says: []string{"bad/web.yaml:", "cannot parse YAML"}, fails: []string{found}},
		"utf-16 json":               {files: map[string]string{"bad/web.json": utf16(`{"apiVersion": "v1", "kind": "Service"}`)}, status: 2, says: []string{"bad/web.json:1:1", "UTF-16"}},
		"binary after an object":    {files: one(web + "---\n\x7fELF\x02\x01\xff\x00\n"), status: 2, says: []string{"bad/web.yaml:", "cannot parse YAML"}, fails: []string{found}},
		"nul in a name":             {files: one(strings.Replace(web, "name: web", "name: w\x00b", 1)), status: 2, says: []string{"bad/web.yaml:", "control characters"}},
		"byte order mark":           {files: one("\ufeff" + web), status: 1, fails: []string{found}, whole: true},
		"crlf":                      {files: one(strings.ReplaceAll(web, "\n", "\r\n")), status: 1, fails: []string{found}, whole: true},
		"a version of yaml to come": {files: one("%YAML 9.9\n---\n" + web), status: 2, says: []string{"bad/web.yaml:", "incompatible"}},
		"a go template":             {files: one(strings.Replace(web, "NodePort", "{{ .Values.type }}", 1)), status: 1, says: []string{"bad/web.yaml:7:", "not a scalar"}},
		"a go template in quotes":   {files: one(strings.Replace(web, "NodePort", `"{{ .Values.type }}"`, 1)), status: 1},
		"a go template of lines":    {files: one(strings.Replace(web, "spec:", "{{- if .Values.open }}\nspec:", 1) + "{{- end }}\n"), status: 1, says: []string{"bad/web.yaml:", "cannot parse YAML", "looks like a template"}, skipped: "bad/web.yaml"},
		"a tag of its own":          {files: one(strings.Replace(web, "NodePort", "!env TYPE", 1)), status: 1},
		"a list of what is none":    {files: one("apiVersion: v1\nkind: List\nitems: 7\n"), status: 1, says: []string{"bad/web.yaml:3:", "items of the list cannot be read"}},
		"ports that are none":       {files: one(object + "spec: {type: NodePort, ports: {port: 7}}\n"), status: 1},
		"an object without a kind":  {files: one("apiVersion: v1\nkindness: none\nmetadata: {name: web}\n---\n" + web), status: 1, says: []string{"bad/web.yaml:1:", "does not say its apiVersion and kind"}, fails: []string{found}},
		"two of one name":           {files: one(web + "---\n" + node("web", 30444)), status: 1, says: []string{"bad/web.yaml:13:1", "declared twice"}, fails: []string{found, "shop/Service/web#2/tcp/30444"}, whole: true},
		"64 MB of comment":          {files: one("# " + strings.Repeat("x", 64<<20) + "\n" + web), status: 1, skipped: "bad/web.yaml"},
		"a link out of the tree":    {make: link("bad/web.yaml", "/etc/hostname"), status: 1, skipped: "bad/web.yaml"},
		"a link to nothing":         {make: link("bad/web.yaml", "nowhere.yaml"), status: 1, skipped: "bad/web.yaml"},
		"a fifo":                    {make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "bad/web.yaml")) }, status: 1, skipped: "bad/web.yaml"},

		"services that extend each other": {files: project("services:\n  a:\n    extends: {service: b}\n    ports: ['443:443']\n  b:\n    extends: {service: a}\n"), status: 1, says: []string{"bad/compose.yaml:", "a service extends itself"}, fails: []string{published}},
		"files that include each other":   {files: map[string]string{"bad/compose.yaml": "include: [other.yaml]\nservices:\n  a: {image: x, ports: ['443:443']}\n", "bad/other.yaml": "include: [compose.yaml]\n"}, status: 1, says: []string{"bad/other.yaml:1:", "leads back to itself"}, fails: []string{published}},
		"an include of nothing":           {files: project("include: [gone.yaml]\nservices:\n  a: {image: x, ports: ['443:443']}\n"), status: 1, fails: []string{published}},
		"an include outside":              {files: project("include: [../../../etc/hostname]\nservices:\n  a: {image: x, ports: ['443:443']}\n"), status: 1, says: []string{"bad/compose.yaml:1:", "leads out of the source"}, fails: []string{published}},
		"extends a file of nothing":       {files: project("services:\n  a: {extends: {file: gone.yaml, service: b}, image: x}\n"), status: 1, says: []string{"bad/compose.yaml:2:", "gone.yaml"}},
		"a variable without a value":      {files: project("services:\n  a: {image: x, ports: ['${PORT}:443']}\n"), status: 1},
		"a variable that is required":     {files: project("services:\n  a: {image: x, ports: ['${PORT:?which}:443']}\n"), status: 1},
		"a variable that does not end":    {files: project("services:\n  a: {image: x, ports: ['${PORT:443']}\n"), status: 1},
		"a service twice":                 {files: project("services:\n  a: {image: x}\n  a: {image: x, ports: ['443:443']}\n"), status: 2, says: []string{"bad/compose.yaml:3:", `the key "a" stands twice`}},
		"a project cut short":             {files: project("services:\n  a: {image: x, ports: ['443:4"), status: 2, says: []string{"bad/compose.yaml:", "cannot parse YAML"}},
		"services that are none":          {files: project("services: 7\n"), status: 1},
		"ports out of range":              {files: project("services:\n  a: {image: x, ports: ['443:443', '99999:1', 'x:y']}\n"), status: 1, fails: []string{published}},
		"a project in utf-16":             {files: project(utf16("services:\n  a: {image: x, ports: ['443:443']}\n")), status: 1, fails: []string{published}, whole: true},
	}
}

// TestBadManifest holds what TestBadInput does, of manifests and of Compose projects:
// nothing bad is silent or green, and nothing bad hides what is sound.
func TestBadManifest(t *testing.T) {
	for name, c := range badManifests() {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{"good/main.tf": endless, "bad/sound.yaml": node("sound", 30001)})
			for file, text := range c.files {
				put(t, filepath.Join(dir, file), text)
			}
			if c.make != nil {
				c.make(t, dir)
			}
			v := check(t, "-v", dir)
			if v.status != c.status {
				t.Errorf("exit %d (%s), want %d%s", v.status, v.Summary.ExitReason, c.status, v.told())
			}
			if got := v.outcome(finite, "config/good", "aws_cloudwatch_log_group.app"); got != finding.Fail {
				t.Errorf("the sound folder's outcome is %q, want fail", got)
			}
			for _, subject := range append(c.fails, "shop/Service/sound/tcp/30001") {
				if got := v.outcome(documented, "config/bad", subject); got != finding.Fail {
					t.Errorf("the outcome of %s is %q, want fail", subject, got)
				}
			}
			if len(c.says) > 0 && v.diagnosed(c.says...) == nil {
				t.Errorf("no diagnostic says %q%s", c.says, v.told())
			}
			if c.skipped != "" && !v.skipped(c.skipped) {
				t.Errorf("%s is not among the skipped files: %+v", c.skipped, v.Summary.Files)
			}
			undecided := false
			for _, f := range v.Findings {
				if f.Control == documented && f.Target == "config/bad" {
					undecided = undecided || f.Outcome == finding.Unknown && len(f.Reasons) > 0
					if f.Outcome == finding.Pass || f.Outcome == finding.NotApplicable {
						t.Errorf("%s about %q is %s", f.Control, f.Subject.ID, f.Outcome)
					}
				}
			}
			if undecided == c.whole {
				t.Errorf("something of the folder is unknown: %v, want %v", undecided, !c.whole)
			}
		})
	}
}

// open is a control of an organisation over raw documents of any format.
const openDocuments = `# METADATA
# scope: package
# title: Nothing is open
# description: A synthetic control over raw documents.
# related_resources:
#   - {ref: "https://eur-lex.europa.eu/eli/reg/2016/679/oj", description: "GDPR Art. 25(2)"}
# custom:
#   severity: low
#   subject: config.document
#   gdpr: ["25(2)"]
#   remediation: Close what is open.
package acme.nothing.open

deny contains {"msg": "it is open"} if input.subject.body.server.open in {true, "true"}
`

// TestBadDocument holds that a document that cannot be read is unknown for a control
// that asks for it, that the diagnostic says where, and that others are judged.
func TestBadDocument(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		says       []string
		status     int
	}{
		"json cut short":       {"bad.json", `{"server": {"open": tr`, []string{"bad.json:1:"}, 2},
		"json, a key twice":    {"bad.json", `{"server": {"open": true, "open": false}}`, nil, 1},
		"json, 10,000 deep":    {"bad.json", strings.Repeat(`{"server":`, 10_000) + "1" + strings.Repeat("}", 10_000), []string{"bad.json:1:", "deep"}, 2},
		"json in utf-16":       {"bad.json", utf16(`{"server": {"open": false}}`), []string{"bad.json:1:1", "UTF-16"}, 2},
		"toml cut short":       {"bad.toml", "[server]\nopen = \n", []string{"bad.toml:2:"}, 2},
		"toml, a table twice":  {"bad.toml", "[server]\nopen = false\n[server]\nopen = true\n", []string{"bad.toml:3:"}, 2},
		"toml, latin-1":        {"bad.toml", "[server]\nname = \"caf\xe9\"\n", []string{"bad.toml:2:", "UTF-8"}, 2},
		"toml, 10,000 deep":    {"bad.toml", "x = " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "\n", []string{"bad.toml:1:", "deep"}, 2},
		"ini, a section open":  {"bad.ini", "[server\nopen = false\n", []string{"bad.ini:1:"}, 2},
		"ini in utf-16":        {"bad.ini", utf16("[server]\nopen = false\n"), []string{"bad.ini:1:1", "UTF-16"}, 2},
		"xml cut short":        {"bad.xml", "<server><open>false</open>", []string{"bad.xml:1:"}, 2},
		"xml, entities":        {"bad.xml", "<!DOCTYPE s [<!ENTITY a \"true\"><!ENTITY b \"&a;&a;&a;\">]>\n<server><open>&b;</open></server>", []string{"bad.xml:1:1", "declares entities"}, 2},
		"xml, a file outside":  {"bad.xml", "<!DOCTYPE s [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>\n<server><open>&a;</open></server>", []string{"bad.xml:1:1", "declares entities"}, 2},
		"xml, 10,000 deep":     {"bad.xml", strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000), []string{"bad.xml:1:", "deep"}, 2},
		"yaml cut short":       {"bad.yaml", "server: {open: fal", []string{"bad.yaml:"}, 2},
		"yaml, a tag":          {"bad.yaml", "server: !vault |\n  6162\n", nil, 1},
		"yaml, aliases":        {"bad.yaml", laughs() + "server: *a9\n", []string{"bad.yaml:", "aliases"}, 1},
		"hcl cut short":        {"bad.hcl", "server {\n  open = \n", []string{"bad.hcl:"}, 2},
		"properties, escapes":  {"bad.properties", "server=\\u00zz\n", []string{"bad.properties:1:"}, 2},
		"dotenv, a quote open": {"bad.env", "OPEN='false\n", []string{"bad.env:1:"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{"policy/open.rego": openDocuments, "good.toml": "[server]\nopen = true\n", c.file: c.text})
			v := check(t, "-v", "--no-builtin", "-p", filepath.Join(dir, "policy"), dir)
			if v.status != c.status {
				t.Errorf("exit %d (%s), want %d%s", v.status, v.Summary.ExitReason, c.status, v.told())
			}
			if len(c.says) > 0 && v.diagnosed(c.says...) == nil {
				t.Errorf("no diagnostic says %q%s", c.says, v.told())
			}
			if got := v.outcome("acme.nothing.open", "config/.", "good.toml"); got != finding.Fail {
				t.Errorf("the sound document is %q, want fail", got)
			}
			if i := slices.IndexFunc(v.Findings, func(f *finding.Finding) bool { return f.Subject.ID == c.file }); i < 0 || v.Findings[i].Outcome != finding.Unknown {
				t.Errorf("the document is not unknown:\n%s%s", findingLines(v.Findings), v.told())
			}
		})
	}
}

// TestBadScannerReport holds that a report of gitleaks that ends too early, and rules
// that cannot be read, are told, and that what stands before counts.
func TestBadScannerReport(t *testing.T) {
	leak := `{"RuleID": "generic", "Description": "d", "StartLine": 3, "EndLine": 3, "StartColumn": 1, "EndColumn": 9, "File": "app/main.go", "Secret": "` + "made-up-" + `4711", "Match": "x", "Commit": "", "Fingerprint": "f"}`
	dir := tree(t, map[string]string{"good/main.tf": endless, "report/leaks.json": "[" + leak + `, {"RuleID": "gen`, "rules.toml": "[[rules]]\nid = \"x\"\nregex = \"([\"\n"})
	v := check(t, "-v", filepath.Join(dir, "report", "leaks.json"), filepath.Join(dir, "good"))
	if v.status != 2 || v.diagnosed("report/leaks.json", "gitleaks") == nil {
		t.Errorf("exit %d (%s), want 2 and a diagnostic%s", v.status, v.Summary.ExitReason, v.told())
	}
	seen := map[finding.Outcome]bool{}
	for _, f := range v.Findings {
		if f.Target == "config/report" && f.Control == "gdpr.encryption.tracked_secret_absent" {
			seen[f.Outcome] = true
		}
	}
	if !seen[finding.Fail] || !seen[finding.Unknown] || seen[finding.Pass] {
		t.Errorf("of the report: %v, want a failure and unknown:\n%s", seen, findingLines(v.Findings))
	}
	if got := v.outcome(finite, "config/good", "aws_cloudwatch_log_group.app"); got != finding.Fail {
		t.Errorf("the sound folder's outcome is %q, want fail", got)
	}
	v = check(t, "-v", "--secret-rules", filepath.Join(dir, "rules.toml"), filepath.Join(dir, "good"))
	if v.status != 2 || v.diagnosed("rules.toml:3:") == nil {
		t.Errorf("exit %d (%s), want 2 and a diagnostic%s", v.status, v.Summary.ExitReason, v.told())
	}
	if got := v.outcome(finite, "config/good", "aws_cloudwatch_log_group.app"); got != finding.Fail {
		t.Errorf("the sound folder's outcome is %q, want fail", got)
	}
}
