# METADATA
# scope: package
# title: Container logs are bounded, by time where their category needs it
# description: What a container prints is kept beside it; without a bound it fills the disk of every other service, and is only gone when the container is.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 32(1)(b)
# custom:
#   severity: medium
#   subject: log.store
#   gdpr: ["5(1)(e)", "32(1)(b)"]
#   remediation: "Use the logging driver local, or json-file with max-size and max-file; ship the records to a store that deletes them by age, by a driver such as journald, syslog or awslogs."
package gdpr.log.container_bounded

not_applicable contains "not a container log" if input.subject.type != "container"

deny contains {
	"msg": "nothing bounds the log, which holds personal data: neither a size nor an age",
	"key": "unbounded",
	"expected": "max-size, or a driver with a bound",
	"actual": "none",
	"severity": "high",
} if {
	input.subject.type == "container"
	input.subject.declared.bound == "none"
	input.subject.personal
}

deny contains {
	"msg": "nothing bounds the log: neither a size nor an age",
	"key": "unbounded",
	"expected": "max-size, or a driver with a bound",
	"actual": "none",
} if {
	input.subject.type == "container"
	input.subject.declared.bound == "none"
	input.subject.personal == false
}

deny contains {
	"msg": sprintf("only its size bounds the log, records have to be gone after %v days, and nothing ships them", [input.subject.bounds.max_days]),
	"key": "size",
	"expected": input.subject.bounds.max_days,
	"actual": "a size",
} if {
	input.subject.type == "container"
	input.subject.personal
	input.subject.declared.bound == "size"
	input.subject.bounds.max_days < 999999
	count(input.subject.protection.remote) == 0
}

unknown contains "nothing that was read says what bounds the log" if {
	input.subject.type == "container"
	input.subject.declared.bound == "unknown"
}
