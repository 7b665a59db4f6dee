package logs

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// bucketAt gives the store of a bucket and prefix that arguments name; a bucket
// that is managed elsewhere becomes a store of its own.
func (c *collection) bucketAt(r *terraform.Resource, v *terraform.Value, prefix aws.Answer[string], suffix string) aws.Answer[[]string] {
	if v.Unset() {
		return aws.Default([]string{}, r.Pos)
	}
	v, prefix = splitARN(v, prefix)
	links := c.x.Named(v, "aws_s3_bucket")
	if len(links) == 1 && links[0].Reason == "" {
		return aws.Declared([]string{c.x.Reference(c.bucket(links[0].Resource, prefix).id)}, v.Pos)
	}
	return c.foreign(r, v, links, suffix, "object", "s3", "the bucket is managed elsewhere")
}

// folder ends a prefix with a slash, as the services do that write below it.
func folder(prefix aws.Answer[string]) aws.Answer[string] {
	return aws.Then(prefix, func(p string) string {
		if p == "" || strings.HasSuffix(p, "/") {
			return p
		}
		return p + "/"
	})
}

// splitARN turns "arn:aws:s3:::bucket/prefix" into a bucket's ARN and a prefix,
// and a bucket's domain name into its name.
func splitARN(v *terraform.Value, prefix aws.Answer[string]) (*terraform.Value, aws.Answer[string]) {
	if v.Kind != terraform.String {
		return v, prefix
	}
	out := *v
	if strings.HasPrefix(v.Text, "arn:") {
		head, rest, cut := strings.Cut(v.Text, "/")
		if cut && prefix.Known() && prefix.Value == "" {
			prefix = aws.Declared(rest, v.Pos)
		}
		out.Text = head
	} else if name, _, ok := strings.Cut(v.Text, ".s3."); ok {
		out.Text = name
	}
	return &out, prefix
}

// bucket adds the part of a bucket under a prefix, once.
func (c *collection) bucket(r *terraform.Resource, prefix aws.Answer[string]) *store {
	id := r.Address
	switch {
	case !prefix.Known():
		id += "/?"
	case strings.Trim(prefix.Value, "/") != "":
		id += "/" + strings.Trim(prefix.Value, "/")
	}
	if s := c.byID[id]; s != nil {
		return s
	}
	b := c.x.Bucket(r)
	s := c.add(id, "object", "s3", r.Pos)
	s.name = b.Name()
	s.object = b.Lifecycle(prefix)
	s.versioned = b.Versioned()
	s.lockDays = b.LockDays()
	s.most = b.Lifetime(s.object)
	s.least = s.object.Earliest
	if !s.lockDays.Known() || s.least.Known() && s.lockDays.Value > s.least.Value {
		s.least = s.lockDays
	}
	algorithm, key := b.Encryption()
	s.encrypted = aws.Answer[string]{Value: "encrypted", Default: algorithm.Default, Pos: algorithm.Pos}
	s.key = key.Manager
	s.remote = c.replicas(b)
	return s
}

// replicas gives the buckets that the objects are replicated to.
func (c *collection) replicas(b aws.Bucket) aws.Answer[[]string] {
	out := aws.Default([]string{}, b.Pos)
	for _, l := range c.x.Attached(b.Resource, "aws_s3_bucket_replication_configuration", "bucket") {
		if l.Reason != "" {
			return aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		rules, reason := aws.Blocks(l.Body, "rule")
		if reason != "" {
			return aws.NotKnown[[]string](reason, l.Pos)
		}
		for i, rule := range rules {
			to := aws.Block(rule, "destination").Get("bucket")
			links := c.x.Named(to, "aws_s3_bucket")
			switch {
			case len(links) == 1 && links[0].Address == b.Address:
			case len(links) == 1 && links[0].Reason == "":
				out = aws.Union(out, aws.Declared([]string{c.x.Reference(c.bucket(links[0].Resource, aws.Default("", l.Pos)).id)}, to.Pos))
			default:
				out = aws.Union(out, c.foreign(l.Resource, to, links, "replica"+string(rune('0'+i%10)), "object", "s3", "the bucket is managed elsewhere"))
			}
		}
	}
	return out
}

// firehose reads the stores that a delivery stream writes to.
func (c *collection) firehose(r *terraform.Resource) { c.delivers(r) }

// delivers gives the stores of a delivery stream: its bucket, its index.
func (c *collection) delivers(r *terraform.Resource) aws.Answer[[]string] {
	out := aws.Default([]string{}, r.Pos)
	for _, name := range []string{"extended_s3_configuration", "s3_configuration"} {
		if block := aws.Block(r.Body, name); !block.Unset() {
			out = aws.Union(out, c.bucketAt(r, block.Get("bucket_arn"), aws.Text(block, "", "prefix"), "bucket"))
		}
	}
	for _, name := range []string{"opensearch_configuration", "opensearchserverless_configuration", "elasticsearch_configuration"} {
		block := aws.Block(r.Body, name)
		if block.Unset() {
			continue
		}
		id := r.Address + "/index"
		if c.byID[id] == nil {
			s := c.add(id, "index", "opensearch", block.Pos)
			s.name = aws.Text(block, "", "index_name")
			s.elsewhere("the life of indices is not part of Terraform's AWS provider")
		}
		out = aws.Union(out, aws.Declared([]string{c.x.Reference(id)}, block.Pos))
		if backup := aws.Block(block, "s3_configuration"); !backup.Unset() {
			out = aws.Union(out, c.bucketAt(r, backup.Get("bucket_arn"), aws.Text(backup, "", "prefix"), "bucket"))
		}
	}
	for _, name := range []string{"splunk_configuration", "http_endpoint_configuration", "redshift_configuration", "snowflake_configuration", "iceberg_configuration"} {
		if block := aws.Block(r.Body, name); !block.Unset() {
			out = aws.Union(out, c.foreign(r, &terraform.Value{Kind: terraform.String, Text: "", Pos: block.Pos}, nil, strings.TrimSuffix(name, "_configuration"), "table",
				strings.TrimSuffix(name, "_configuration"), "the store is managed elsewhere"))
		}
	}
	return out
}
