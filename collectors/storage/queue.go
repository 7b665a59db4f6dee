package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// sqsQueue reads aws_sqs_queue. Since October 2022 a queue that says nothing is
// encrypted with a key of the service (SSE-SQS); messages are kept for four
// days. Source: SQS Developer Guide, "Encryption at rest".
func (c *collection) sqsQueue(r *terraform.Resource) {
	s := c.add(r.Address, "queue", "sqs", r)
	s.name = aws.Text(r.Body, "", "name")
	key := r.Body.Get("kms_master_key_id")
	if key.Unset() || key.Kind == terraform.String && key.Text == "" {
		s.encrypt(aws.Bool(r.Body, true, "sqs_managed_sse_enabled"), "SSE-SQS", func() aws.Key { return aws.ManagedKey(true, r, r.Pos) })
	} else {
		s.encrypt(aws.Declared(true, key.Pos), "aws:kms", c.keyOf(r, "kms_master_key_id", false))
		if key.Kind == terraform.Unknown && !key.Direct { // may turn out to be empty
			s.encrypt(aws.Unknown[bool](key), "", nil)
		}
	}
	s.ttl = wholeDays(aws.Int(r.Body, 345600, "message_retention_seconds"), 86400)
	s.public, s.publicBy = c.resourcePolicy(r, "aws_sqs_queue_policy", "queue_url")
}

// wholeDays turns a duration into days, rounded up.
func wholeDays(a aws.Answer[int], perDay int) aws.Answer[int] {
	return aws.Then(a, func(n int) int { return (n + perDay - 1) / perDay })
}

// kinesisStream reads aws_kinesis_stream: not encrypted and 24 hours by default.
func (c *collection) kinesisStream(r *terraform.Resource) {
	s := c.add(r.Address, "queue", "kinesis", r)
	s.name = aws.Text(r.Body, "", "name")
	on := aws.Then(aws.Text(r.Body, "NONE", "encryption_type"), func(t string) bool { return t == "KMS" })
	s.encrypt(on, "aws:kms", c.keyOf(r, "kms_key_id", false))
	s.ttl = wholeDays(aws.Int(r.Body, 24, "retention_period"), 24)
	s.public, s.publicBy = c.resourcePolicy(r, "aws_kinesis_resource_policy", "resource_arn")
}

// mskCluster reads aws_msk_cluster, always encrypted at rest. How long topics
// keep messages is set on the brokers.
func (c *collection) mskCluster(r *terraform.Resource) {
	s := c.add(r.Address, "queue", "msk", r)
	s.engine, s.version = aws.Default("kafka", r.Pos), aws.Text(r.Body, "", "kafka_version")
	s.name = aws.Text(r.Body, "", "cluster_name")
	s.encrypt(aws.Default(true, r.Pos), "aws:kms", func() aws.Key {
		block := aws.Block(r.Body, "encryption_info")
		return c.x.Key(block.Get("encryption_at_rest_kms_key_arn"), r, aws.ManagedKey(false, r, r.Pos))
	})
	s.ttl = aws.NotKnown[int]("topics and brokers set it", r.Pos)
	access := aws.Block(r.Body, "broker_node_group_info", "connectivity_info", "public_access")
	mode := aws.Text(access, "DISABLED", "type")
	if access.Unset() {
		mode.Pos = r.Pos
	}
	s.public = aws.Then(mode, func(m string) bool { return m != "DISABLED" })
	s.publicBy = aws.Then(mode, func(m string) []string {
		if m != "DISABLED" {
			return []string{"public_access"}
		}
		return []string{}
	})
}

// mqBroker reads aws_mq_broker, always encrypted, by default with a key that AWS
// owns.
func (c *collection) mqBroker(r *terraform.Resource) {
	s := c.add(r.Address, "queue", "mq", r)
	s.engine, s.version = aws.Text(r.Body, "", "engine_type"), aws.Text(r.Body, "", "engine_version")
	s.name = aws.Text(r.Body, "", "broker_name")
	s.encrypt(aws.Default(true, r.Pos), "aws:kms", func() aws.Key {
		block := aws.Block(r.Body, "encryption_options")
		owned := aws.Bool(block, true, "use_aws_owned_key")
		switch {
		case block.Kind == terraform.Unknown || !owned.Known():
			return aws.UnknownKey(block.Reason+owned.Reason, r.Pos)
		case block.Unset() || owned.Value:
			return aws.ManagedKey(true, r, r.Pos)
		}
		return c.x.Key(block.Get("kms_key_id"), r, aws.ManagedKey(false, r, block.Pos))
	})
	s.ttl = aws.NotKnown[int]("queues set it", r.Pos)
	s.public, s.publicBy = publicAddress(r)
}
