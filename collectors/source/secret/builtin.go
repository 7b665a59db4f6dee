package secret

import "slices"

// Builtin returns the rules for credentials that are built in. The formats are
// those that the issuers' public documentation states.
func Builtin() []*Rule {
	return slices.Concat(keys(), clouds(), forges(), services(), places(), []*Rule{generic()})
}

// format is a rule for a value that an issuer's format gives away.
func format(id, expr string, keywords ...string) *Rule {
	return &Rule{ID: id, Expr: expr, Keywords: keywords, Check: issued}
}

// beside is a rule for a format that is too short to be looked for everywhere: it
// is asked in lines that hold a keyword, in whatever case.
func beside(id, expr string, keywords ...string) *Rule {
	r := format(id, expr, keywords...)
	r.Fold = true
	return r
}

// named is a rule for a value whose format says little, beside a name that says
// whose it is. Its first group is the value; the keywords are in lower case.
func named(id, expr string, entropy float64, keywords ...string) *Rule {
	return &Rule{ID: id, Expr: expr, Group: 1, Keywords: keywords, Fold: true, Entropy: entropy, Check: issued}
}

// keys are private keys and tokens of open formats.
func keys() []*Rule {
	return []*Rule{
		{ID: "private_key", Keywords: []string{"PRIVATE KEY-----"}, Check: privateKey,
			Expr: `-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |ANY |SSH2 ENCRYPTED )?PRIVATE KEY-----`},
		{ID: "pgp_private_key", Keywords: []string{"PGP PRIVATE KEY"}, Expr: `-----BEGIN PGP PRIVATE KEY BLOCK-----`, Check: privateKey},
		{ID: "private_key_der", Keywords: []string{"MII", "MHcCAQEEI", "MIGHAgEAMBMGByqGSM49AgEG", "MC4CAQAwBQYDK2VwBCIEI"}, Check: bareKey,
			Expr: `\b(?:MII[A-Za-z0-9+/]{2}(?:IBADANBgkqhkiG9w0BAQEFAASC|wIBADANBgkqhkiG9w0BAQEFAASC|gIBADANBgkqhkiG9w0BAQEFAASC|[A-Za-z0-9+/]IBAAKC)|MHcCAQEEI|MIGHAgEAMBMGByqGSM49AgEG|MC4CAQAwBQYDK2VwBCIEI)[A-Za-z0-9+/]{20,}={0,2}`},
		{ID: "putty_private_key", Keywords: []string{"PuTTY-User-Key-File-"}, Expr: `PuTTY-User-Key-File-[0-9]:`, Check: puttyKey},
		format("age_secret_key", `\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b`, "AGE-SECRET-KEY-1"),
		{ID: "jwt", Keywords: []string{"eyJ"}, Check: token,
			Expr: `\beyJ[A-Za-z0-9_-]{10,}={0,2}\.(?:[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|[A-Za-z0-9_-]{5,}={0,2}\.[A-Za-z0-9_-]*)`},
	}
}

// places are credentials that stand where nothing else does.
func places() []*Rule {
	return []*Rule{
		{ID: "url_password", rank: byURL, Keywords: []string{"://"}, Group: 2, Check: urlPassword,
			Expr: `\b[A-Za-z][A-Za-z0-9+.-]*://([^\s:/@"'` + "`" + `$<>{}\\]*):([^\s/@"'` + "`" + `<>\\]{3,})@[A-Za-z0-9\[]`},
		{ID: "connection_string_password", rank: byPlace, Keywords: []string{"password=", "pwd=", "password ="}, Fold: true, Group: 1, Check: connection,
			Expr: `(?i)\b(?:password|pwd)\s?=\s?([^;&"'\s\\,]{4,})`},
		{ID: "connection_string_password", rank: byPlace, Keywords: []string{"@tcp(", "@unix("}, Group: 1, Check: notFilled,
			Expr: `[A-Za-z0-9_.-]+:([^\s:/@"'` + "`" + `{}<>]{3,})@(?:tcp|unix)\(`},
		{ID: "authorization_header", rank: byPlace, Keywords: []string{"authorization", "bearer ", "basic "}, Fold: true, Group: 1, Check: authorization,
			Expr: `(?i)authorization["']?\s*[:=,]\s*["']?(?:bearer|basic|token)\s+([A-Za-z0-9+/_.~-]{16,}={0,2})`},
		{ID: "docker_auth", Keywords: []string{`"auth"`}, Group: 1, Check: dockerAuth, Expr: `"auth"\s*:\s*"([A-Za-z0-9+/]{8,}={0,2})"`},
		{ID: "npm_auth", Keywords: []string{":_auth", "_authToken", "_password="}, Group: 1, Check: notFilled,
			Expr: `(?:_authToken|:_auth|:_password)\s*=\s*"?([A-Za-z0-9+/=_-]{12,})`},
		{ID: "netrc_password", rank: byPlace, Keywords: []string{"machine "}, Group: 1, Check: notFilled, Expr: `\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+)`},
	}
}
