package secret

import (
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Generic is the rule of values that have the name of a secret and look random.
const Generic = "generic_secret"

func generic() *Rule {
	return &Rule{
		ID: Generic, rank: byName, Fold: true,
		Keywords: []string{"password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key", "access_key", "accesskey", "access-key",
			"auth_key", "authkey", "private_key", "privatekey", "credential", "encryption_key", "encryptionkey", "signing_key", "signingkey"},
		Expr: `([A-Za-z0-9_.\-]{2,80})\\?["']?\]?\s*(?::=|=>|=|:)\s*(?:\\?"([^"\\\r\n]{8,512})\\?"|'([^'\\\r\n]{8,512})'|` + "`([^`\\r\\n]{8,512})`" + `|([^\s"'` + "`" + `,;(){}<>\[\]]{8,512})(?:\s|$))`,
		Files: func(name string) bool {
			return !lockFile(name) && !strings.HasSuffix(name, ".tf") && !strings.HasSuffix(name, ".tfvars") && !strings.HasSuffix(name, ".tf.json")
		},
		Check: assigned,
	}
}

// assigned accepts what an assignment gives to the name of a secret if it looks
// random: of some entropy, letters and digits, and no words.
func assigned(t *Text, m []int, f *Found) bool {
	name := t.Data[m[2]:m[3]]
	group := 0
	for g := 2; g <= 5; g++ {
		if m[2*g] >= 0 {
			group = g
		}
	}
	if group == 0 || group == 5 && !plainValues(t.Name) || !secretName(name) {
		return false
	}
	f.Start, f.End = m[2*group], m[2*group+1]
	f.Value = t.Data[f.Start:f.End]
	return looksRandom(f.Value)
}

// aside are last words of names that say something about a secret.
var aside = []string{
	"hash", "digest", "checksum", "fingerprint", "pub", "public", "label", "title", "text", "message", "error", "regex", "pattern", "field", "column",
	"class", "selector", "hint", "help", "tooltip", "integrity", "sha", "sha256", "sha1", "md5", "salt", "nonce", "csrf", "description", "example", "link",
	"href", "src", "uuid", "guid", "date", "time", "at", "timeout", "limit", "budget", "max", "min", "tokens", "tokenizer", "secretname", "address",
}

func secretName(name string) bool {
	low := strings.ToLower(name)
	words := strings.FieldsFunc(low, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	if len(words) == 0 || slices.Contains(aside, words[len(words)-1]) || strings.Contains(low, "public") {
		return false
	}
	for _, a := range []string{"hash", "digest", "checksum", "integrity"} {
		if strings.HasSuffix(low, a) {
			return false
		}
	}
	return fact.SensitiveName(name)
}

// plainValues reports whether a file's format writes values without quotes.
func plainValues(name string) bool {
	base := path.Base(name)
	if EnvFile(name) {
		return true
	}
	switch path.Ext(base) {
	case ".properties", ".ini", ".conf", ".cfg", ".cnf", ".config", ".yaml", ".yml", ".toml", ".sh", ".bash", ".zsh", ".npmrc", ".pypirc", ".txt", ".md":
		return true
	}
	return strings.HasPrefix(base, "Dockerfile")
}

// EnvFile reports whether a file holds environment variables.
func EnvFile(name string) bool {
	base := path.Base(name)
	return base == ".env" || base == ".envrc" || strings.HasPrefix(base, ".env.") || strings.HasSuffix(base, ".env")
}

// looksRandom reports whether a value looks as if a machine or a careful person
// made it up: letters and digits, no words with numbers at their ends, no path,
// no expression, and at least 3 bits per character.
func looksRandom(v string) bool {
	if Placeholder(v) || strings.ContainsAny(v, " \t") || !strings.ContainsAny(v, "0123456789") || Entropy(v) < 3 {
		return false
	}
	letters := 0
	for i := range len(v) {
		if c := lower(v[i]); c >= 'a' && c <= 'z' {
			letters++
		}
	}
	if letters == 0 || strings.ContainsAny(v, "(){}<>[]|") || strings.Contains(v, "://") {
		return false
	}
	for _, prefix := range []string{"/", "./", "../", "~", "$", "%", "@", "&", "#", "--", "arn:", "projects/", "ENC[", "vault:", "op://", "ref+", "AQICAH", "env:", "env.", "process.env", "os.", "var.", "local.", "secrets."} {
		if strings.HasPrefix(v, prefix) {
			return false
		}
	}
	return !wordy(v)
}

// wordy reports whether a value is words joined by signs, each with at most two
// digits at its end: refresh_token_v2, eu-central-1a, config.secret.
func wordy(v string) bool {
	words := strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("_-./:@,", r) })
	for _, w := range words {
		stem := strings.TrimRight(w, "0123456789")
		switch {
		case len(w)-len(stem) > 2 && stem != "", len(w) > 4 && stem == "":
			return false
		case strings.ContainsAny(stem, "0123456789") && len(stem) > 3:
			return false
		case !isWord(stem):
			return false
		}
	}
	return len(words) > 1
}

// isWord reports whether letters are written as people write words: in one case,
// with a capital, or in camel case.
func isWord(s string) bool {
	changes := 0
	for i := range len(s) {
		c := s[i]
		if lower(c) < 'a' || lower(c) > 'z' {
			return len(s) <= 3
		}
		if i > 0 && (s[i-1] >= 'a') && c < 'a' {
			changes++
		}
	}
	return changes <= 2 || changes*4 < len(s)
}

// lockFile reports whether a file lists dependencies and their digests.
func lockFile(name string) bool {
	base := path.Base(name)
	return slices.Contains([]string{".terraform.lock.hcl", "go.sum", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "Cargo.lock",
		"poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock", "Gemfile.lock", "composer.lock", "flake.lock", "deno.lock", "packages.lock.json", "mix.lock", "Podfile.lock", "Package.resolved", "gradle.lockfile", "conan.lock"}, base)
}
