package gdpr.encryption.cluster_secrets_encrypted_test

import data.gdpr.encryption.cluster_secrets_encrypted

approved := ["kms v2", "secretbox", "aesgcm", "aescbc"]

etcd(name, providers) := {"type": "etcd", "name": name, "encryption": {"providers": providers}}

messages(subject) := {d.msg | some d in found} if {
	found := cluster_secrets_encrypted.deny with input.subject as subject
		with data.params.encryption.etcd_providers as approved
}

test_first_decides if {
	messages(etcd("secrets", ["kms v2", "identity"])) == set()
	messages(etcd("secrets", ["identity", "kms v2"])) == {"secrets are written to etcd by the provider identity, which leaves them as they are"}
}

test_not_approved if messages(etcd("configmaps, secrets", ["kms v1"])) == {"secrets are written to etcd by the provider kms v1, which is not approved"}

test_by_wildcard if {
	count(messages(etcd("*.", ["identity"]))) == 1
	count(messages(etcd("*.*", ["identity"]))) == 1
	count(messages(etcd("*.apps", ["identity"]))) == 0
}

test_all_of_it if count(messages(etcd("", ["identity"]))) == 1

test_no_secrets if {
	messages(etcd("configmaps, events", ["identity"])) == set()
	count(cluster_secrets_encrypted.not_applicable) == 1 with input.subject as etcd("configmaps, events", ["identity"])
	count(cluster_secrets_encrypted.not_applicable) == 0 with input.subject as etcd("configmaps, secrets", ["identity"])
}

test_other_store if {
	bucket := {"type": "bucket", "name": "secrets", "encryption": {"providers": ["AES256"]}}
	messages(bucket) == set()
	count(cluster_secrets_encrypted.not_applicable) == 1 with input.subject as bucket
}
