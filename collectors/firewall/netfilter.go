package firewall

import (
	"context"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

// host is what is known of a machine's packet filters.
type host struct {
	env    *collectors.Env
	spaces []*hostSpace // the machine's own first; none of a saved file tree
	// running says why whole namespaces may be missing.
	running []string
	// persisted are the tables that files keep for the next start, keeping says why
	// there may be others.
	persisted *netfilter.Ruleset
	keeping   []string
}

// hostSpace is a network namespace of the machine.
type hostSpace struct {
	name   string // "" for the machine's own
	reason string // why nothing is known of it
	space  *netfilter.Space
	rules  *netfilter.Ruleset
	shared []netfilter.Layer // of every namespace
	unsure string            // why there may be more of those
}

// hosted reads the packet filters of a machine or of a saved file tree of one.
func hosted(ctx context.Context, env *collectors.Env) []*fact.Document {
	h := &host{env: env, persisted: &netfilter.Ruleset{}}
	if env.Host.Live {
		h.enter(ctx)
	} else {
		h.running = append(h.running, "a saved file tree has no kernel: what runs is not known")
	}
	h.finish(ctx)
	return h.documents()
}

// finish reads what files keep, and finds out whose rules are whose.
func (h *host) finish(ctx context.Context) {
	h.keep(ctx)
	for _, s := range h.spaces {
		if s.rules != nil {
			netfilter.Own(s.rules.Tables)
		}
	}
	netfilter.Own(h.persisted.Tables)
	h.name()
}

func (h *host) documents() []*fact.Document {
	return []*fact.Document{h.chains(), h.namespaces(), h.rulesDocument(), h.rulesets()}
}

// builder starts a document; what is missing of the machine makes it incomplete.
func (h *host) builder(kind string) *fact.Builder {
	method := "kernel"
	if !h.env.Host.Live {
		method = "files"
	}
	b := fact.NewBuilder(kind, h.env.Host.Target(), h.env.Envelope("firewall", method), h.env.Now)
	for _, r := range h.running {
		b.Incomplete(r)
	}
	for _, s := range h.spaces {
		if s.reason != "" {
			b.Incomplete(s.label() + s.reason)
		}
	}
	return b
}

func (s *hostSpace) label() string {
	if s.name == "" {
		return ""
	}
	return "network namespace " + s.name + ": "
}

// ofKept begins the reasons that are about what files keep for the next start, not about
// what runs.
const ofKept = "rules kept in files: "

// rulesets writes every table as it is.
func (h *host) rulesets() *fact.Document {
	b := h.builder("firewall.ruleset")
	for _, s := range h.spaces {
		if s.rules == nil {
			continue
		}
		for _, t := range unique(s.rules.Tables) {
			netfilter.Encode(b, netfilter.Stored{NetNS: s.name, State: netfilter.Running, Table: t})
			for _, o := range t.Opaque {
				b.Incomplete(s.label() + o.Reason)
			}
		}
	}
	for _, t := range unique(h.persisted.Tables) {
		netfilter.Encode(b, netfilter.Stored{State: netfilter.Persisted, Table: t})
	}
	for _, r := range h.keeping {
		b.Incomplete(ofKept + r)
	}
	return b.Document()
}

// unique joins tables that cannot be told apart, as the nameless ones of a back end.
func unique(tables []*netfilter.Table) []*netfilter.Table {
	type key struct {
		backend netfilter.Backend
		family  netfilter.Family
		name    string
	}
	at := map[key]*netfilter.Table{}
	var list []*netfilter.Table
	for _, t := range tables {
		k := key{t.Backend, t.Family, t.Name}
		first, twice := at[k]
		if !twice {
			joined := *t
			at[k] = &joined
			list = append(list, &joined)
			continue
		}
		first.Chains = append(first.Chains, t.Chains...)
		first.Sets = append(first.Sets, t.Sets...)
		first.Opaque = append(first.Opaque, t.Opaque...)
	}
	return list
}
