package main

import (
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/report"
)

// TestNoSecretOfDocumentsIsWritten plants a secret in a raw document of each format,
// under a name, beside a name, in text and in what is not known, and lets a control
// print all it is given.
func TestNoSecretOfDocumentsIsWritten(t *testing.T) {
	p := planted{}
	dir := tree(t, map[string]string{
		"Dockerfile":            "FROM x\nENV DB_PASSWORD=" + p.in("docker environment") + "\nRUN login --token " + p.in("docker run") + "\n# password: " + p.in("docker comment") + "\n",
		".env":                  "DB_PASSWORD='" + p.in("environment") + "'\nAPI_TOKEN=" + p.in("doubtful") + "#x\n",
		"a.json":                `{"password": "` + p.in("json") + `", "env": [{"name": "API_TOKEN", "value": "` + p.in("json pair") + `"}], "twice_secret": "` + p.in("json twice") + `", "twice_secret": "` + p.in("json again") + `"}`,
		"tsconfig.json":         "{\"password\": \"" + p.in("jsonc") + "\"} // token: " + p.in("jsonc comment") + "\n",
		"b.yaml":                "password: " + p.in("yaml") + "\nargs: [--password, " + p.in("yaml argument") + "]\nurl: postgres://a:" + p.in("yaml url") + "@h/d\ntoken: !x " + p.in("yaml tag") + "\n",
		"c.toml":                "[db]\npassword = '" + p.in("toml") + "'\nscript = '''\nexport TOKEN=" + p.in("toml script") + "\n'''\n",
		"d.ini":                 "[db]\npassword = " + p.in("ini") + "\npasswd = " + p.in("ini doubtful") + " ; why\nsecret = " + p.in("ini twice") + "\nsecret = " + p.in("ini again") + "\nnote = at first " + p.in("ini twice") + ", then " + p.in("ini again") + "\n",
		"e.properties":          "db.password=" + p.in("properties") + "\n",
		"f.xml":                 `<c><db password="` + p.in("xml") + `"/><add key="DbPassword" value="` + p.in("xml pair") + `"/><secret x="y">` + p.in("xml content") + `</secret></c>`,
		"g.hcl":                 "db {\n  password = \"" + p.in("hcl") + "\"\n  token = \"" + p.in("hcl template") + "${x}\"\n}\n",
		"h.hcl":                 "\"password\" = \"" + p.in("hcl of old") + "\"\n",
		"broken.toml":           "password = " + p.in("broken toml") + "\n",
		"broken.json":           `{"password": ` + p.in("broken json") + `}`,
		"broken.env":            "PASSWORD " + p.in("broken environment") + "\n",
		"broken.ini":            "[x\npassword = " + p.in("broken ini") + "\n",
		"broken.xml":            "<a><password>" + p.in("broken xml") + "</a>",
		"broken.hcl":            "password = \"" + p.in("broken hcl") + "\" oops\n",
		"policy/talkative.rego": strings.NewReplacer("terraform.resource", "config.document").Replace(talkative),
	})
	written := map[string]string{}
	for _, format := range report.Formats() {
		r := writ("check", dir, "--now", now, "--no-builtin", "--policy", dir+"/policy", "-v", "-o", format)
		if r.status != 2 || r.out == "" {
			t.Errorf("%s: exit %d and %d bytes: that shows nothing\n%s", format, r.status, len(r.out), r.err)
		}
		written[format], written[format+", standard error"] = r.out, r.err
	}
	if talk := written["json"]; !strings.Contains(talk, `"acme.talkative"`) || strings.Count(talk, fact.Redacted) < 20 {
		t.Errorf("the control that prints everything was not asked, or little was redacted:\n%.3000s", talk)
	}
	r := writ("collect", dir, "--now", now)
	written["collect"], written["collect, standard error"] = r.out, r.err
	if strings.Count(r.out, fact.Redacted) < 12 {
		t.Errorf("collect redacted little:\n%.3000s", r.out)
	}
	for place, secret := range p {
		for where, text := range written {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("the secret of %q stands in %s: …%s…", place, where, text[max(0, at-120):min(len(text), at+60)])
			}
		}
	}
}
