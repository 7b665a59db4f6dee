package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// bucket reads aws_s3_bucket and what configures it.
func (c *collection) bucket(r *terraform.Resource) {
	b := c.x.Bucket(r)
	s := c.add(r.Address, "bucket", "s3", r)
	s.name = b.Name()
	algorithm, key := b.Encryption()
	s.encrypted = aws.Answer[bool]{Value: true, Default: algorithm.Default, Pos: algorithm.Pos}
	s.methods = aws.Then(algorithm, func(name string) []string { return []string{name} })
	s.key = key
	access := b.Access()
	s.public, s.publicBy, s.block = access.Public, access.By, access.Block
	s.versioned, s.replicas = b.Versioned(), b.Replicas()
	s.ttl = b.Lifetime(b.Lifecycle(aws.Default("", r.Pos)))
}
