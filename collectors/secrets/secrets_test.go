package secrets

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/secret"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt anew")

func TestGolden(t *testing.T) {
	sourcetest.Any.Golden(t, "testdata/*.txtar", *update, Collector{})
}

// fakes are values of some shapes, made here so that no file holds one. That every
// shape is found is tested where they are defined.
func fakes() map[string]string {
	letters := strings.Repeat("Qz7", 30)
	return map[string]string{
		"aws_access_key_id": "AK" + "IA" + strings.Repeat("Q", 16),
		"github_token":      "gh" + "p_" + letters[:36],
		"slack_webhook":     "https://hooks.slack" + ".com/services/T0/B0/" + letters[:24],
		"sendgrid_key":      "S" + "G." + letters[:22] + "." + letters[:43],
		"url_password":      "postgres://app:" + letters[:12] + "@db.shop.eu/app",
	}
}

// A shape is found once wherever it stands, and no document holds its value.
func TestShapes(t *testing.T) {
	for rule, value := range fakes() {
		for name, files := range map[string]map[string]string{
			"comment":   {"main.tf": "# note: " + value + "\n"},
			"local":     {"main.tf": "locals {\n  x = \"" + value + "\"\n}\n"},
			"other":     {"notes/readme.md": "see\n" + value + "\n"},
			"user_data": {"main.tf": "resource \"aws_instance\" \"i\" {\n  user_data_base64 = \"" + base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nx "+value+"\n")) + "\"\n}\n"},
		} {
			found := 0
			docs, _ := sourcetest.Any.Collect(t, Collector{}, files)
			for _, d := range docs {
				for _, item := range d.Items {
					if item["rule"] == rule && item["by"] == "pattern" {
						found++
					}
				}
				text, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(text), strings.Repeat("Qz7", 4)) || strings.Contains(string(text), strings.Repeat("Q", 16)) {
					t.Errorf("%s in %s: the document holds the value", rule, name)
				}
			}
			if found != 1 {
				t.Errorf("%s in %s: found %d times", rule, name, found)
			}
		}
	}
}

