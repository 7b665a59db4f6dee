package secrets

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/aws/awstest"
)

var update = flag.Bool("update", false, "write want.txt anew")

func TestGolden(t *testing.T) {
	awstest.Golden(t, "testdata/*.txtar", *update, Collector{}, nil)
}

// fakes are values of every shape, made here so that no file holds one.
func fakes() map[string]string {
	letters := strings.Repeat("Qz7", 30)
	return map[string]string{
		"aws_access_key_id":     "AKIA" + strings.Repeat("Q", 16),
		"private_key":           "-----BEGIN " + "RSA PRIVATE KEY-----",
		"private_key_encrypted": "-----BEGIN " + "ENCRYPTED PRIVATE KEY-----",
		"pgp_private_key":       "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----",
		"jwt":                   "eyJ" + letters[:20] + ".eyJ" + letters[:20] + "." + letters[:20],
		"github_token":          "ghp" + "_" + letters[:36],
		"gitlab_token":          "glpat" + "-" + letters[:20],
		"slack_token":           "xoxb" + "-" + letters[:20],
		"slack_webhook":         "https://hooks.slack" + ".com/services/T0/B0/" + letters[:24],
		"stripe_key":            "sk" + "_live_" + letters[:24],
		"google_api_key":        "AI" + "za" + letters[:35],
		"npm_token":             "npm" + "_" + letters[:36],
		"pypi_token":            "pypi" + "-AgE" + letters[:60],
		"sendgrid_key":          "SG" + "." + letters[:22] + "." + letters[:43],
		"vault_token":           "hvs" + "." + letters[:24],
		"terraform_cloud_token": letters[:14] + ".atlas" + "v1." + letters[:60],
		"azure_account_key":     "AccountKey" + "=" + letters[:86] + "==",
		"digitalocean_token":    "dop" + "_v1_" + strings.Repeat("a1", 32),
		"shopify_token":         "shp" + "at_" + strings.Repeat("a1", 16),
		"anthropic_key":         "sk-" + "ant-" + letters[:24],
		"openai_key":            "sk-" + letters[:12] + "T3Blbk" + "FJ" + letters[:12],
		"url_password":          "postgres://app:" + letters[:12] + "@db.example.org/app",
	}
}

// Every shape is found once, in text and in an encoded start-up script, and no
// document holds its value.
func TestShapes(t *testing.T) {
	all := fakes()
	for _, p := range patterns {
		if all[p.rule] == "" {
			t.Errorf("no example of %s", p.rule)
		}
	}
	for rule, value := range all {
		for name, files := range map[string]map[string]string{
			"comment":   {"main.tf": "# note: " + value + "\n"},
			"local":     {"main.tf": "locals {\n  x = \"" + value + "\"\n}\n"},
			"other":     {"notes/readme.md": "see\n" + value + "\n"},
			"user_data": {"main.tf": "resource \"aws_instance\" \"i\" {\n  user_data_base64 = \"" + base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nx "+value+"\n")) + "\"\n}\n"},
		} {
			found := 0
			for _, d := range awstest.Collect(t, Collector{}, files) {
				for _, item := range d.Items {
					if item["rule"] == rule && item["by"] == "pattern" {
						found++
					}
				}
				text, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				secret := value
				if rule == "url_password" {
					secret = strings.Repeat("Qz7", 4)
				}
				if strings.Contains(string(text), secret) {
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
	token := fakes()["github_token"]
	files := map[string]string{"main.tf": "locals { x = 1 }\nvariable \"v\" {\n  default = { one_token = \"" + token + "\", two_token = \"made-up\" }\n}\n"}
	var got []string
	for _, d := range awstest.Collect(t, Collector{}, files) {
		for _, item := range d.Items {
			got = append(got, item["id"].(string))
		}
	}
	if want := "github_token/main.tf secret_name/var.v.two_token"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What looks alike and is none.
func TestNoShapes(t *testing.T) {
	for _, text := range []string{
		"AKIA" + strings.Repeat("Q", 9) + "EXAMPLE", "AKIA" + strings.Repeat("Q", 17), "-----BEGIN " + "PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----",
		"https://example.org/path", "postgres://app:${var.password}@db", "https://user@example.org", "ghp_short", "eyJ.eyJ.x", "://:@", "sk-learn-is-no-key",
	} {
		if got := search(text, patterns); len(got) > 0 {
			t.Errorf("%q: %s", text, got[0].rule)
		}
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

func FuzzSearch(f *testing.F) {
	for _, v := range fakes() {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, one := range search(line, patterns) {
			if one.value == "" || !strings.Contains(line, one.value) || one.column < 1 {
				t.Errorf("%q: %+v", line, one)
			}
		}
	})
}
