package config

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// The description of the format names every pattern, and the enumeration is of the
// formats.
func TestFormatsAreDescribed(t *testing.T) {
	field := fact.LookupKind(documentKind).Field("format")
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
		if f.or != nil {
			names = append(names, f.or.name)
		}
		for _, pattern := range f.files {
			if !strings.Contains(strings.ToLower(field.Description), pattern) {
				t.Errorf("the description of the format does not name %s", pattern)
			}
		}
	}
	slices.Sort(names)
	if got, want := field.Type, strings.Join(slices.Compact(names), "|"); got != want {
		t.Errorf("formats are %s, read are %s", got, want)
	}
}

func TestFormatOf(t *testing.T) {
	all := formats()
	for name, want := range map[string]string{
		"Dockerfile": "dockerfile", "x/Dockerfile.prod": "dockerfile", "api.Dockerfile": "dockerfile", "Containerfile": "dockerfile", "Dockerfile.dockerignore": "",
		".env": "dotenv", ".env.local": "dotenv", "prod.env": "dotenv", ".envrc": "", "environment": "",
		"a.json": "json", "a.jsonl": "json", "tsconfig.build.json": "jsonc", ".vscode/settings.json": "jsonc", "settings.json": "json", "a.tf.json": "json", "x.fact.json": "", "x.facts.jsonl": "",
		"a.YAML": "yaml", "a.yml": "yaml", "a.toml": "toml", "Pipfile": "toml", "Pipfile.lock": "",
		"php.ini": "ini", "etc/mysql/my.cnf": "ini", "haproxy.cfg": "", "setup.cfg": "ini", "a.service": "ini", "etc/systemd/journald.conf": "ini", "nginx.conf": "", "ssh.service.d/10.conf": "ini", "a.target": "", "etc/systemd/system/a.target": "ini",
		"a.properties": "properties", "pom.xml": "xml", "Web.config": "xml", "a.config": "",
		"main.tf": "hcl2", "a.tfvars": "hcl2", "a.hcl": "hcl2", "job.nomad": "hcl2", "a.tofu": "hcl2", "main.go": "", "README": "",
	} {
		got := ""
		if f := formatOf(all, name); f != nil {
			got = f.name
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func collect(t *testing.T, kinds map[string]bool, files map[string]string) (*collectors.Env, []*fact.Document) {
	t.Helper()
	tree, fsys := &collectors.Tree{Dir: "."}, fstest.MapFS{}
	for _, name := range fact.SortedKeys(files) {
		fsys[name] = &fstest.MapFile{Data: []byte(files[name])}
		tree.Files = append(tree.Files, name)
	}
	tree.FS = fsys
	env := &collectors.Env{Tree: tree, Kinds: kinds, Now: now, Version: "test", Redactor: fact.NewRedactor()}
	docs, err := Collector{}.Collect(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Error(p)
		}
	}
	return env, docs
}

// A broken file ends the run only if its raw document was asked for by name.
func TestBrokenIsFatalOnlyIfAsked(t *testing.T) {
	files := map[string]string{"a.json": "{"}
	for _, row := range []struct {
		kinds                 map[string]bool
		docs, problems, fatal int
	}{
		{map[string]bool{documentKind: true}, 1, 1, 1},
		{nil, 1, 1, 0},
		{map[string]bool{"log.store": true}, 0, 0, 0},
	} {
		env, docs := collect(t, row.kinds, files)
		fatal := 0
		for _, d := range env.Diagnostics() {
			if d.Fatal {
				fatal++
			}
		}
		if len(docs) != row.docs || len(env.Diagnostics()) != row.problems || fatal != row.fatal {
			t.Errorf("%v: %d documents, %v, %d of them fatal", row.kinds, len(docs), env.Diagnostics(), fatal)
		}
	}
}

// What exceeds the budget of a source is not known, and said to be missing.
func TestDocumentBudget(t *testing.T) {
	large := "[0" + strings.Repeat(",0", maxValues/2) + "]"
	_, docs := collect(t, map[string]bool{documentKind: true}, map[string]string{"a.json": large, "b.json": large, "c.json": "1"})
	if len(docs) != 1 || docs[0].Complete || len(docs[0].Items) != 3 || docs[0].Items[0]["body"] == nil || docs[0].Items[1]["body"] != nil || docs[0].Items[2]["body"] != nil {
		t.Errorf("complete %v, reasons %q", docs[0].Complete, docs[0].Reasons)
	}
}

// What cannot be read at all is there with a body that is not known.
func TestRefusedFile(t *testing.T) {
	tree := &collectors.Tree{FS: fstest.MapFS{}, Files: nil, Skipped: []collectors.Skipped{{Path: "etc/a.ini", Reason: "not a regular file", Refused: true}, {Path: "etc/b.ini", Reason: "ignored"}}}
	env := &collectors.Env{Tree: tree, Kinds: map[string]bool{documentKind: true}, Now: now, Redactor: fact.NewRedactor()}
	docs, err := Collector{}.Collect(context.Background(), env)
	if err != nil || len(docs) != 1 || docs[0].Complete || len(docs[0].Items) != 1 || docs[0].Target.ID != "config/etc" {
		t.Fatalf("%v, %v", docs, err)
	}
}

// A file of a format that is named as not modelled stays so, though it is read raw.
func TestRecognisedStaysNamed(t *testing.T) {
	env, docs := collect(t, nil, map[string]string{"stack.json": `{"AWSTemplateFormatVersion": "2010-09-09"}`, "a.json": "{}"})
	if len(docs) != 1 || len(docs[0].Items) != 2 || env.WasRead("stack.json") || !env.WasRead("a.json") {
		t.Errorf("%d documents; read: stack.json %v, a.json %v", len(docs), env.WasRead("stack.json"), env.WasRead("a.json"))
	}
}

// A binary file is no INI, whatever its name says.
func TestBinary(t *testing.T) {
	env, docs := collect(t, nil, map[string]string{"a.ini": "a = 1\x00\x01\n", "b.ini": "a = 1\n"})
	if len(docs) != 1 || docs[0].Complete || len(docs[0].Items) != 2 || docs[0].Items[0]["body"] != nil || docs[0].Items[1]["body"] == nil {
		t.Fatalf("%v", docs)
	}
	if env.WasRead("a.ini") || env.Tree.Left("a.ini") == "" || !env.WasRead("b.ini") || len(env.Diagnostics()) != 0 {
		t.Errorf("a.ini was read: %v, left out: %q, %v", env.WasRead("a.ini"), env.Tree.Left("a.ini"), env.Diagnostics())
	}
}

// Secrets are learned from every format wherever their name says what they are:
// beside them, as numbers, and where the value itself is opaque.
func TestSecretsOfDocuments(t *testing.T) {
	secret := func(n string) string { return "zq" + n + "wk" }
	files := map[string]string{
		"Dockerfile":    "FROM x\nENV DB_PASSWORD=" + secret("docker") + "\nRUN login --token " + secret("run") + "\n",
		".env":          "DB_PASSWORD=" + secret("env") + "\nAPI_TOKEN=" + secret("a#b") + "\n",
		"a.json":        `{"password": "` + secret("json") + `", "pin_secret": 73518264, "env": [{"name": "API_TOKEN", "value": "` + secret("pair") + `"}]}`,
		"tsconfig.json": `{"password": "` + secret("jsonc") + `"} // x`,
		"b.yaml":        "password: " + secret("yaml") + "\nargs: [--password, " + secret("list") + "]\nurl: postgres://a:" + secret("url") + "@h/d\n",
		"c.toml":        "[db]\npassword = '" + secret("toml") + "'\n",
		"d.ini":         "[db]\npassword = " + secret("ini") + "\npasswd = " + secret("doubt") + " ; why\ntoken = " + secret("first") + "\ntoken = '" + secret("second") + "'\ntoken = " + secret("third") + " ; why\n",
		"e.properties":  "db.password=" + secret("properties") + "\n",
		"f.xml":         `<c><db password="` + secret("xml") + `"/><add key="DbPassword" value="` + secret("add") + `"/><secret>` + secret("element") + `</secret></c>`,
		"g.hcl":         "db {\n  password = \"" + secret("hcl") + "\"\n}\n",
		"h.hcl":         "\"password\" = \"" + secret("hcl1") + "\"\n",
	}
	env, docs := collect(t, map[string]bool{documentKind: true}, files)
	for _, d := range docs {
		for _, item := range d.Items {
			env.Redactor.LearnRaw(map[string]any(item)) // as the command line does
		}
	}
	planted := regexp.MustCompile(`zq[\w#]+wk|73518264`)
	found := 0
	for name, content := range files {
		for _, s := range planted.FindAllString(content, -1) {
			found++
			if got := env.Redactor.Redact(s); got != fact.Redacted {
				t.Errorf("%s: %s is not masked: %s", name, s, got)
			}
		}
	}
	if found < 21 {
		t.Errorf("%d secrets were planted", found)
	}
}
