package logs

import (
	"fmt"
	"strings"
)

// apacheFormat is what a format of mod_log_config records, and why the server refuses
// it, "" if it does not. Source: its documentation and parse_log_item.
func apacheFormat(format string) (out record, refused string) {
	rest := format
	for {
		_, after, ok := strings.Cut(rest, "%")
		if !ok {
			return out, ""
		}
		if after == "" {
			return out, "has a format that ends in %"
		}
		if after[0] == '%' {
			rest = after[1:]
			continue
		}
		argument := ""
		for {
			trimmed := strings.TrimLeft(after, "!<>,0123456789")
			if in, ok := strings.CutPrefix(trimmed, "{"); ok {
				var closed bool
				if argument, trimmed, closed = strings.Cut(in, "}"); !closed {
					return out, "has a format with an open {"
				}
			}
			if trimmed == after {
				break
			}
			after = trimmed
		}
		n := 1
		if strings.HasPrefix(after, "^") {
			n = 3
		}
		if len(after) < n {
			return out, "has a format that ends in %"
		}
		one, known := apacheItem(after[:n], argument)
		if !known {
			return out, fmt.Sprintf("has a format with %%%.8q", after[:n])
		}
		out = out.with(one)
		rest = after[n:]
	}
}

func apacheItem(letter, argument string) (r record, known bool) {
	header := strings.ReplaceAll(strings.ToLower(argument), "-", "_")
	switch letter {
	case "a", "h":
		return holds("client_address"), true
	case "u":
		return holds("user_name"), true
	case "r", "q":
		return holds("query_string"), true
	case "C":
		return holds("cookies"), true
	case "i":
		return recordOfHeader(header), true
	case "^ti":
		return holds("request_headers"), true
	case "o", "^to":
		switch header {
		case "set_cookie":
			return holds("cookies"), true
		case "location", "content_location", "refresh":
			return holds("query_string"), true
		case "content_type", "content_length", "content_encoding", "cache_control", "etag", "last_modified", "server":
			return record{}, true
		}
		return notKnown("what the header " + fmt.Sprintf("%.64q", argument) + " of an answer holds is not known"), true
	case "e", "n":
		return notKnown("what the variable or note " + fmt.Sprintf("%.64q", argument) + " holds is not known"), true
	case "x", "c":
		if letter == "x" && (strings.HasPrefix(argument, "SSL_PROTOCOL") || strings.HasPrefix(argument, "SSL_CIPHER") || strings.HasPrefix(argument, "SSL_SERVER_")) {
			return record{}, true
		}
		return notKnown("what mod_ssl gives for " + fmt.Sprintf("%.64q", argument) + " is not read"), true
	case "A", "b", "B", "D", "f", "H", "I", "k", "l", "L", "m", "O", "p", "P", "R", "s", "S", "t", "T", "U", "v", "V", "X", "^FB", "^FU":
		return record{}, true
	}
	return record{}, false
}
