package logs

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// flowLog reads aws_flow_log. The default format records both addresses.
func (c *collection) flowLog(r *terraform.Resource) {
	s := newSource(r.Address, "", "network", "vpc_flow_log", "network_flow", r)
	for _, name := range []string{"vpc_id", "eni_id", "transit_gateway_id", "transit_gateway_attachment_id", "subnet_id"} {
		if v := r.Body.Get(name); !v.Unset() {
			s.of = c.owner(v, "aws_vpc", "aws_subnet", "aws_network_interface", "aws_ec2_transit_gateway")
		}
	}
	format := aws.Text(r.Body, "", "log_format")
	switch {
	case !format.Known():
		s.fieldsUnknown = aws.NotKnown[bool](format.Reason, format.Pos)
	case format.Default || strings.Contains(format.Value, "addr"):
		s.records("client_address")
	}
	s.settings["traffic_type"] = aws.Text(r.Body, "ALL", "traffic_type")
	s.settings["max_aggregation_interval"] = aws.Text(r.Body, "600", "max_aggregation_interval")
	kind := aws.Text(r.Body, "cloud-watch-logs", "log_destination_type")
	to := r.Body.Get("log_destination")
	switch {
	case !kind.Known():
		s.stores = aws.NotKnown[[]string](kind.Reason, kind.Pos)
	case kind.Value == "s3":
		s.stores = c.bucketAt(r, to, aws.Default("", r.Pos), "bucket")
	case kind.Value == "kinesis-data-firehose":
		s.stores = c.streamAt(r, to)
	case !to.Unset():
		s.stores = c.groupAt(r, to, "group")
	default:
		s.stores = c.groupAt(r, r.Body.Get("log_group_name"), "group")
	}
	c.put(s)
}

// streamAt gives the stores behind a delivery stream.
func (c *collection) streamAt(r *terraform.Resource, v *terraform.Value) aws.Answer[[]string] {
	links := c.x.Named(v, "aws_kinesis_firehose_delivery_stream")
	if len(links) == 1 && links[0].Reason == "" {
		return c.delivers(links[0].Resource)
	}
	return c.foreign(r, v, links, "stream", "object", "firehose", "the delivery stream is managed elsewhere")
}

// destination gives the store of an ARN that may be a group's, a bucket's or a
// stream's.
func (c *collection) destination(r *terraform.Resource, v *terraform.Value, suffix string) aws.Answer[[]string] {
	kinds := []struct {
		typ, mark string
		at        func() aws.Answer[[]string]
	}{
		{"aws_cloudwatch_log_group", ":logs:", func() aws.Answer[[]string] { return c.groupAt(r, v, suffix) }},
		{"aws_s3_bucket", ":s3:", func() aws.Answer[[]string] { return c.bucketAt(r, v, aws.Default("", r.Pos), suffix) }},
		{"aws_kinesis_firehose_delivery_stream", ":firehose:", func() aws.Answer[[]string] { return c.streamAt(r, v) }},
	}
	var all []aws.Link
	for _, k := range kinds {
		links := c.x.Named(v, k.typ)
		all = append(all, links...)
		if len(links) == 1 && links[0].Reason == "" || v.Kind == terraform.String && strings.Contains(v.Text, k.mark) {
			return k.at()
		}
	}
	if v.Unset() {
		return aws.Default([]string{}, r.Pos)
	}
	return c.foreign(r, v, all, suffix, "", "", "what the destination is, is not known")
}

// loadBalancer reads access and connection logs of aws_lb and access logs of
// aws_elb, which are off by default. They record addresses and whole URLs.
func (c *collection) loadBalancer(r *terraform.Resource) {
	for _, name := range []string{"access_logs", "connection_logs"} {
		block := aws.Block(r.Body, name)
		if block.Unset() {
			continue
		}
		s := newSource(r.Address+"/"+name, r.Address, "load_balancer", "elb", "app_access", r).records("client_address")
		if name == "access_logs" {
			s.records("query_string")
		}
		if block.Kind == terraform.Unknown {
			s.enabled, s.stores = aws.Unknown[bool](block), aws.Unknown[[]string](block)
			c.put(s)
			continue
		}
		s.at = block.Pos
		// An access log of aws_elb is on unless switched off, one of aws_lb the
		// other way round.
		s.enabled = aws.Bool(block, r.Type == "aws_elb", "enabled")
		prefix := aws.Text(block, "", "prefix")
		if r.Type == "aws_elb" {
			prefix = aws.Text(block, "", "bucket_prefix")
		}
		s.stores = c.bucketAt(r, block.Get("bucket"), folder(prefix), name)
		c.put(s)
	}
}

