package cli

import (
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// openArticles are the provisions that technical facts cannot evidence: rights
// and duties of people and offices. Every report lists them as open.
func openArticles() []string {
	return []string{"7", "8", "12", "13", "14", "16", "18", "21", "22", "26", "27", "31", "36", "37", "38", "39"}
}

// sourceOf names the source that would yield a kind.
func sourceOf(kind string) string {
	topic, _, _ := strings.Cut(kind, ".")
	switch {
	case kind == "port.scanned":
		return "scan://CIDR:PORTS"
	case topic == "port" || topic == "firewall" || topic == "log":
		return "host:"
	case topic == "tls":
		return "tls://HOST:PORT"
	case topic == "data" || topic == "access" || topic == "sql":
		return "postgres://HOST/DATABASE"
	case topic == "drift":
		return "a declared and an observed source"
	}
	return "a folder with configuration"
}

func inForce(s finding.Supply) bool { return !s.Inert && s.What != "register" }
