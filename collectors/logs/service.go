package logs

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// gatewayStage reads the access log of an API stage, whose format says what is
// recorded.
func (c *collection) gatewayStage(r *terraform.Resource) {
	block := aws.Block(r.Body, "access_log_settings")
	if block.Unset() {
		return
	}
	s := newSource(r.Address+"/access_log", r.Address, "gateway", "api_gateway", "app_access", r)
	if block.Kind == terraform.Unknown {
		s.enabled, s.stores = aws.Unknown[bool](block), aws.Unknown[[]string](block)
		s.fieldsUnknown = aws.Unknown[bool](block)
		c.put(s)
		return
	}
	s.at = block.Pos
	format := aws.Text(block, "", "format")
	if format.Known() {
		s.fields = gatewayFields(format.Value)
	} else {
		s.fieldsUnknown = aws.NotKnown[bool](format.Reason, format.Pos)
	}
	s.stores = c.destination(r, block.Get("destination_arn"), "destination")
	c.put(s)
}

// gatewayFields reads which parts a format records, by its $context variables.
func gatewayFields(format string) map[string]string {
	out := map[string]string{}
	for variable, field := range map[string]string{
		"$context.identity.sourceIp": "client_address", "$context.identity.user": "user_name", "$context.identity.caller": "user_name",
		"$context.identity.cognito": "user_name", "$context.authorizer.": "user_name", "$context.identity.apiKey": "authorization",
		"$context.requestOverride.header": "request_headers", "$context.requestOverride.querystring": "query_string",
		"$context.identity.principalOrgId": "user_name",
	} {
		if strings.Contains(format, variable) {
			out[field] = "full"
		}
	}
	for header, field := range map[string]string{"authorization": "authorization", "cookie": "cookies"} {
		if strings.Contains(strings.ToLower(format), "$context.requestoverride.header."+header) {
			out[field] = "full"
		}
	}
	return out
}

// methodSettings reads execution logs of a REST API; data_trace_enabled writes
// whole requests and responses.
func (c *collection) methodSettings(r *terraform.Resource) {
	block := aws.Block(r.Body, "settings")
	level := aws.Text(block, "OFF", "logging_level")
	trace := aws.Bool(block, false, "data_trace_enabled")
	s := newSource(r.Address, "", "gateway", "api_gateway", "debug", r).about(c.owner(r.Body.Get("rest_api_id"), "aws_api_gateway_rest_api"))
	s.enabled = aws.Then(level, func(l string) bool { return l != "OFF" })
	s.settings["logging_level"] = level
	s.settings["data_trace_enabled"] = aws.Text(block, "false", "data_trace_enabled")
	switch {
	case !trace.Known():
		s.fieldsUnknown = aws.NotKnown[bool](trace.Reason, trace.Pos)
	case trace.Value:
		s.records("body", "request_headers", "query_string", "authorization", "client_address")
	}
	if on := s.enabled; on.Known() && !on.Value {
		s.fields = map[string]string{}
	}
	s.stores = aws.NotKnown[[]string]("the name of the execution log group holds the API's id", r.Pos)
	c.put(s)
}

// waf reads aws_wafv2_web_acl_logging_configuration: addresses, URLs and headers
// of every request, but for the fields that are redacted.
func (c *collection) waf(r *terraform.Resource) {
	s := newSource(r.Address, "", "web", "waf", "app_access", r).about(c.owner(r.Body.Get("resource_arn"), "aws_wafv2_web_acl"))
	s.records("client_address", "query_string", "request_headers", "cookies", "authorization")
	redacted, reason := aws.Blocks(r.Body, "redacted_fields")
	if reason != "" {
		s.fieldsUnknown = aws.NotKnown[bool](reason, r.Pos)
	}
	for _, f := range redacted {
		if !aws.Block(f, "query_string").Unset() {
			delete(s.fields, "query_string")
		}
		header := aws.Then(aws.Text(aws.Block(f, "single_header"), "", "name"), strings.ToLower)
		if !header.Known() {
			s.fieldsUnknown = aws.NotKnown[bool](header.Reason, header.Pos)
		}
		switch header.Value {
		case "cookie":
			delete(s.fields, "cookies")
		case "authorization":
			delete(s.fields, "authorization")
		}
	}
	out := aws.Default([]string{}, r.Pos)
	to := r.Body.Get("log_destination_configs")
	if to.Kind == terraform.Unknown {
		out = aws.Unknown[[]string](to)
	}
	for _, v := range to.Elems {
		out = aws.Union(out, c.destination(r, v, "destination"))
	}
	s.stores = out
	c.put(s)
}

