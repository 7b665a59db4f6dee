# METADATA
# scope: package
# title: Pods run images of our own registry, pinned by digest
# description: What comes from elsewhere, or can be replaced behind its tag, nobody reviewed.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(1), 32(1)(b)
# custom:
#   severity: high
#   subject: kubernetes.object
#   gdpr: ["25(1)", "32(1)(b)"]
#   remediation: Copy the image to registry.example.org and name it by its digest.
package acme.image.own_registry

# Where the kinds that make pods have their template.
pod := input.subject.body.spec if input.subject.kind == "Pod"

pod := input.subject.body.spec.template.spec if {
	input.subject.kind in {"DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"}
}

pod := input.subject.body.spec.jobTemplate.spec.template.spec if input.subject.kind == "CronJob"

not_applicable contains sprintf("a %s makes no pods", [input.subject.kind]) if {
	not input.subject.kind in {
		"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet",
	}
}

containers contains container if {
	some list in ["containers", "ephemeralContainers", "initContainers"]
	some container in pod[list]
}

deny contains {
	"msg": sprintf("container %s runs %s, which is not of our registry", [container.name, image]),
	"key": sprintf("registry %s", [container.name]),
	"expected": "registry.example.org/…",
	"actual": image,
	"at": container,
} if {
	some container in containers
	image := object.get(container, "image", "")
	not startswith(image, "registry.example.org/")
}

deny contains {
	"msg": sprintf("container %s runs %s, which another image can replace", [container.name, image]),
	"key": sprintf("digest %s", [container.name]),
	"expected": "…@sha256:…",
	"actual": image,
	"at": container,
} if {
	some container in containers
	image := object.get(container, "image", "")
	not contains(image, "@sha256:")
}
