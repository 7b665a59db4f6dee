package secret

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// The corpora are put together here, so that no file of the repository holds what
// looks like a secret. All values are made up.

// noise is text that looks random and is the same in every run.
func noise(alphabet string, n int) string {
	state := uint32(2463534242)
	var b strings.Builder
	for range n {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		b.WriteByte(alphabet[state%uint32(len(alphabet))])
	}
	return b.String()
}

const (
	lowers = "abcdefghijklmnopqrstuvwxyz"
	uppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
	hexes  = "0123456789abcdef"
)

func alnum(n int) string { return noise(lowers+uppers+digits, n) }
func hexed(n int) string { return noise(hexes, n) }

func pemOf(label, headers string) string {
	return "-----BEGIN " + label + "-----\n" + headers + alnum(64) + "\n" + alnum(40) + "\n-----END " + label + "-----"
}

func jwtOf(header, claims string) string {
	e := base64.RawURLEncoding.EncodeToString
	return e([]byte(header)) + "." + e([]byte(claims)) + "." + alnum(43)
}

// examples are one value or more of every rule, in the text that shows them.
func examples() map[string][]string {
	pk := "PRIVATE " + "KEY"
	return map[string][]string{
		"private_key":                 {pemOf(pk, ""), pemOf("RSA "+pk, ""), pemOf("EC "+pk, ""), strings.ReplaceAll(pemOf(pk, ""), "\n", `\n`)},
		"private_key_encrypted":       {pemOf("ENCRYPTED "+pk, ""), pemOf("RSA "+pk, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n")},
		"pgp_private_key":             {"-----BEGIN PGP " + pk + " BLOCK-----\n\n" + alnum(64) + "\n-----END PGP " + pk + " BLOCK-----"},
		"private_key_der":             {"MII" + "EvgIBADANBgkqhkiG9w0BAQEFAASC" + alnum(60), "MHcCAQ" + "EEI" + alnum(60)},
		"putty_private_key":           {"PuTTY-User-Key-File-" + "2: ssh-rsa\nEncryption: none\nComment: x\nPrivate-Lines: 1\n" + alnum(40)},
		"age_secret_key":              {"AGE-SECRET-KEY-" + "1" + noise("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)},
		"jwt":                         {jwtOf(`{"alg":"HS256"}`, `{"sub":"u1","exp":1}`), jwtOf(`{"alg":"none","typ":"JWT"}`, `{"sub":"u2"}`)},
		"url_password":                {"postgres://app:" + alnum(12) + "@db.internal/x", "https://" + "x:" + alnum(20) + "@git.shop.eu/r.git", "redis://:" + alnum(9) + "@cache:6379", "postgres://postgres:" + "postgres@db.shop.eu/x"},
		"connection_string_password":  {"Server=db;Database=x;User Id=sa;Password=" + alnum(12) + ";", "host=db user=app password=" + alnum(12) + " dbname=x", "app:" + alnum(12) + "@tcp(db:3306)/x"},
		"authorization_header":        {"Authorization: Bearer " + alnum(30), `-H "Authorization: Basic ` + base64.StdEncoding.EncodeToString([]byte("app:"+alnum(12))) + `"`},
		"docker_auth":                 {`"auth": "` + base64.StdEncoding.EncodeToString([]byte("app:"+alnum(12))) + `"`},
		"npm_auth":                    {"//registry.example.org/:_authToken=" + alnum(30)},
		"netrc_password":              {"machine git.shop.eu login bot password " + alnum(14)},
		"aws_access_key_id":           {"AK" + "IA" + noise(uppers+"234567", 16), "AS" + "IA" + strings.Repeat("Q", 16)},
		"aws_secret_access_key":       {"aws_secret_access_key = " + alnum(40), `"SecretAccessKey": "` + alnum(40) + `"`},
		"aws_session_token":           {"aws_session_token=" + alnum(200)},
		"aws_bedrock_key":             {"AB" + "SK" + alnum(120)},
		"google_api_key":              {"AI" + "za" + alnum(35)},
		"google_oauth_secret":         {"GOC" + "SPX-" + alnum(28)},
		"google_oauth_token":          {"ya" + "29." + alnum(60)},
		"google_hmac_id":              {"GOOG" + "1E" + noise(uppers+digits, 55)},
		"azure_account_key":           {"DefaultEndpointsProtocol=https;AccountName=x;Account" + "Key=" + alnum(86) + "==;EndpointSuffix=core.windows.net"},
		"azure_shared_access_key":     {"Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccess" + "Key=" + alnum(43) + "="},
		"azure_sas_signature":         {"https://x.blob.core.windows.net/c?sv=2022-11-02&sig=" + alnum(43) + "%3D"},
		"azure_client_secret":         {"abc" + "8Q~" + alnum(34)},
		"azure_devops_token":          {alnum(76) + "AZ" + "DO" + alnum(4)},
		"azure_function_key":          {alnum(44) + "Az" + "Fu" + alnum(5) + "A=="},
		"azure_service_key":           {alnum(52) + "JQQ" + "J99" + alnum(20)},
		"alibaba_access_key_id":       {"LT" + "AI" + alnum(20)},
		"tencent_secret_id":           {"AK" + "ID" + alnum(32)},
		"digitalocean_token":          {"dop" + "_v1_" + hexed(64)},
		"heroku_key":                  {"HRKU" + "-AA" + alnum(58)},
		"flyio_token":                 {"fo1" + "_" + alnum(43)},
		"scaleway_secret":             {"SCW" + "SECRET" + noise(uppers, 30)},
		"netlify_token":               {"nfp" + "_" + alnum(36)},
		"cloudflare_origin_key":       {"v1" + ".0-" + hexed(24) + "-" + hexed(146)},
		"cloudflare_token":            {"CLOUDFLARE_API_TOKEN=" + alnum(40)},
		"tailscale_key":               {"tskey" + "-auth-" + alnum(12) + "-" + alnum(32)},
		"vault_token":                 {"hv" + "s." + alnum(24)},
		"terraform_cloud_token":       {alnum(14) + ".atlas" + "v1." + alnum(60)},
		"pulumi_token":                {"pul" + "-" + hexed(40)},
		"doppler_token":               {"dp" + ".pt." + alnum(43)},
		"onepassword_service_account": {"ops" + "_eyJ" + alnum(250)},
		"onepassword_secret_key":      {"A3" + "-" + noise(uppers, 6) + "-" + noise(uppers, 11) + "-" + noise(uppers, 5) + "-" + noise(uppers, 5) + "-" + noise(uppers, 5)},
		"infisical_token":             {"INFISICAL_TOKEN=st" + "." + hexed(24) + "." + hexed(32) + "." + hexed(32)},
		"databricks_token":            {"da" + "pi" + hexed(32)},
		"planetscale_token":           {"pscale" + "_tkn_" + alnum(43)},
		"supabase_token":              {"sbp" + "_" + hexed(40)},
		"mongodb_atlas_key":           {"mdb" + "_sa_sk_" + alnum(40)},
		"clickhouse_key":              {"4b" + "1d" + alnum(38)},
		"confluent_secret":            {"cf" + "lt" + alnum(60)},
		"github_token":                {"gh" + "p_" + alnum(36), "github" + "_pat_" + alnum(22) + "_" + alnum(59)},
		"gitlab_token":                {"gl" + "pat-" + alnum(20), "gl" + "rt-" + alnum(20)},
		"gitlab_runner_token":         {"GR13" + "48941" + alnum(20)},
		"bitbucket_token":             {"AT" + "BB" + alnum(32)},
		"atlassian_token":             {"ATA" + "TT3" + alnum(186)},
		"npm_token":                   {"np" + "m_" + alnum(36)},
		"pypi_token":                  {"pypi" + "-AgE" + alnum(60)},
		"rubygems_key":                {"rubygems" + "_" + hexed(48)},
		"crates_token":                {"ci" + "o" + alnum(32)},
		"nuget_key":                   {"oy" + "2" + noise(lowers+digits, 43)},
		"dockerhub_token":             {"dckr" + "_pat_" + alnum(27)},
		"artifactory_key":             {"AK" + "Cp" + alnum(69)},
		"clojars_token":               {"CLOJARS" + "_" + noise(lowers+digits, 60)},
		"packagist_token":             {"packagist" + "_uut_" + hexed(68)},
		"circleci_token":              {"CCI" + "PAT_" + alnum(22) + "_" + hexed(40)},
		"buildkite_token":             {"bk" + "ua_" + hexed(40)},
		"sonarqube_token":             {"sq" + "p_" + hexed(40)},
		"snyk_token":                  {"snyk" + "_uat." + hexed(8) + "." + alnum(60)},
		"postman_key":                 {"PM" + "AK-" + hexed(24) + "-" + hexed(34)},
		"jenkins_token":               {"JENKINS_TOKEN=1" + "1" + hexed(32)},
		"slack_token":                 {"xo" + "xb-" + noise(digits, 12) + "-" + noise(digits, 12) + "-" + alnum(24)},
		"slack_app_token":             {"xa" + "pp-1-A" + noise(uppers, 10) + "-" + noise(digits, 13) + "-" + hexed(64)},
		"slack_webhook":               {"https://hooks.slack" + ".com/services/T0AB/B0AB/" + alnum(24)},
		"discord_webhook":             {"https://discord" + ".com/api/webhooks/" + noise(digits, 18) + "/" + alnum(68)},
		"teams_webhook":               {"https://shop.webhook.office" + ".com/webhookb2/" + hexed(74) + "/IncomingWebhook/" + hexed(32) + "/" + hexed(36)},
		"telegram_bot_token":          {noise("123456789", 10) + ":A" + "A" + alnum(33)},
		"discord_bot_token":           {"DISCORD_TOKEN=M" + alnum(23) + "." + alnum(6) + "." + alnum(27)},
		"stripe_key":                  {"sk" + "_live_" + alnum(24), "rk" + "_live_" + alnum(40)},
		"stripe_webhook_secret":       {"wh" + "sec_" + alnum(32)},
		"square_token":                {"sq0" + "csp-" + alnum(43)},
		"braintree_token":             {"access_token" + "$production$" + noise(lowers+digits, 16) + "$" + hexed(32)},
		"adyen_key":                   {"AQ" + "Em" + alnum(80) + "-" + alnum(40) + "=-" + alnum(16)},
		"shopify_token":               {"shp" + "at_" + hexed(32)},
		"gocardless_token":            {"GOCARDLESS_TOKEN=live" + "_" + alnum(40)},
		"sendgrid_key":                {"S" + "G." + alnum(22) + "." + alnum(43)},
		"brevo_key":                   {"xkey" + "sib-" + hexed(64) + "-" + alnum(16)},
		"mailchimp_key":               {"mailchimp: " + hexed(32) + "-" + "us12"},
		"mailgun_key":                 {"key" + "-" + hexed(32)},
		"resend_key":                  {"RESEND_API_KEY=re" + "_" + alnum(8) + "_" + alnum(24)},
		"twilio_key":                  {"S" + "K" + hexed(32)},
		"twilio_auth_token":           {"TWILIO_AUTH_TOKEN=" + hexed(32)},
		"newrelic_key":                {"NR" + "AK-" + noise(uppers+digits, 27)},
		"datadog_key":                 {"DD_API_KEY=" + hexed(32)},
		"grafana_token":               {"gl" + "sa_" + alnum(32) + "_" + hexed(8)},
		"sentry_token":                {"sntry" + "u_" + hexed(64)},
		"dynatrace_token":             {"dt0" + "c01." + noise(uppers, 24) + "." + noise(uppers, 64)},
		"launchdarkly_key":            {"sd" + "k-" + hexed(8) + "-" + hexed(4) + "-4" + hexed(3) + "-" + hexed(4) + "-" + hexed(12)},
		"anthropic_key":               {"sk" + "-ant-" + alnum(40)},
		"openai_key":                  {"sk" + "-" + alnum(20) + "T3Blbk" + "FJ" + alnum(20)},
		"huggingface_token":           {"h" + "f_" + noise(lowers+uppers, 34)},
		"replicate_token":             {"r" + "8_" + alnum(37)},
		"groq_key":                    {"gs" + "k_" + alnum(52)},
		"xai_key":                     {"xa" + "i-" + alnum(80)},
		"perplexity_key":              {"pp" + "lx-" + alnum(48)},
		"linear_key":                  {"lin" + "_api_" + alnum(40)},
		"notion_token":                {"nt" + "n_" + noise(digits, 11) + alnum(35)},
		"airtable_token":              {"AIRTABLE=pa" + "t" + alnum(14) + "." + hexed(64)},
		"hubspot_token":               {"pa" + "t-eu1-" + hexed(8) + "-" + hexed(4) + "-" + hexed(4) + "-" + hexed(4) + "-" + hexed(12)},
		"figma_token":                 {"fig" + "d_" + alnum(40)},
		"contentful_token":            {"CF" + "PAT-" + alnum(43)},
		"mapbox_secret":               {"sk" + ".eyJ" + alnum(60) + "." + alnum(22)},
		"typeform_token":              {"tf" + "p_" + alnum(44)},
		"facebook_token":              {"EA" + "A" + alnum(150)},
		"okta_token":                  {"Authorization: SSWS 0" + "0" + alnum(40)},
		Generic:                       {`api_token = "` + alnum(24) + `"`, `dbPassword: '` + alnum(16) + `'`, `"client_secret": "` + alnum(30) + `"`},
	}
}

// Every rule finds its example, and nothing else does: in a line of text, after
// decoding, and twice decoded.
func TestBuiltin(t *testing.T) {
	s := NewScanner(Builtin())
	all := examples()
	for _, r := range s.rules {
		if len(all[r.ID]) == 0 {
			t.Errorf("no example of %s", r.ID)
		}
	}
	for rule, texts := range all {
		for _, text := range texts {
			encode := base64.StdEncoding.EncodeToString
			for how, data := range map[string]string{
				"plain":  "# note\n" + text + "\n",
				"base64": "data: " + encode([]byte(text+"\n")) + "\n",
				"twice":  encode([]byte("data: " + encode([]byte(text+"\n")) + "\n")),
				"hex":    "x = " + hex.EncodeToString([]byte(text+"\n")),
				"dos":    "note\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n",
			} {
				if rule == Generic && how != "plain" && how != "dos" {
					continue
				}
				got := s.Scan(Text{Name: "notes/config.go", Data: data})
				if len(got) != 1 || got[0].Rule != rule {
					t.Errorf("%s, %s: %s", rule, how, told(got))
					continue
				}
				if f := got[0]; f.Start < 0 || f.End > len(data) || f.Start >= f.End || f.Value == "" {
					t.Errorf("%s, %s: at %d to %d of %d", rule, how, f.Start, f.End, len(data))
				}
			}
		}
	}
}

// told lists matches without their values.
func told(all []Found) string {
	var out []string
	for _, f := range all {
		out = append(out, fmt.Sprintf("%s %d-%d (%d bytes)", f.Rule, f.Start, f.End, len(f.Value)))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// What looks alike and is none.
func TestNothing(t *testing.T) {
	pk := "PRIVATE " + "KEY"
	s := NewScanner(Builtin())
	for _, text := range []string{
		"AK" + "IA" + strings.Repeat("Q", 9) + "EXAMPLE", "AK" + "IA" + strings.Repeat("Q", 17), "ghp_short", "gh" + "p_" + strings.Repeat("x", 36),
		"-----BEGIN " + "PUBLIC KEY-----\n" + alnum(64), "-----BEGIN CERTIFICATE-----\n" + alnum(64), `if strings.HasPrefix(s, "-----BEGIN ` + pk + `-----") {`,
		"-----BEGIN " + pk + "-----\nXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\n-----END " + pk + "-----",
		"https://example.org/path", "postgres://app:${var.password}@db", "https://user@example.org", "://:@", "http://user:password@localhost/", "postgres://postgres:postgres@127.0.0.1:5432/x",
		"mongodb://user:<password>@cluster0.shop.eu", "https://bot:{{ token }}@git.shop.eu", "amqp://guest:guest@localhost", "https://user:pass@example.com/",
		"eyJ.eyJ.x", jwtOf(`{"alg":"HS256","typ":"JWT"}`, `{"sub":"1234567890","name":"John Doe","iat":1516239022}`), "eyJ" + alnum(40) + "." + alnum(40) + "." + alnum(40),
		"sk-learn-is-no-key", "http://user:redacted@host.shop.eu/x", "https://bot:your-token-here@git.shop.eu", `token: '7AnU3j1R1MQN9N...'`,
		"data:image/png;base64," + alnum(150) + "/EA" + "A" + alnum(150) + "+" + alnum(150), "x = " + alnum(150) + "/AK" + "IA" + strings.Repeat("Q", 16) + "+" + alnum(150), `password = "changeme"`, `password: "your-password-here"`, `API_KEY="<YOUR_API_KEY>"`, `token: "${TOKEN}"`, `secret = "xxxxxxxxxxxx"`, `password = "mysecretpassword1"`,
		`token = process.env.TOKEN_2`, `secret_name = "` + alnum(20) + `"`, `password_hash: "` + alnum(40) + `"`, `tokenizer = "` + alnum(20) + `"`, `token: "refresh_token_v2"`,
		`aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY` + "EXAMPLEKEY", `"integrity": "sha512-` + alnum(86) + `=="`, "Authorization: Bearer $TOKEN", "Authorization: Bearer your_token_goes_here",
		`"auth": "` + base64.StdEncoding.EncodeToString([]byte("user:password")) + `"`, "//registry.npmjs.org/:_authToken=${NPM_TOKEN}", "password=secret", "s3://bucket:key@x/",
	} {
		if got := s.Scan(Text{Name: "notes/config.go", Data: text}); len(got) > 0 && !strings.HasPrefix(text, "s3:") {
			t.Errorf("%q: %s", text, told(got))
		}
	}
}

// An argument of Python is a constant's name where no quotes say that it is a text.
func TestConstant(t *testing.T) {
	s := NewScanner(Builtin())
	const call = "connect(\n    database=\"shop\",\n    password=%s\n)\n"
	for _, c := range []struct {
		name, value string
		want        int
	}{
		{"app.py", "PGPASSWORD", 0}, {"app.py", "DB_PASSPHRASE,", 0}, {"app.py", alnum(12), 1}, {"app.conf", "PGPASSWORD", 1}, {"app.py", "PGPASSWORD dbname=x", 1},
	} {
		if got := s.Scan(Text{Name: c.name, Data: fmt.Sprintf(call, c.value)}); len(got) != c.want {
			t.Errorf("%s %s: %s, want %d", c.name, c.value, told(got), c.want)
		}
	}
}