// function reads the log group of aws_lambda_function, which Lambda makes by
// itself, without a retention, if nobody does.
func (c *collection) function(r *terraform.Resource) {
	s := newSource(r.Address, r.Address, "function", "lambda", "application", r)
	settings := aws.Block(r.Body, "logging_config")
	if group := settings.Get("log_group"); settings.Kind != terraform.Unknown && !group.Unset() {
		s.stores = c.groupAt(r, group, "group")
	} else {
		name := aws.Then(aws.Text(r.Body, "", "function_name"), func(n string) string { return "/aws/lambda/" + n })
		if settings.Kind == terraform.Unknown {
			name = aws.Unknown[string](settings)
		}
		s.stores = c.implicit(r, "lambda", name)
	}
	c.put(s)
}

// eks reads the control plane logs of aws_eks_cluster, none by default.
func (c *collection) eks(r *terraform.Resource) {
	types := aws.Texts(r.Body, "enabled_cluster_log_types")
	s := newSource(r.Address, r.Address, "cluster_api", "eks", "security_audit", r).records("client_address", "user_name")
	s.enabled = aws.Then(types, func(list []string) bool { return len(list) > 0 })
	s.settings["enabled_cluster_log_types"] = aws.Then(types, func(list []string) string { return strings.Join(list, ",") })
	if !types.Known() || len(types.Value) > 0 {
		name := aws.Then(aws.Text(r.Body, "", "name"), func(n string) string { return "/aws/eks/" + n + "/cluster" })
		s.stores = c.implicit(r, "cluster", name)
	}
	c.put(s)
}

// msk reads the broker logs of aws_msk_cluster.
func (c *collection) msk(r *terraform.Resource) {
	block := aws.Block(r.Body, "logging_info", "broker_logs")
	if block.Unset() {
		return
	}
	s := newSource(r.Address+"/broker_logs", r.Address, "broker", "msk", "application", r)
	if block.Kind == terraform.Unknown {
		s.enabled, s.stores = aws.Unknown[bool](block), aws.Unknown[[]string](block)
		c.put(s)
		return
	}
	s.enabled = aws.Declared(false, block.Pos)
	for _, name := range []string{"cloudwatch_logs", "s3", "firehose"} {
		to := aws.Block(block, name)
		if to.Unset() {
			continue
		}
		on := aws.Bool(to, false, "enabled")
		s.enabled = aws.Or(s.enabled, on)
		if on.Known() && !on.Value {
			continue
		}
		switch name {
		case "cloudwatch_logs":
			s.stores = aws.Union(s.stores, c.groupAt(r, to.Get("log_group"), "group"))
		case "s3":
			s.stores = aws.Union(s.stores, c.bucketAt(r, to.Get("bucket"), aws.Text(to, "", "prefix"), "bucket"))
		default:
			s.stores = aws.Union(s.stores, c.streamAt(r, to.Get("delivery_stream")))
		}
	}
	c.put(s)
}

// searchDomain reads what a search domain publishes; audit logs hold who asked
// what.
func (c *collection) searchDomain(r *terraform.Resource) {
	blocks, reason := aws.Blocks(r.Body, "log_publishing_options")
	if reason != "" {
		c.sources.Incomplete(r.Address + ": log_publishing_options: " + reason)
	}
	for _, b := range blocks {
		kind := aws.Text(b, "", "log_type")
		if b.Kind == terraform.Unknown || !kind.Known() {
			c.sources.Incomplete(r.Address + ": log_publishing_options: " + b.Reason + kind.Reason)
			continue
		}
		s := newSource(r.Address+"/"+strings.ToLower(kind.Value), r.Address, "search", "opensearch", "application", r)
		s.at = b.Pos
		switch kind.Value {
		case "AUDIT_LOGS":
			s.category = "security_audit"
			s.records("client_address", "user_name", "body")
		case "SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS":
			s.category = "db_statement"
			s.records("statement", "body")
		}
		s.enabled = aws.Bool(b, true, "enabled")
		s.stores = c.groupAt(r, b.Get("cloudwatch_log_group_arn"), strings.ToLower(kind.Value))
		c.put(s)
	}
}
