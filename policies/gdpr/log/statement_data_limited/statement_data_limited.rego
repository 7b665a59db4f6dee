# METADATA
# scope: package
# title: Statement logs are not kept longer than allowed
# description: "A statement carries its values: names, addresses, diagnoses; its log is a second copy of the data, without the protection of the first."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(c)
# custom:
#   severity: medium
#   subject: log.source
#   facts: [log.store]
#   gdpr: ["5(1)(c)"]
#   remediation: Record fewer statements (log_statement, log_min_duration_statement, log_min_error_statement), or shorten the retention of the log.
package gdpr.log.statement_data_limited

not_applicable contains "no database" if input.subject.type != "database"

not_applicable contains "records nothing" if input.subject.enabled == false

deny contains {
	"msg": sprintf("statements with their values are kept up to %v days in %s, %v are allowed", [store.declared.max_days, store.id, store.bounds.max_days]),
	"key": ref,
	"expected": store.bounds.max_days,
	"actual": store.declared.max_days,
	"settings": [sprintf("%s = %s", [s.name, s.value]) |
		some s in input.subject.settings
		s.name in {"general_log", "log_min_duration_statement", "log_min_error_statement", "log_parameter_max_length", "log_statement", "slow_query_log"}
	],
} if {
	input.subject.type == "database"
	count(statements) > 0
	some ref in input.subject.stores
	store := input.facts["log.store"][ref]
	store.declared.max_days > store.bounds.max_days
}

unknown contains "statements are recorded, and where they are kept is not known" if {
	input.subject.type == "database"
	count(statements) > 0
	count(input.subject.stores) == 0
}

statements contains field.name if {
	some field in input.subject.fields
	field.name in {"parameters", "statement"}
	field.form == "full"
}
