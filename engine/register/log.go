package register

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Log says what a service's log stores are:
//
//	log "audit" {
//	  match    = ["/var/log/audit/**", "aws_cloudwatch_log_group.audit"]
//	  category = "security_audit"
//	  owner    = "team-orders"         # the service's unless said
//	  regimes  = ["pci"]               # beside those in force everywhere
//	}
//
// Match holds globs over the ids and names of log stores on the service's
// targets; without it the block's own name is the glob. Of several blocks that
// match a store the one with the most literal characters holds.
type Log struct {
	*Entry
	Name     string
	Match    []string
	Category string
	Owner    string
	Regimes  []string
	service  *Service
}

// Categories of logs; "unknown" is none of them.
var logCategories = [...]string{
	"security_audit", "app_access", "system", "application", "db_statement", "network_flow", "debug", "business_record",
}

func (d *decoder) log(h *hcl.Block, s *Service) *Log {
	b := d.open("A log", h.Body, blockAt(h), nil)
	l := &Log{Entry: b.entry, Name: h.Labels[0], service: s}
	b.require("category")
	l.Match = b.items("match")
	if !b.has("match") {
		l.Match = []string{l.Name}
	}
	l.Category = b.choice("category", "unknown", logCategories[:]...)
	l.Regimes = b.texts("regimes")
	if l.Owner = b.text("owner"); b.inherits("owner", s.Entry) {
		l.Owner = s.Owner
	}
	b.close()
	return l
}

// strength of the best glob that covers a store's id or name, -1 if none does.
func (l *Log) strength(id, name string) int {
	best := -1
	for _, p := range l.Match {
		if Match(p, id) || name != "" && Match(p, name) {
			best = max(best, literals(p))
		}
	}
	return best
}

func (l *Log) document(i *fact.ItemBuilder) {
	in := i.Append("logs", l.Pos).Set("name", l.Name, l.Pos)
	l.set(in, "match", fact.Strings(l.Match))
	l.set(in, "category", l.Category)
	l.set(in, "owner", l.Owner)
	l.set(in, "regimes", fact.Strings(l.Regimes))
}
