package logs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/nginx"
)

// nginxVariables says what the variables of a configuration of nginx hold.
type nginxVariables struct {
	defined map[string][]*nginx.Directive // map, geo, split_clients, set, and whatever else names "$x" first
	asked   map[string]bool
	stream  bool
}

// nginxDefined lists the variables that directives make, by their names.
func nginxDefined(top *nginx.Scope) map[string][]*nginx.Directive {
	out := map[string][]*nginx.Directive{}
	top.Each(func(s *nginx.Scope) {
		if s.Block != nil && slices.Contains([]string{"map", "geo", "split_clients"}, s.Block.Name) {
			return
		}
		for _, d := range s.List {
			at := 0
			switch d.Name {
			case "map", "split_clients":
				at = 1
			case "geo", "geoip2":
				at = len(d.Args) - 1
			case "if", "log_format", "access_log", "return", "rewrite", "proxy_set_header", "add_header", "fastcgi_param", "try_files", "error_page":
				continue
			}
			if name, ok := strings.CutPrefix(d.Text(at), "$"); ok {
				name = strings.ToLower(name)
				out[name] = append(out[name], d)
			}
		}
	})
	return out
}

// text is what a text with variables holds. Captures of a regular expression are $1
// to $9; what they hold is not known.
func (v *nginxVariables) text(s string) record {
	out := record{}
	for _, name := range nginxNames(s) {
		out = out.with(v.variable(name))
	}
	return out
}

// nginxNames lists the variables in a text, in lower case.
func nginxNames(s string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(s, "$")
		if !ok {
			return out
		}
		if in, ok := strings.CutPrefix(rest, "{"); ok {
			name, after, closed := strings.Cut(in, "}")
			if !closed {
				return append(out, "{")
			}
			out, s = append(out, strings.ToLower(name)), after
			continue
		}
		n := 0
		for n < len(rest) && (rest[n] == '_' || rest[n] >= '0' && rest[n] <= '9' || rest[n]|0x20 >= 'a' && rest[n]|0x20 <= 'z') {
			n++
		}
		out, s = append(out, strings.ToLower(rest[:n])), rest[n:]
	}
}

// variable is what one variable holds.
func (v *nginxVariables) variable(name string) record {
	defined := v.defined[name]
	if len(defined) == 0 {
		return nginxBuiltIn(name)
	}
	if v.asked[name] {
		return notKnown("$" + name + " is made of itself")
	}
	v.asked[name] = true
	defer delete(v.asked, name)
	out := record{}
	for _, d := range defined {
		switch {
		case d.Opaque != "":
			out = out.with(notKnown("$" + name + ": " + d.Opaque))
		case d.Name == "geo", d.Name == "split_clients": // one of the values written there
		case d.Name == "set" && len(d.Args) == 2:
			out = out.with(v.text(d.Text(1)))
		case d.Name == "map" && d.Block:
			out = out.with(v.mapped(name, d))
		default:
			out = out.with(notKnown(fmt.Sprintf("$%s is made by %s", name, d.Name)))
		}
	}
	return out
}

// nginxBuiltIn is what a variable of nginx and its own modules holds. Source: the
// index of variables of its documentation.
func nginxBuiltIn(name string) record {
	switch name {
	case "remote_addr", "binary_remote_addr", "realip_remote_addr", "proxy_protocol_addr":
		return holds("client_address")
	case "proxy_add_x_forwarded_for":
		return holds("client_address", "request_headers")
	case "remote_user", "ssl_client_s_dn", "ssl_client_s_dn_legacy", "ssl_client_cert", "ssl_client_raw_cert", "ssl_client_escaped_cert", "ssl_client_fingerprint", "ssl_client_serial":
		return holds("user_name")
	case "request", "request_uri", "args", "query_string", "sent_http_location", "upstream_http_location":
		return holds("query_string")
	case "request_body", "request_body_file":
		return holds("body")
	case "sent_http_set_cookie", "upstream_http_set_cookie":
		return holds("cookies")
	}
	if header, ok := strings.CutPrefix(name, "http_"); ok {
		return recordOfHeader(header)
	}
	switch {
	case strings.HasPrefix(name, "arg_"):
		return holds("query_string")
	case strings.HasPrefix(name, "cookie_"), strings.HasPrefix(name, "upstream_cookie_"):
		return holds("cookies")
	case nginxHarmless(name):
		return record{}
	case name == "":
		return notKnown("a $ without a name")
	case name[0] >= '0' && name[0] <= '9':
		return notKnown("$" + name + " is what a regular expression matched")
	}
	return notKnown("what $" + name + " holds is not known")
}

