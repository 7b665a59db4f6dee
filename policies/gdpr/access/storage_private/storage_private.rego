# METADATA
# scope: package
# title: No object store can be reached by anyone
# description: "Open buckets are how most data are lost at once: nobody has to break in."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: critical
#   subject: data.store
#   facts: [access.rule]
#   gdpr: ["25(2)", "32(1)(b)"]
#   remediation: Block public access of the store in all four settings, and remove the grant to everyone.
package gdpr.access.storage_private

not_applicable contains "not an object store, a share or a snapshot" if not input.subject.type in {"bucket", "share", "snapshot"}

not_applicable contains "holds no personal data" if input.subject.class == "none"

deny contains {
	"msg": sprintf("anyone can reach the %s: %s%s", [input.subject.type, concat(", ", input.subject.public_by), unhindered]),
	"key": "public",
	"expected": "private",
	"actual": input.subject.public_by,
} if {
	input.subject.public
}

deny contains {
	"msg": sprintf("the block of public access is %s, so a grant to everyone takes effect", [latent]),
	"key": "block",
	"expected": "full",
	"actual": input.subject.public_block,
} if {
	input.subject.public_block in {"partial", "off"}
}

deny contains {
	"msg": sprintf("%s admits everyone", [rule.id]),
	"key": ref,
	"expected": "named principals, or a condition",
	"actual": rule.principals,
} if {
	not input.subject.public
	not input.subject.public_block in {"full", "partial", "off"}
	some ref in input.subject.rule
	rule := input.facts["access.rule"][ref]
	rule.effect == "allow"
	rule.wildcards.principal
	not rule.restricted
}

warn contains "public access is blocked by the provider's default: declare the block" if input.subject.public_block == "default"

# An open store is said once, with what opens it. The message asks whether it is
# open, not the body: where that is not known, the missing block is still certain.
latent := input.subject.public_block if input.subject.public != true

unhindered := sprintf("; the block of public access is %s", [input.subject.public_block]) if input.subject.public_block in {"partial", "off"}

unhindered := "" if not input.subject.public_block in {"partial", "off"}
