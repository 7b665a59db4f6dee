package acme.resource.owner_named_test

import data.acme.resource.owner_named

denied(tags) if {
	count(owner_named.deny) == 1 with input.subject as {"id": "a", "type": "aws_s3_bucket", "mode": "managed", "body": {"tags": tags}}
}

test_owner if not denied({"owner": "team-orders"})

test_someone if denied({"owner": "me"})

test_none if denied({})

test_others if {
	count(owner_named.not_applicable) == 2 with input.subject as {"id": "a", "type": "aws_vpc", "mode": "data", "body": {}}
}
