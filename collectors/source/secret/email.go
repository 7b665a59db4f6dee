package secret

import (
	"path"
	"slices"
	"strings"
)

// mailAddresses is how many different addresses of people make a file one of
// personal data: fewer are contacts, authors and examples.
const mailAddresses = 10

// addresses returns the mail addresses of a file that holds many: those outside of
// the domains of documentation, and of people, not of roles. Files that exist to
// name authors have none by rule.
func addresses(name, data string) []Found {
	if credits(name) || strings.Count(data, "@") < mailAddresses {
		return nil
	}
	var out []Found
	distinct := map[string]bool{}
	for at := 0; ; {
		i := strings.IndexByte(data[at:], '@')
		if i < 0 {
			break
		}
		i += at
		at = i + 1
		start, end := i, i+1
		for start > 0 && i-start < 64 && isLocal(data[start-1]) {
			start--
		}
		for end < len(data) && end-i < 255 && isHost(data[end]) {
			end++
		}
		local, domain := strings.Trim(data[start:i], "."), strings.TrimRight(data[i+1:end], ".-")
		if !personal(local, domain) || start > 0 && strings.IndexByte("/:@", data[start-1]) >= 0 || end < len(data) && strings.IndexByte(":@", data[end]) >= 0 {
			continue
		}
		distinct[strings.ToLower(local+"@"+domain)] = true
		start = i - len(local)
		out = append(out, Found{Rule: "email_address", Category: Identifier, Form: Literal, Value: data[start : i+1+len(domain)], Start: start, End: i + 1 + len(domain)})
	}
	if len(distinct) < mailAddresses {
		return nil
	}
	return out
}

func isLocal(c byte) bool {
	return kinds[c] != other && c < 0x80 || strings.IndexByte(".+%-", c) >= 0
}

func isHost(c byte) bool { return kinds[c] != other && c != '_' && c < 0x80 || c == '.' || c == '-' }

// roles are local parts that are nobody's own.
var roles = []string{
	"info", "support", "admin", "administrator", "root", "postmaster", "webmaster", "hostmaster", "noreply", "no-reply", "donotreply", "sales", "contact",
	"help", "security", "abuse", "privacy", "dpo", "legal", "git", "office", "team", "dev", "test", "user", "hello", "mail", "billing", "jobs", "press", "email", "username", "you", "me", "name", "foo", "bar",
}

// vendors are domains that SSH names algorithms and extensions after (RFC 4251, 6).
var vendors = []string{"openssh.com", "libssh.org", "lysator.liu.se"}

func personal(local, domain string) bool {
	dot := strings.LastIndexByte(domain, '.')
	if local == "" || dot < 1 || len(domain)-dot < 3 || strings.ContainsAny(domain[dot+1:], "0123456789-") || strings.Contains(domain, "..") {
		return false
	}
	low, host := strings.ToLower(local), strings.ToLower(domain)
	tld := host[dot+1:]
	return !slices.Contains(roles, low) && !strings.Contains(low, "noreply") && !DocumentationDomain(host) && host != "users.noreply.github.com" &&
		!slices.Contains([]string{"local", "internal", "lan", "svg", "png", "jpg", "jpeg", "gif", "webp", "css", "js", "ts", "json", "html", "md", "tgz", "zip"}, tld) &&
		!strings.HasPrefix(host, "example.") && !slices.Contains(vendors, host) && strings.ContainsAny(low, "abcdefghijklmnopqrstuvwxyz")
}

// credits reports whether a file exists to name people who published their address.
func credits(name string) bool {
	base := strings.ToUpper(path.Base(name))
	base = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(base, ".MD"), ".TXT"), ".RST")
	return slices.Contains([]string{"AUTHORS", "CONTRIBUTORS", "MAINTAINERS", "OWNERS", "OWNERS_ALIASES", "CODEOWNERS", ".MAILMAP", "CREDITS", "THANKS", "CHANGELOG", "CHANGES", "NEWS", "LICENSE", "LICENCE", "COPYING", "NOTICE", "HISTORY"}, base) || lockFile(name)
}
