# METADATA
# scope: package
# title: Stores say who answers for them
# description: Who erases, exports and restores has to be asked somewhere.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 24(1)
# custom:
#   severity: medium
#   subject: terraform.resource
#   gdpr: ["5(2)", "24(1)"]
#   remediation: Give the store a tag "owner" with the name of a team.
package acme.resource.owner_named

stores := {"aws_db_instance", "aws_dynamodb_table", "aws_s3_bucket"}

not_applicable contains sprintf("no store: %s", [input.subject.type]) if not input.subject.type in stores

not_applicable contains "managed elsewhere" if input.subject.mode == "data"

deny contains {
	"msg": sprintf("%s has no owner", [input.subject.id]),
	"expected": "a tag \"owner\", such as team-orders",
	"actual": owner,
} if {
	not startswith(owner, "team-")
}

default owner := ""

owner := input.subject.body.tags.owner