// distribution reads the standard log of aws_cloudfront_distribution.
func (c *collection) distribution(r *terraform.Resource) {
	block := aws.Block(r.Body, "logging_config")
	if block.Unset() {
		return
	}
	s := newSource(r.Address+"/logging", r.Address, "web", "cloudfront", "app_access", r).records("client_address", "query_string")
	if block.Kind == terraform.Unknown {
		s.enabled, s.stores = aws.Unknown[bool](block), aws.Unknown[[]string](block)
		c.put(s)
		return
	}
	s.at = block.Pos
	cookies := aws.Bool(block, false, "include_cookies")
	s.settings["include_cookies"] = aws.Then(cookies, strconv.FormatBool)
	if cookies.Known() && cookies.Value {
		s.records("cookies")
	} else if !cookies.Known() {
		s.fieldsUnknown = aws.NotKnown[bool](cookies.Reason, cookies.Pos)
	}
	s.stores = c.bucketAt(r, block.Get("bucket"), aws.Text(block, "", "prefix"), "bucket")
	c.put(s)
}

// bucketLogging reads server access logs of buckets, which record addresses,
// who asked, and whole URLs.
func (c *collection) bucketLogging(r *terraform.Resource) {
	of := c.owner(r.Body.Get("bucket"), "aws_s3_bucket")
	s := newSource(r.Address, "", "object_store", "s3", "app_access", r).about(of).records("client_address", "user_name", "query_string")
	s.stores = c.bucketAt(r, r.Body.Get("target_bucket"), aws.Text(r.Body, "", "target_prefix"), "bucket")
	c.put(s)
}

// bucketInline reads the logging block that buckets had before version 4 of the
// provider.
func (c *collection) bucketInline(r *terraform.Resource) {
	block := aws.Block(r.Body, "logging")
	if block.Unset() || block.Kind == terraform.Unknown {
		return
	}
	s := newSource(r.Address+"/logging", r.Address, "object_store", "s3", "app_access", r).records("client_address", "user_name", "query_string")
	s.at = block.Pos
	s.stores = c.bucketAt(r, block.Get("target_bucket"), aws.Text(block, "", "target_prefix"), "bucket")
	c.put(s)
}

// queryLog reads aws_route53_query_log: names asked for and by which resolver.
func (c *collection) queryLog(r *terraform.Resource) {
	s := newSource(r.Address, "", "network", "route53", "network_flow", r).about(c.owner(r.Body.Get("zone_id"), "aws_route53_zone")).records("client_address")
	s.stores = c.groupAt(r, r.Body.Get("cloudwatch_log_group_arn"), "group")
	c.put(s)
}

// resolverLog reads aws_route53_resolver_query_log_config.
func (c *collection) resolverLog(r *terraform.Resource) {
	s := newSource(r.Address, "", "network", "route53_resolver", "network_flow", r).records("client_address")
	s.stores = c.destination(r, r.Body.Get("destination_arn"), "destination")
	c.put(s)
}

// networkFirewall reads the destinations of aws_networkfirewall_logging_configuration.
func (c *collection) networkFirewall(r *terraform.Resource) {
	block := aws.Block(r.Body, "logging_configuration")
	list, reason := aws.Blocks(block, "log_destination_config")
	for i, one := range list {
		kind := aws.Text(one, "", "log_type")
		s := newSource(r.Address+"/"+strconv.Itoa(i), "", "network", "network_firewall", "network_flow", r).about(c.owner(r.Body.Get("firewall_arn"), "aws_networkfirewall_firewall")).records("client_address")
		s.settings["log_type"] = kind
		to := one.Get("log_destination")
		switch name := aws.Text(one, "", "log_destination_type"); {
		case name.Value == "S3":
			s.stores = c.bucketAt(r, to.Get("bucketName"), folder(aws.Text(to, "", "prefix")), strconv.Itoa(i))
		case name.Value == "CloudWatchLogs":
			s.stores = c.groupAt(r, to.Get("logGroup"), strconv.Itoa(i))
		case name.Value == "KinesisDataFirehose":
			s.stores = c.streamAt(r, to.Get("deliveryStream"))
		default:
			s.stores = aws.NotKnown[[]string]("the destination is not known"+name.Reason, one.Pos)
		}
		c.put(s)
	}
	if reason != "" {
		c.sources.Incomplete(r.Address + ": " + reason)
	}
}

// configChannel reads where AWS Config writes its history.
func (c *collection) configChannel(r *terraform.Resource) {
	s := newSource(r.Address, "", "audit_trail", "config", "security_audit", r)
	s.stores = c.bucketAt(r, r.Body.Get("s3_bucket_name"), folder(aws.Text(r.Body, "", "s3_key_prefix")), "bucket")
	c.put(s)
}
