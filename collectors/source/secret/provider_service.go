package secret

// services are keys of the services that applications call.
func services() []*Rule {
	return []*Rule{
		format("slack_token", `\bxox[abeoprs]-[A-Za-z0-9-]{10,}`, "xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"),
		format("slack_app_token", `\bxapp-[0-9]-[A-Z0-9]+-[0-9]+-[a-f0-9]{32,}`, "xapp-"),
		format("slack_webhook", `https://hooks\.slack\.com/(?:services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}|(?:workflows|triggers)/T[A-Z0-9]+/[A-Za-z0-9/]{20,})`, "hooks.slack.com"),
		format("discord_webhook", `https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}`, "/api/webhooks/"),
		format("teams_webhook", `https://[a-z0-9.-]+\.webhook\.office\.com/webhookb2/[a-f0-9@-]{60,}/IncomingWebhook/[a-f0-9]{32}/[a-f0-9-]{36}`, "webhook.office.com"),
		format("telegram_bot_token", `\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}`, ":AA"),
		named("discord_bot_token", `(?i:discord)[^\r\n]{0,40}\b([MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})`, 4, "discord"),

		format("stripe_key", `\b(?:sk|rk)_(?:live|org_live)_[A-Za-z0-9]{16,}`, "k_live_", "k_org_live_"),
		format("stripe_webhook_secret", `\bwhsec_[A-Za-z0-9+/]{32,}={0,2}`, "whsec_"),
		format("square_token", `\b(?:EAAA[A-Za-z0-9_-]{60}|sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43})`, "EAAA", "sq0atp-", "sq0csp-"),
		format("braintree_token", `\baccess_token\$production\$[a-z0-9]{16}\$[a-f0-9]{32}\b`, "access_token$production$"),
		format("adyen_key", `\bAQE[a-z][A-Za-z0-9+/]{60,}-[A-Za-z0-9+/]{20,}={0,2}-[^\s"']{10,}`, "AQE"),
		format("shopify_token", `\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b`, "shpat_", "shpca_", "shppa_", "shpss_"),
		beside("gocardless_token", `\blive_[A-Za-z0-9_-]{40}\b`, "gocardless"),

		format("sendgrid_key", `\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`, "SG."),
		format("brevo_key", `\bx(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}\b`, "xkeysib-", "xsmtpsib-"),
		beside("mailchimp_key", `\b[a-f0-9]{32}-us[0-9]{1,2}\b`, "mailchimp"),
		beside("mailgun_key", `\bkey-[a-f0-9]{32}\b|\b[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}\b`, "mailgun", "key-"),
		beside("resend_key", `\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b`, "resend"),
		format("twilio_key", `\bSK[a-f0-9]{32}\b`, "SK"),
		named("twilio_auth_token", `(?i)twilio[^\r\n]{0,60}?(?:token|secret)[^\r\n]{0,10}?\b([a-f0-9]{32})\b`, 3, "twilio"),

		format("newrelic_key", `\bNR(?:AK-[A-Z0-9]{27}|II-[A-Za-z0-9_-]{32})`, "NRAK-", "NRII-"),
		named("datadog_key", `(?i)(?:datadog|\bdd)[_.\-]?(?:api|app|application)[_.\-]?key\\?["']?\s*(?:=>|=|:)\s*\\?["']?([a-f0-9]{40}|[a-f0-9]{32})\b`, 3,
			"datadog", "dd_api", "dd_app", "dd-api", "dd-app", "ddapi", "ddapp", "dd.api", "dd.app"),
		format("grafana_token", `\bgl(?:sa_[A-Za-z0-9]{32}_[a-f0-9]{8}\b|c_[A-Za-z0-9+/]{32,}={0,2})`, "glsa_", "glc_"),
		format("sentry_token", `\bsntry(?:u_[a-f0-9]{64}\b|s_eyJ[A-Za-z0-9+/=_]{40,})`, "sntryu_", "sntrys_"),
		format("dynatrace_token", `\bdt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b`, "dt0c01."),
		beside("launchdarkly_key", `\b(?:api|sdk)-[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}\b`, "sdk-", "launchdarkly"),

		format("anthropic_key", `\bsk-ant-[A-Za-z0-9_-]{20,}`, "sk-ant-"),
		format("openai_key", `\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{10,}T3BlbkFJ[A-Za-z0-9_-]{10,}`, "T3BlbkFJ"),
		format("huggingface_token", `\b(?:hf|api_org)_[A-Za-z]{34}\b`, "hf_", "api_org_"),
		format("replicate_token", `\br8_[A-Za-z0-9]{37}\b`, "r8_"),
		format("groq_key", `\bgsk_[A-Za-z0-9]{52}\b`, "gsk_"),
		format("xai_key", `\bxai-[A-Za-z0-9]{80}\b`, "xai-"),
		format("perplexity_key", `\bpplx-[A-Za-z0-9]{48}\b`, "pplx-"),

		format("linear_key", `\blin_api_[A-Za-z0-9]{40}\b`, "lin_api_"),
		format("notion_token", `\bntn_[0-9]{11}[A-Za-z0-9]{35}\b`, "ntn_"),
		beside("airtable_token", `\bpat[A-Za-z0-9]{14}\.[a-f0-9]{64}\b`, "airtable"),
		format("hubspot_token", `\bpat-(?:na|eu)[0-9]-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}\b`, "pat-na", "pat-eu"),
		format("figma_token", `\bfig[dou]_[A-Za-z0-9_-]{40,}`, "figd_", "figo_", "figu_"),
		format("contentful_token", `\bCFPAT-[A-Za-z0-9_-]{43}`, "CFPAT-"),
		format("mapbox_secret", `\bsk\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,}`, "sk.eyJ"),
		format("typeform_token", `\btfp_[A-Za-z0-9_.=-]{40,}`, "tfp_"),
		format("facebook_token", `\bEAA[A-Za-z0-9]{100,}`, "EAA"),
		named("okta_token", `(?i)(?:okta|ssws)[^\r\n]{0,40}?\b(00[A-Za-z0-9_-]{40})(?:[^A-Za-z0-9_-]|$)`, 4, "okta", "ssws"),
	}
}
