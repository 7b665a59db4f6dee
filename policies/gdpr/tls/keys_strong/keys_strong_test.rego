package gdpr.tls.keys_strong_test

import data.gdpr.tls.keys_strong

endpoint(kind, bits, signature) := {"certificates": [{"key_type": kind, "key_bits": bits, "signature": signature}]}

keys(subject) := {d.key | some d in found} if {
	found := keys_strong.deny with input.subject as subject
		with data.params.tls as {"rsa_min_bits": 3072, "ec_min_bits": 256}
}

test_strong if {
	keys(endpoint("rsa", 3072, "sha256-rsa")) == set()
	keys(endpoint("ec", 256, "ecdsa-sha256")) == set()
	keys(endpoint("ed25519", 256, "ed25519")) == set()
	keys(endpoint("ed448", 456, "sha512-rsa")) == set()
}

test_small if {
	keys(endpoint("rsa", 2048, "sha256-rsa")) == {"rsa-2048"}
	keys(endpoint("dsa", 2048, "sha256-rsa")) == {"dsa-2048"}
	keys(endpoint("ec", 224, "ecdsa-sha256")) == {"ec-224"}
}

test_signature if {
	keys(endpoint("rsa", 4096, "sha1-rsa")) == {"sha1-rsa"}
	keys(endpoint("ec", 256, "ecdsa-sha1")) == {"ecdsa-sha1"}
	keys(endpoint("rsa", 4096, "MD5-RSA")) == {"MD5-RSA"}
}

test_two if keys({"certificates": [endpoint("rsa", 2048, "sha256-rsa").certificates[0], endpoint("ec", 256, "ecdsa-sha1").certificates[0]]}) == {"rsa-2048", "ecdsa-sha1"}

test_other if count(keys_strong.unknown) == 1 with input.subject as endpoint("other", 9999, "sha256-rsa")

test_none if count(keys_strong.not_applicable) == 1 with input.subject.certificates as []
