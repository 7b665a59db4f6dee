package register

import (
	"net/netip"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Scopes of exposure from narrow to wide.
var scopes = [...]string{"loopback", "host", "internal", "partner", "internet"}

// Network is a named set of addresses, used wherever a source is named.
type Network struct {
	*Entry
	Name        string
	Prefixes    []netip.Prefix // sorted
	Scope       string         // one of loopback, host, internal, partner, internet
	ScopeSaid   bool           // in the file; else it follows from the prefixes
	Environment string
	Admin       bool
}

func (d *decoder) network(h *hcl.Block) *Network {
	b := d.open("A network", h.Body, blockAt(h), nil)
	n := &Network{Entry: b.entry, Name: b.label(h)}
	b.require("cidrs")
	for _, l := range b.elements("cidrs") {
		p, problem, hint := parsePrefix(l.value.(string))
		switch {
		case problem != "":
			b.refuse("cidrs", l.at, problem, hint)
		case slices.Contains(n.Prefixes, p):
			b.refuse("cidrs", l.at, shown(l)+" is listed twice.", "")
		default:
			n.Prefixes = append(n.Prefixes, p)
		}
	}
	if b.has("cidrs") && len(n.Prefixes) == 0 && n.invalid["cidrs"] == "" {
		b.refuse("cidrs", n.At("cidrs"), "A network without addresses covers nothing.", "")
	}
	slices.SortFunc(n.Prefixes, netip.Prefix.Compare)
	n.Scope, n.ScopeSaid = b.choice("scope", scopeOf(n.Prefixes), scopes[:]...), b.has("scope")
	n.Environment = b.text("environment")
	n.Admin = b.flag("admin", false)
	b.close()
	return n
}

// scopeOf is the narrowest scope that holds all prefixes; public addresses are
// internet until the register says that they belong to a partner or to oneself.
func scopeOf(prefixes []netip.Prefix) string {
	scope := 0
	for _, p := range prefixes {
		switch {
		case within(p, "127.0.0.0/8", "::1/128"):
		case within(p, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"):
			scope = max(scope, 2)
		default:
			scope = 4
		}
	}
	return scopes[scope]
}

func within(p netip.Prefix, blocks ...string) bool {
	for _, b := range blocks {
		block := netip.MustParsePrefix(b)
		if block.Bits() <= p.Bits() && block.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

func (n *Network) document(b *fact.Builder) {
	i := b.Add(n.Name, "declared", n.Pos)
	i.Set("name", n.Name, n.Pos)
	n.set(i, "cidrs", prefixes(n.Prefixes))
	if n.invalid["cidrs"] != "" && !n.ScopeSaid {
		i.Gap("scope", n.invalid["cidrs"], n.At("cidrs"))
	} else {
		n.set(i, "scope", n.Scope)
	}
	n.set(i, "environment", n.Environment)
	n.set(i, "admin", n.Admin)
}

func prefixes(list []netip.Prefix) []any {
	out := make([]any, len(list))
	for i, p := range list {
		out[i] = p.String()
	}
	return out
}
