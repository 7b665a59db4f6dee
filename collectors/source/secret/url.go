package secret

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// known are passwords of development that everybody knows. They are placeholders
// only for a host that is no real one.
var known = []string{"password", "postgres", "root", "admin", "guest", "test", "user", "secret", "mysql", "mongo", "redis", "rabbitmq", "minio", "minioadmin", "example", "pass", "app", "changeit"}

// urlPassword accepts the password of a URL.
func urlPassword(t *Text, m []int, f *Found) bool {
	if filled(f.Value) {
		return false
	}
	user, host := t.Data[m[2]:m[3]], hostAfter(t.Data[m[1]-1:])
	if saysSo(f.Value) {
		return false
	}
	return !(notReal(host) && (slices.Contains(known, strings.ToLower(f.Value)) || f.Value == user || Placeholder(f.Value)))
}

// filled reports whether something fills the value in before it is used.
func filled(value string) bool {
	if plain, err := url.PathUnescape(value); err == nil {
		value = plain
	}
	return templated(value) || strings.HasSuffix(value, "...") || strings.Trim(value, "xX*.") == "" || strings.ContainsAny(value, "{}<>")
}

// hostAfter is the host that a text begins with.
func hostAfter(text string) string {
	end := strings.IndexAny(text, ":/?#\"'` \t\r\n)],;\\")
	if strings.HasPrefix(text, "[") {
		end = strings.IndexByte(text, ']')
	}
	if end < 0 {
		end = len(text)
	}
	return strings.ToLower(strings.Trim(text[:end], "[]"))
}

// notReal reports whether a host is the machine itself or one that documentation
// uses (RFC 2606, RFC 6761).
func notReal(host string) bool {
	if host == "localhost" || host == "::1" || host == "0.0.0.0" || strings.HasPrefix(host, "127.") || host == "host.docker.internal" {
		return true
	}
	return host != "" && DocumentationDomain(host)
}

// DocumentationDomain reports whether a domain is reserved for documentation and
// tests: example.com, .net and .org and everything below .example, .test,
// .invalid and .localhost.
func DocumentationDomain(domain string) bool {
	labels := strings.Split(strings.ToLower(strings.TrimSuffix(domain, ".")), ".")
	n := len(labels)
	switch labels[n-1] {
	case "example", "test", "invalid", "localhost":
		return n > 1 || labels[n-1] == "localhost"
	case "com", "net", "org":
		return n > 1 && labels[n-2] == "example"
	}
	return false
}

// connection accepts the password of a connection string: it names a server too.
func connection(t *Text, m []int, f *Found) bool {
	if filled(f.Value) || Placeholder(f.Value) || constant(t, m, f.Value) {
		return false
	}
	low := strings.ToLower(t.Data[max(0, m[0]-300):min(len(t.Data), m[1]+300)])
	return slices.ContainsFunc([]string{"server=", "host=", "data source=", "datasource=", "addr=", "address=", "endpoint=", "dbname=", "database="},
		func(k string) bool { return strings.Contains(low, k) })
}

// constant reports whether a value is the name of a constant, given as an argument
// on a line of its own in Python, where a text would stand in quotes.
func constant(t *Text, m []int, value string) bool {
	if !strings.HasSuffix(t.Name, ".py") {
		return false
	}
	value = strings.TrimSuffix(value, ")")
	before := t.Data[strings.LastIndexByte(t.Data[:m[0]], '\n')+1 : m[0]]
	after, _, _ := strings.Cut(t.Data[m[1]:], "\n")
	upper := func(r rune) bool { return r >= 'A' && r <= 'Z' || r == '_' }
	return strings.TrimSpace(before) == "" && strings.Trim(after, " \t\r,)") == "" && strings.TrimFunc(value, upper) == ""
}

// dockerAuth accepts the "auth" of a Docker configuration: base64 of user:password.
func dockerAuth(_ *Text, _ []int, f *Found) bool {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(f.Value, "="))
	if err != nil || !isText(raw) {
		return false
	}
	_, password, ok := strings.Cut(string(raw), ":")
	return ok && password != "" && !Placeholder(password)
}

// authorization accepts the credentials of an Authorization header.
func authorization(_ *Text, m []int, f *Found) bool {
	if raw, err := base64.StdEncoding.DecodeString(f.Value); err == nil && isText(raw) {
		_, password, ok := strings.Cut(string(raw), ":")
		return ok && !Placeholder(password)
	}
	return !Placeholder(f.Value) && Entropy(f.Value) >= 3 && strings.ContainsAny(f.Value, "0123456789")
}

// notFilled accepts any value that stands for itself.
func notFilled(_ *Text, _ []int, f *Found) bool { return !Placeholder(f.Value) }

// issued accepts a value in the format of an issuer unless it is obviously made up,
// or stands by chance in the middle of a picture.
func issued(t *Text, _ []int, f *Found) bool { return !Dummy(f.Value) && !embedded(t.Data, f) }

// embedded reports whether letters and digits are part of a long run of base64. A
// value with other signs cannot be.
func embedded(data string, f *Found) bool {
	const long = 200 // more than what is written around a key
	if strings.ContainsAny(f.Value, "_-.:$~=") {
		return false
	}
	start, end := f.Start, f.End
	for start > 0 && f.Start-start <= long && inBase64(data[start-1]) {
		start--
	}
	for end < len(data) && end-f.End <= long && inBase64(data[end]) {
		end++
	}
	return end-start-(f.End-f.Start) >= long
}

func inBase64(c byte) bool { return encodes[c] && c != '-' && c != '_' }