// recordOfHeader is what a header of a request holds, by its name in lower case with
// "_" for "-". A page's address, with its query string, is the referer of what the
// page loads.
func recordOfHeader(name string) record {
	switch name {
	case "cookie":
		return holds("cookies")
	case "authorization", "proxy_authorization", "x_api_key", "api_key", "apikey", "x_auth_token", "x_access_token", "x_amz_security_token", "x_vault_token", "x_csrf_token", "x_xsrf_token":
		return holds("authorization")
	case "x_forwarded_for", "x_real_ip", "forwarded", "x_client_ip", "client_ip", "x_cluster_client_ip", "true_client_ip", "cf_connecting_ip", "cf_connecting_ipv6", "fastly_client_ip", "x_original_forwarded_for", "via":
		return holds("client_address", "request_headers")
	case "referer", "x_original_uri", "x_original_url", "x_forwarded_uri", "x_rewrite_url":
		return holds("query_string", "request_headers")
	case "x_forwarded_user", "x_remote_user", "x_forwarded_email", "x_auth_request_user", "x_auth_request_email", "from":
		return holds("user_name", "request_headers")
	}
	return holds("request_headers")
}

// nginxHarmless reports whether a variable holds nothing of the person who asks.
func nginxHarmless(name string) bool {
	for _, prefix := range []string{"upstream_", "sent_http_content_", "upstream_http_content_", "sent_http_cache_", "tcpinfo_", "proxy_protocol_server_", "time_", "ssl_server_", "connection"} {
		if strings.HasPrefix(name, prefix) {
			return !strings.HasPrefix(name, "upstream_http_") && !strings.HasPrefix(name, "upstream_trailer_") || strings.HasPrefix(name, "upstream_http_content_")
		}
	}
	return slices.Contains([]string{
		"ancient_browser", "body_bytes_sent", "bytes_received", "bytes_sent", "content_length", "content_type", "date_gmt", "date_local", "document_root", "document_uri",
		"fastcgi_path_info", "fastcgi_script_name", "gzip_ratio", "host", "hostname", "http2", "http3", "https", "invalid_referer", "is_args", "limit_conn_status",
		"limit_rate", "limit_req_status", "modern_browser", "msec", "msie", "nginx_version", "pid", "pipe", "protocol", "proxy_host", "proxy_port",
		"proxy_protocol_port", "realip_remote_port", "realpath_root", "remote_port", "request_completion", "request_filename", "request_id", "request_length",
		"request_method", "request_time", "scheme", "sent_http_connection", "sent_http_etag", "sent_http_keep_alive", "sent_http_last_modified", "sent_http_transfer_encoding", "sent_http_server",
		"server_addr", "server_name", "server_port", "server_protocol", "session_time", "slice_range", "ssl_cipher", "ssl_ciphers", "ssl_client_i_dn", "ssl_client_i_dn_legacy",
		"ssl_client_v_end", "ssl_client_v_remain", "ssl_client_v_start", "ssl_client_verify", "ssl_curve", "ssl_curves", "ssl_early_data", "ssl_preread_alpn_protocols",
		"ssl_preread_protocol", "ssl_preread_server_name", "ssl_protocol", "ssl_session_reused", "status", "uri",
	}, name)
}
