package secret

// clouds are keys of cloud providers and of what runs infrastructure.
func clouds() []*Rule {
	return []*Rule{
		format("aws_access_key_id", `\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b`, "AKIA", "ASIA", "ABIA", "ACCA"),
		named("aws_secret_access_key", `(?i)(?:secret[_.\- ]?access[_.\- ]?key|aws[_.\-]?secret[_.\-]?key|aws[_.\-]?secret)\\?["']?\]?\s*(?::=|=>|=|:|,)\s*\\?["']?([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`, 4,
			"secret_access_key", "secretaccesskey", "secret.access.key", "secret-access-key", "secret access key", "aws_secret", "aws-secret", "awssecret", "aws.secret"),
		named("aws_session_token", `(?i)aws[_.-]?session[_.-]?token\\?["']?\s*(?:=>|=|:)\s*\\?["']?([A-Za-z0-9/+=]{100,})`, 4, "aws_session_token", "aws-session-token", "awssessiontoken", "aws.session"),
		format("aws_bedrock_key", `\bABSK[A-Za-z0-9+/]{109,269}={0,2}`, "ABSK"),

		format("google_api_key", `\bAIza[A-Za-z0-9_-]{35}(?:[^A-Za-z0-9_-]|$)`, "AIza"),
		format("google_oauth_secret", `\bGOCSPX-[A-Za-z0-9_-]{28}`, "GOCSPX-"),
		format("google_oauth_token", `\bya29\.[A-Za-z0-9_-]{30,}`, "ya29."),
		format("google_hmac_id", `\bGOOG1E[A-Z0-9]{55}\b`, "GOOG1E"),

		{ID: "azure_account_key", Keywords: []string{"AccountKey="}, Group: 1, Check: issued, Expr: `AccountKey=([A-Za-z0-9+/]{86}==)`},
		{ID: "azure_shared_access_key", Keywords: []string{"SharedAccessKey="}, Group: 1, Check: issued, Expr: `SharedAccessKey=([A-Za-z0-9+/]{40,}={0,2})`},
		{ID: "azure_sas_signature", Keywords: []string{"sig="}, Group: 1, Entropy: 4, Check: issued, Expr: `[?&](?:amp;)?sig=([A-Za-z0-9%+/_-]{40,}(?:=|%3[dD])?)`},
		format("azure_client_secret", `\b[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}`, "Q~"),
		format("azure_devops_token", `\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b`, "AZDO"),
		format("azure_function_key", `\b[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==`, "AzFu"),
		format("azure_service_key", `\b[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{6,26}`, "JQQJ99"),

		format("alibaba_access_key_id", `\bLTAI[A-Za-z0-9]{17,24}\b`, "LTAI"),
		format("tencent_secret_id", `\bAKID[A-Za-z0-9]{32}\b`, "AKID"),
		format("digitalocean_token", `\bdo[opr]_v1_[a-f0-9]{64}\b`, "_v1_"),
		format("heroku_key", `\bHRKU-AA[A-Za-z0-9_-]{58}`, "HRKU-AA"),
		format("flyio_token", `\b(?:fo1_[A-Za-z0-9_-]{43}|fm[12]r?_[A-Za-z0-9+/]{100,}={0,3})`, "fo1_", "fm1", "fm2"),
		format("scaleway_secret", `\bSCWSECRET[A-Z0-9]{20,}`, "SCWSECRET"),
		format("netlify_token", `\bnfp_[A-Za-z0-9]{36,}`, "nfp_"),
		format("cloudflare_origin_key", `\bv1\.0-[a-f0-9]{24}-[a-f0-9]{146}\b`, "v1.0-"),
		named("cloudflare_token", `(?i)cloudflare[A-Za-z0-9_.\-]{0,20}(?:key|token|secret)\\?["']?\s*(?:=>|=|:)\s*\\?["']?([A-Za-z0-9_-]{37,40})\b`, 3.5, "cloudflare"),
		format("tailscale_key", `\btskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{5,}-[A-Za-z0-9]{20,}`, "tskey-"),

		format("vault_token", `\bhv[sbr]\.[A-Za-z0-9_-]{24,}`, "hvs.", "hvb.", "hvr."),
		format("terraform_cloud_token", `\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}`, ".atlasv1."),
		format("pulumi_token", `\bpul-[a-f0-9]{40}\b`, "pul-"),
		format("doppler_token", `\bdp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}\b`, "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."),
		format("onepassword_service_account", `\bops_eyJ[A-Za-z0-9+/_-]{100,}`, "ops_eyJ"),
		format("onepassword_secret_key", `\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b`, "A3-"),
		beside("infisical_token", `\bst\.[a-f0-9]{24}\.[a-f0-9]{32}\.[a-f0-9]{32}\b`, "infisical"),

		format("databricks_token", `\bdapi[a-f0-9]{32}(?:-[0-9])?\b`, "dapi"),
		format("planetscale_token", `\bpscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{32,64}`, "pscale_"),
		format("supabase_token", `\bsbp_[a-f0-9]{40}\b|\bsb_secret_[A-Za-z0-9_-]{20,}`, "sbp_", "sb_secret_"),
		format("mongodb_atlas_key", `\bmdb_sa_sk_[A-Za-z0-9_-]{40}`, "mdb_sa_sk_"),
		format("clickhouse_key", `\b4b1d[A-Za-z0-9]{38}\b`, "4b1d"),
		format("confluent_secret", `\bcflt[A-Za-z0-9+/]{60}`, "cflt"),
	}
}
