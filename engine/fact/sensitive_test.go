package fact

import (
	"slices"
	"strings"
	"testing"
)

func TestSensitiveName(t *testing.T) {
	for _, name := range []string{
		"password", "db_password", "DB_PASSWORD", "master_user_password", "passwd", "pwd", "passphrase", "secret", "client_secret", "clientSecret",
		"token", "oauth_token", "api_key", "apiKey", "X-Api-Key", "private_key", "privateKeyPem", "secret_key", "access_key", "secret_string",
		"credentials", "connection_string", "primary_access_key", "tunnel1_preshared_key", "account-key", "PGPASS_pass", "auth.token",
	} {
		if !SensitiveName(name) {
			t.Errorf("%q should be the name of a secret", name)
		}
	}
	for _, name := range []string{
		"", "key", "name", "password_length", "customer_master_key_spec", "auth_token_update_strategy", "password_policy", "secret_arn", "secret_id", "token_endpoint", "token_ttl", "access_key_id",
		"kms_key_id", "public_key", "key_arn", "bypass", "passive_mode", "compass", "secret_name", "api_key_required", "token_type",
	} {
		if SensitiveName(name) {
			t.Errorf("%q should not be the name of a secret", name)
		}
	}
}

// synthetic is built here so that no scanner takes this file for a leak.
var synthetic = strings.Join([]string{"hunter", "2", "correct", "horse"}, "-")

func TestSecretsIn(t *testing.T) {
	key := strings.Join([]string{"-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEsynthetic\nAAAA\n-----END RSA ", "PRIVATE KEY-----"}, "")
	aws := "AK" + "IA" + strings.Repeat("Q7", 8)
	for text, want := range map[string]string{
		`password = "` + synthetic + `"`:                                            synthetic,
		`  db_password: ` + synthetic:                                               synthetic,
		`export DB_PASSWORD=` + synthetic + `; run`:                                 synthetic,
		`{"client_secret":"` + synthetic + `","x":1}`:                               synthetic,
		`{\"client_secret\":\"` + synthetic + `\"}`:                                 synthetic,
		`'api_key' => '` + synthetic + `'`:                                          synthetic,
		`# old password: ` + synthetic + ` (remove)`:                                synthetic,
		`// token=` + synthetic:                                                     synthetic,
		`mysql --password ` + synthetic + ` --host x`:                               synthetic,
		`command = ["--token", "` + synthetic + `"]`:                                synthetic,
		`environment = [{ name = "DB_PASSWORD", value = "` + synthetic + `" }]`:     synthetic,
		`[{\"name\":\"DB_PASSWORD\",\"value\":\"` + synthetic + `\"}]`:              synthetic,
		`"postgres://app:` + synthetic + `@db.example:5432/x"`:                      synthetic,
		`id ` + aws + ` here`:                                                       aws,
		`gh` + `p_` + strings.Repeat("a1", 18) + ` x`:                               `gh` + `p_` + strings.Repeat("a1", 18),
		"before\n" + key + "\nafter":                                                key,
		`password = coalesce(var.x, "` + synthetic + `")`:                           synthetic,
		`note: password: ` + synthetic:                                              synthetic,
		`password = "` + strings.ReplaceAll(synthetic, "-", `\"`) + `" # ` + "tail": strings.ReplaceAll(synthetic, "-", `\"`),
	} {
		if got := SecretsIn(text); !slices.Contains(got, want) {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"", `password = var.db_password`, `password = random_password.db.result`, `password = local.secrets["db"]`, `password = "${var.db_password}"`,
		`password_length = 24`, `secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db"`, `token = null`, `export TOKEN=$OTHER`,
		`https://example.org:8443/path`, `password = file("db.txt")`, `a keyboard for everyone`, `variable "db_password" {`, `sensitive = true`,
	} {
		if got := SecretsIn(text); len(got) > 0 {
			t.Errorf("%s: found %q, want nothing", text, got)
		}
	}
}

func TestRedactorMasksHowASecretIsWritten(t *testing.T) {
	secret := "a\"b\\c\n<&>${x}é"
	r := NewRedactor()
	r.Add(secret)
	for _, text := range []string{
		secret,
		`password = "a\"b\\c\n<&>$${x}é"`,
		`{"password":"a\"b\\c\n\u003c\u0026\u003e${x}é"}`,
		`{"password":"a\"b\\c\n<&>${x}é"}`,
	} {
		if got := r.Redact(text); strings.Contains(got, `b\`) || strings.Contains(got, "{x}") {
			t.Errorf("%s became %s", text, got)
		}
	}
}

func TestRedactorLine(t *testing.T) {
	r := NewRedactor()
	if got, want := r.Line(`  password = "`+synthetic+`" # not `+synthetic), `  password = "(redacted)" # not (redacted)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if line := `  password = var.db_password`; r.Line(line) != line {
		t.Errorf("got %s, want it unchanged", r.Line(line))
	}
}

func FuzzSecretsIn(f *testing.F) {
	for _, text := range []string{`password = "x\"y"`, `--token`, `name="PWD",value=`, `a://b:c@`, "-----BEGIN PRIVATE KEY-----", `key = ${`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range SecretsIn(text) {
			if s == "" || !strings.Contains(text, s) {
				t.Fatalf("%q is not part of %q", s, text)
			}
		}
		r := NewRedactor()
		r.Learn(text)
		for _, s := range SecretsIn(text) {
			if len(s) >= minSecret && !strings.Contains(s, "\n") && strings.TrimSpace(s) == s && !strings.Contains(Redacted, s) && strings.Contains(r.Redact(text), s) {
				t.Fatalf("%q still stands in %q", s, r.Redact(text))
			}
		}
	})
}

// Every shape of key and token is found wherever it stands, with no name beside it.
func TestShapes(t *testing.T) {
	for _, secret := range []string{
		"AKIA" + "ABCDEFGHIJKLMNOP", "ASIA" + "ABCDEFGHIJKLMNOP", "ghp_0123456789abcdef", "gho_0123456789abcdef", "ghu_0123456789abcdef",
		"ghs_0123456789abcdef", "ghr_0123456789abcdef", "github_pat_" + "0123456789abcdefghij", "glpat-0123456789abcdef", "xoxb-0123456789",
		"sk_live_0123456789", "rk_live_0123456789", "sk_test_0123456789", "rk_test_0123456789", "sk-0123456789abcdefghij",
		"AIza0123456789abcdefghijABCDEFGHIJ", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "hvs.0123456789abcdefghij", "hvb.0123456789abcdefghij",
		"hvr.0123456789abcdefghij", "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----",
	} {
		for _, text := range []string{secret, "see " + secret + " there"} {
			if got := SecretsIn(text); !slices.Contains(got, secret) {
				t.Errorf("SecretsIn(%q) = %q", text, got)
			}
		}
	}
}
