package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// gcsBucket reads google_storage_bucket and what configures it.
func (c *collection) gcsBucket(r *terraform.Resource) {
	b := c.google().Bucket(r)
	location, countries := b.Location()
	s := c.gcp(r.Address, "bucket", "gcs", r, location)
	s.country = aws.Then(countries, func(list []string) string { return list[0] })
	s.replicas = aws.Then(countries, func(list []string) []string { return list[1:] })
	s.name = aws.Text(r.Body, "", "name")
	s.encryptGCP(b.Key())
	access := b.Access()
	s.public, s.publicBy, s.block = access.Public, access.By, access.Block
	s.versioned = b.Versioned()
	s.ttl = b.Lifetime(aws.Default("", r.Pos))
}
