package secrets

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/writ-policy/writ/engine/fact"
)

// pattern is a shape that only a secret has. hint is text that every match holds,
// so that most files need no search; group is the part that is secret, 0 for all.
type pattern struct {
	rule, hint string
	is         *regexp.Regexp
	group      int
	form       string
}

// patterns are the shapes of keys and tokens that their issuers publish.
var patterns = []pattern{
	{"aws_access_key_id", "AKIA", regexp.MustCompile(`\bAKIA[A-Z2-7]{16}\b`), 0, "literal"},
	{"aws_access_key_id", "ASIA", regexp.MustCompile(`\bASIA[A-Z2-7]{16}\b`), 0, "literal"},
	{"private_key_encrypted", "ENCRYPTED PRIVATE KEY", regexp.MustCompile(`-----BEGIN ENCRYPTED PRIVATE KEY-----`), 0, "encrypted"},
	{"private_key", "PRIVATE KEY-----", regexp.MustCompile(`-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----`), 0, "literal"},
	{"pgp_private_key", "PGP PRIVATE KEY", regexp.MustCompile(`-----BEGIN PGP PRIVATE KEY BLOCK-----`), 0, "literal"},
	{"jwt", ".eyJ", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`), 0, "literal"},
	{"github_token", "_", regexp.MustCompile(`\b(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{22,}`), 0, "literal"},
	{"gitlab_token", "glpat-", regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`), 0, "literal"},
	{"slack_token", "xox", regexp.MustCompile(`\bxox[abeoprs]-[A-Za-z0-9-]{10,}`), 0, "literal"},
	{"slack_webhook", "hooks.slack.com", regexp.MustCompile(`https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}`), 0, "literal"},
	{"stripe_key", "k_live_", regexp.MustCompile(`\b(?:sk|rk)_live_[A-Za-z0-9]{16,}`), 0, "literal"},
	{"google_api_key", "AIza", regexp.MustCompile(`\bAIza[A-Za-z0-9_-]{35}\b`), 0, "literal"},
	{"npm_token", "npm_", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`), 0, "literal"},
	{"pypi_token", "pypi-AgE", regexp.MustCompile(`\bpypi-AgE[A-Za-z0-9_-]{50,}`), 0, "literal"},
	{"sendgrid_key", "SG.", regexp.MustCompile(`\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b`), 0, "literal"},
	{"vault_token", "hv", regexp.MustCompile(`\bhv[sbr]\.[A-Za-z0-9_-]{24,}`), 0, "literal"},
	{"terraform_cloud_token", ".atlasv1.", regexp.MustCompile(`\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}`), 0, "literal"},
	{"azure_account_key", "AccountKey=", regexp.MustCompile(`AccountKey=([A-Za-z0-9+/]{86}==)`), 1, "literal"},
	{"digitalocean_token", "_v1_", regexp.MustCompile(`\bdo[opr]_v1_[a-f0-9]{64}\b`), 0, "literal"},
	{"shopify_token", "shp", regexp.MustCompile(`\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b`), 0, "literal"},
	{"anthropic_key", "sk-ant-", regexp.MustCompile(`\bsk-ant-[A-Za-z0-9_-]{20,}`), 0, "literal"},
	{"openai_key", "T3BlbkFJ", regexp.MustCompile(`\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{10,}T3BlbkFJ[A-Za-z0-9_-]{10,}`), 0, "literal"},
	{"url_password", "://", regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s:/@"'$<>{}]+:([^\s:/@"'$<>{}]{3,})@[A-Za-z0-9\[]`), 1, "literal"},
}

// documented reports values that documentation uses and nobody else: AWS ends
// its example keys so.
func documented(value string) bool { return strings.HasSuffix(value, "EXAMPLE") }

// maxFile is the largest file that is searched; larger ones are told.
const maxFile = 8 << 20

// skipped are the names of files that hold hashes and dependencies, by the
// thousand, and nothing that people write.
var skipped = []string{".terraform.lock.hcl", "go.sum", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "Cargo.lock", "poetry.lock", "Gemfile.lock", "composer.lock"}

// files searches the text of files for patterns.
func (m *matches) files(fsys fs.FS, names []string) {
	for _, name := range names {
		base := name[strings.LastIndex(name, "/")+1:]
		if slices.Contains(skipped, base) {
			continue
		}
		info, err := fs.Stat(fsys, name)
		if err == nil && info.Size() > maxFile {
			m.b.Incomplete(name + ": larger than " + strconv.Itoa(maxFile) + " bytes, not searched for secrets")
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			m.b.Incomplete(name + ": cannot be read")
			continue
		}
		if !utf8.Valid(data) {
			continue // no text
		}
		m.text(string(data), name)
	}
}

// text searches one text, line by line. A match is named by its file.
func (m *matches) text(text, name string) {
	mayMatch := hinted(text)
	if len(mayMatch) == 0 {
		return
	}
	for number, row := range strings.Split(text, "\n") {
		if m.elsewhere[line{name, number + 1}] {
			continue
		}
		for _, f := range search(row, mayMatch) {
			at := fact.Position{Source: name, Line: number + 1, Column: f.column}
			m.secret(match{rule: f.rule, carrier: carrierOf(name), form: f.form, by: "pattern", place: name, at: at}, f.value)
		}
	}
}

// found is a match of a pattern in a line. The value stays in memory.
type found struct {
	rule, form, value string
	column            int // in characters, from 1
}

// hinted returns the patterns whose hint a text holds.
func hinted(text string) []pattern {
	var out []pattern
	for _, p := range patterns {
		if strings.Contains(text, p.hint) {
			out = append(out, p)
		}
	}
	return out
}

// search returns the matches in a line, in the order of the patterns.
func search(line string, patterns []pattern) []found {
	var out []found
	for _, p := range patterns {
		if !strings.Contains(line, p.hint) {
			continue
		}
		for _, at := range p.is.FindAllStringSubmatchIndex(line, -1) {
			value := line[at[2*p.group]:at[2*p.group+1]]
			if documented(value) {
				continue
			}
			out = append(out, found{p.rule, p.form, value, utf8.RuneCountInString(line[:at[0]]) + 1})
		}
	}
	return out
}

// carrierOf tells what kind of file carries a match.
func carrierOf(name string) string {
	base := name[strings.LastIndex(name, "/")+1:]
	switch {
	case strings.Contains(name, ".github/workflows/"), base == ".gitlab-ci.yml", base == "Jenkinsfile", base == "bitbucket-pipelines.yml", strings.Contains(name, ".circleci/"):
		return "ci"
	case base == ".env", strings.HasPrefix(base, ".env."), strings.HasSuffix(base, ".env"):
		return "env"
	}
	return "source"
}
