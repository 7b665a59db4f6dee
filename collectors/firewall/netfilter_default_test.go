package firewall

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// What becomes of a new packet that no rule picks out.
func TestDefault(t *testing.T) {
	for _, c := range []struct{ name, rules, want string }{
		{"policy", ":INPUT DROP\n-A INPUT -p tcp --dport 22 -j ACCEPT\n", "drop"},
		{"last rule", ":INPUT ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -j DROP\n", "drop"},
		{"reject", ":INPUT ACCEPT\n-A INPUT -j REJECT\n", "reject"},
		{"accept before", ":INPUT DROP\n-A INPUT -j ACCEPT\n", "accept"},
		{"negated", ":INPUT DROP\n-A INPUT ! -i lo -j ACCEPT\n", "accept"},
		{"new", ":INPUT DROP\n-A INPUT -m state --state NEW -j ACCEPT\n", "accept"},
		{"established", ":INPUT DROP\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\n", "drop"},
		{"translated", ":INPUT DROP\n-A INPUT -m conntrack --ctstate DNAT -j ACCEPT\n", "drop"},
		{"own address", ":INPUT DROP\n-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT\n", "accept"},
		{"jump", ":INPUT ACCEPT\n:x -\n-A INPUT -j x\n-A x -j DROP\n", "drop"},
		{"return", ":INPUT DROP\n:x -\n-A INPUT -j x\n-A INPUT -j ACCEPT\n-A x -j RETURN\n-A x -j DROP\n", "accept"},
		{"goto", ":INPUT DROP\n:x -\n-A INPUT -g x\n-A INPUT -j ACCEPT\n", "drop"},
		{"limited accept", ":INPUT DROP\n-A INPUT -m limit --limit 5/s -j ACCEPT\n", "?"},
		{"limited log", ":INPUT DROP\n:x -\n-A INPUT -m limit --limit 5/s -j x\n-A x -j LOG\n", "drop"},
		{"opaque accept", ":INPUT DROP\n-A INPUT -m ndpi --http -j ACCEPT\n", "?"},
		{"opaque drop before drop", ":INPUT DROP\n-A INPUT -m ndpi --http -j DROP\n", "drop"},
		{"opaque target", ":INPUT DROP\n-A INPUT -j TARPIT\n", "?"},
		{"raw drops", ":INPUT ACCEPT\nCOMMIT\n*raw\n:PREROUTING DROP\n", "drop"},
		{"loop", ":INPUT DROP\n:x -\n-A INPUT -j x\n-A x -j x\n", "?"},
		{"cut off", ":INPUT DROP\n-A INPUT -j ACCEPT\nCOMMIT\n*raw\n:PREROUTING ACCEPT\nrubbish\n", "?"},
	} {
		r, _ := netfilter.ReadSave("rules", []byte("*filter\n"+c.rules+"COMMIT\n"), netfilter.Options{Backend: netfilter.IPTablesNFT, Family: netfilter.IPv4})
		u := &unmatched{direction: "input"}
		got, certain := u.verdict(r.Tables)
		if !certain {
			got = "?"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