// A secret by name is told beside one by shape in the same line, once.
func TestOneLine(t *testing.T) {
	files := map[string]string{"main.tf": "locals { x = 1 }\nvariable \"v\" {\n  default = { one_token = \"" + fakes()["github_token"] + "\", two_token = \"made-up\" }\n}\n"}
	if diff := cmp.Diff("config/. github_token/main.tf 3:28\nconfig/. secret_name/var.v.two_token 3:83\n", told(t, sourcetest.Env(files))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// told lists the matches of a source, one a line, with what is not as usual.
func told(t *testing.T, env *collectors.Env) string {
	t.Helper()
	docs, err := Collector{}.Collect(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Errorf("%s: %v", d.Target.ID, p)
		}
		for i, item := range d.Items {
			at := d.Positions[fmt.Sprintf("/items/%d", i)]
			fmt.Fprintf(&b, "%s %s %d:%d", d.Target.ID, item.ID(), at.Line, at.Column)
			if item["tracked"] == false {
				b.WriteString(" untracked")
			}
			if n := item["count"].(int); n > 1 {
				fmt.Fprintf(&b, " ×%d", n)
			}
			if form := item["form"]; form == nil {
				b.WriteString(" ?")
			} else if form != "literal" {
				fmt.Fprintf(&b, " %s", form)
			}
			if carrier := item["carrier"]; carrier != "source" && carrier != "default" {
				fmt.Fprintf(&b, " %s", carrier)
			}
			b.WriteString("\n")
		}
		for _, r := range d.Reasons {
			fmt.Fprintf(&b, "%s incomplete: %s\n", d.Target.ID, r)
		}
	}
	return b.String()
}

// Files of all sorts.
func TestFiles(t *testing.T) {
	key := fakes()["github_token"]
	wide := "\xff\xfe"
	for _, c := range "a = " + key + "\r\n" {
		wide += string([]byte{byte(c), 0})
	}
	people := "name;iban\n"
	for i := range 4 {
		people += fmt.Sprintf("p%d;%s\n", i, account(i))
	}
	got := told(t, sourcetest.Env(map[string]string{
		"infra/main.tf": "# " + key + "\n", "infra/x/y.sh": "\n\n  echo " + key + "\n",
		"binary.bin": "\x00\x01 " + key, "wide.txt": wide, "latin.txt": "gr\xf6\xdfe " + key, "größe.txt": "größe " + key,
		".env":                     "DB_PASSWORD=hunter-on-the-run\nAPI_TOKEN=changeme\nDB_HOST=db\nOTHER_SECRET=$FROM\nTOKEN=" + key + "\nHASHED_SECRET=a#b\nTWICE_SECRET=x\nTWICE_SECRET=y\n",
		"bad.env":                  "this is no such file\n",
		".env.example":             "DB_PASSWORD=your-password\n",
		".github/workflows/ci.yml": "env:\n  TOKEN: " + key + "\n",
		"people.csv":               people,
		"package-lock.json":        "{\"resolved\": \"https://x:" + key + "@registry.shop.eu/a.tgz\"}\n",
	}))
	want := `config/infra github_token/infra/main.tf 1:3
config/infra github_token/infra/x/y.sh 3:8
config/. github_token/.env 5:7 env
config/. secret_name/.env/DB_PASSWORD 1:13 env
config/. secret_name/.env/OTHER_SECRET 4:14 reference env
config/. secret_name/.env/HASHED_SECRET 6:15 env
config/. secret_name/.env/TWICE_SECRET 8:14 ? env
config/. github_token/.github/workflows/ci.yml 2:10 ci
config/. github_token/größe.txt 1:7
config/. github_token/latin.txt 1:7
config/. github_token/package-lock.json 1:25
config/. iban/people.csv 2:4 ×4
config/. github_token/wide.txt 1:5
config/. incomplete: bad.env: not searched for names of secrets: "=" is expected after a name
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// account is a synthetic number of an account with right check digits.
func account(n int) string {
	for check := range 98 {
		number := fmt.Sprintf("DE%02d50010517540732%04d", check, 4901+n)
		if len(secret.Identifiers("a.csv", number)) == 1 {
			return number
		}
	}
	return ""
}

// What cannot be read, or not in full, is told.
func TestUnread(t *testing.T) {
	env := sourcetest.Env(map[string]string{"a.txt": "x\n", "big.txt": strings.Repeat("a long line of text\n", maxFile/20+1), "big.bin": "\x00" + strings.Repeat("x", maxFile+1)})
	env.Tree.Files = append(env.Tree.Files, "gone.txt")
	env.Tree.Skipped = []collectors.Skipped{{Path: "huge.json", Reason: "larger than 256 MiB", Refused: true}, {Path: "pipe", Reason: "not a regular file", Refused: true}, {Path: "x.log", Reason: "ignored by .gitignore"}}
	want := "config/. incomplete: big.txt: larger than 32 MiB, not searched for secrets\n" +
		"config/. incomplete: gone.txt: file does not exist, not searched for secrets\n" +
		"config/. incomplete: huge.json: larger than 256 MiB, not searched for secrets\n"
	if diff := cmp.Diff(want, told(t, env)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSecretNames(t *testing.T) {
	for name, want := range map[string]bool{
		"password": true, "DB_PASSWORD": true, "dbPassword": true, "api_key": true, "apiKey": true, "APIKEY": true, "client_secret": true,
		"GITHUB_TOKEN": true, "connection_string": true, "private_key": true, "aws_secret_access_key": true, "credentials": true, "dockerPwd": true,
		"": false, "key": false, "public_key": false, "password_length": false, "secret_arn": false, "token_endpoint": false, "passwordPolicy": false,
		"secret_name": false, "kms_key_id": false, "tokens_valid_days": false, "creation_token": false, "customer_master_key_spec": false, "auth_token_update_strategy": false, "path": false, "author": false, "user_name": false, "password_wo_version": false,
	} {
		if got := isSecretName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestForm(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " ": "", "true": "", "hunter": "literal", "123456": "literal", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:x": "reference",
		"ENC[AES256_GCM,data:x]": "encrypted", "vault:v1:abc": "encrypted", "vault:secret/data/db#password": "reference", "/prod/db/password": "reference",
		"/a": "literal", "${DB_PASSWORD}": "reference", "{{resolve:ssm:x}}": "reference", "op://vault/item/field": "reference",
	} {
		if got := formOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
