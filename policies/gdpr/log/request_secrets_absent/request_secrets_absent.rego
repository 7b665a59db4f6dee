# METADATA
# scope: package
# title: Logs hold no secrets or personal data of requests
# description: Who can read a log that holds session cookies, tokens and query strings can be anyone who ever logged in, and learns what they searched for.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(c), 5(1)(f)
# custom:
#   severity: high
#   subject: log.source
#   gdpr: ["5(1)(c)", "5(1)(f)"]
#   params: [log.sensitive_parameters]
#   remediation: "Log in a format of your own, or redact: include_cookies = false, data_trace_enabled = false, redacted_fields of the web ACL. Where a product always writes query strings, keep personal data out of them, and say so with log.sensitive_parameters = []."
package gdpr.log.request_secrets_absent

import data.lib.list

not_applicable contains "records nothing" if input.subject.enabled == false

not_applicable contains "the API of a cluster: judged by gdpr.log.cluster_audit_adequate" if input.subject.type == "cluster_api"

not_applicable contains "records no query string, cookie, credential or body" if count(parts) == 0

not_applicable contains "the requests hold no personal data" if input.subject.class == "none"

deny contains {
	"msg": sprintf("%s of requests are recorded", [written[field.name]]),
	"key": field.name,
	"expected": "left out or redacted",
	"actual": field.form,
	"at": field,
} if {
	some field in input.subject.fields
	field.form == "full"
	written[field.name]
}

deny contains {
	"msg": sprintf("query strings of requests are recorded, where parameters such as %s would stand", [list.short(data.params.log.sensitive_parameters)]),
	"key": "query_string",
	"expected": "left out or redacted",
	"actual": field.form,
	"at": field,
} if {
	some field in input.subject.fields
	field.name == "query_string"
	field.form == "full"
	input.subject.type != "object_store"
	count(data.params.log.sensitive_parameters) > 0
}

# The parameters of an object store are its own, but signed links carry a credential.
unknown contains "query strings of the object store are recorded: whether signed links are among them is not known" if {
	input.subject.type == "object_store"
	some field in input.subject.fields
	field.name == "query_string"
	field.form == "full"
	count(data.params.log.sensitive_parameters) > 0
}

written := {"authorization": "credentials", "body": "bodies", "cookies": "cookies"}

parts contains field.name if {
	some field in input.subject.fields
	field.name in {"authorization", "body", "cookies", "query_string"}
}
