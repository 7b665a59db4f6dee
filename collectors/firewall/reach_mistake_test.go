package firewall

import (
	"slices"
	"testing"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// mistakes are what an evaluator gets wrong that takes rules for others: each is given
// as the rules that it would then be right about.
var mistakes = map[string]func([]*space) []*space{
	"goto is taken for jump": eachVerdict(func(_ *netfilter.Chain, v netfilter.Verdict) netfilter.Verdict {
		if v.Type == netfilter.Goto {
			v.Type = netfilter.Jump
		}
		return v
	}),
	"return from a base chain is taken for accept": eachVerdict(func(c *netfilter.Chain, v netfilter.Verdict) netfilter.Verdict {
		if v.Type == netfilter.Return && c.Hook != netfilter.Regular {
			v.Type = netfilter.Accept
		}
		return v
	}),
	"accept is final, later base chains are not asked": eachTable(func(s *space, t *netfilter.Table) {
		t.Chains = slices.DeleteFunc(t.Chains, func(c *netfilter.Chain) bool {
			for _, u := range s.tables {
				for _, d := range u.Chains {
					if c.Hook != netfilter.Regular && d.Hook == c.Hook && d.Priority < c.Priority {
						return true
					}
				}
			}
			return false
		})
	}),
	"translations are ignored": eachRule(func(_ *netfilter.Chain, r *netfilter.Rule) {
		for i, s := range r.Statements {
			if _, ok := s.(netfilter.NAT); ok {
				r.Statements[i] = netfilter.Verdict{Type: netfilter.Accept}
			}
		}
	}),
	"negation is lost": eachMatch(func(m netfilter.Match) netfilter.Match { m.Negate = false; return m }),
	"negation of a set is lost": eachMatch(func(m netfilter.Match) netfilter.Match {
		m.Negate = m.Negate && m.Set == ""
		return m
	}),
	"a mask is lost": eachMatch(func(m netfilter.Match) netfilter.Match { m.Mask = 0; return m }),
	"priorities are ignored": eachTable(func(_ *space, t *netfilter.Table) {
		for i, c := range t.Chains {
			d := *c
			d.Priority = 0
			t.Chains[i] = &d
		}
	}),
	"the policy is ignored": eachTable(func(_ *space, t *netfilter.Table) {
		for i, c := range t.Chains {
			d := *c
			if d.Hook != netfilter.Regular {
				d.Policy = netfilter.Accept
			}
			t.Chains[i] = &d
		}
	}),
	"what is opaque is left out": leftOut[netfilter.Opaque](),
	"limits are left out":        leftOut[netfilter.Limit](),
	"logs are left out":          leftOut[netfilter.Log](),
	"marks are left out":         leftOut[netfilter.Assign](),
	"untracking is left out":     leftOut[netfilter.Untrack](),
	"verdict maps are left out":  leftOut[netfilter.Map](),
	"an element is left out": eachMatch(func(m netfilter.Match) netfilter.Match {
		if len(m.Elements) > 1 {
			m.Elements = m.Elements[1:]
		}
		return m
	}),
	"unread sets are taken for empty": eachTable(func(_ *space, t *netfilter.Table) {
		for i, s := range t.Sets {
			d := *s
			if d.Unread != "" {
				d.Unread, d.Elements = "", nil
			}
			t.Sets[i] = &d
		}
	}),
	"members never change": eachTable(func(_ *space, t *netfilter.Table) {
		for i, s := range t.Sets {
			d := *s
			d.Dynamic = false
			t.Sets[i] = &d
		}
	}),
	"the last address of a range is left out": eachMatch(func(m netfilter.Match) netfilter.Match {
		for _, e := range m.Elements {
			for i, v := range e.Values {
				if v.From.IsValid() && v.From.Less(v.To) {
					e.Values[i].To = v.To.Prev()
				}
			}
		}
		return m
	}),
	"the second table is not read": func(spaces []*space) []*space {
		list := copied(spaces)
		list[0].tables = list[0].tables[:min(1, len(list[0].tables))]
		return list
	},
}

// TestMistakesAreSeen holds that the comparison finds each of them.
func TestMistakesAreSeen(t *testing.T) {
	for name, mistake := range mistakes {
		t.Run(name, func(t *testing.T) {
			for seed := range 3000 {
				if wrong, _ := differ(uint64(seed), mistake, 4, 64); wrong != nil {
					t.Logf("ruleset %d", seed)
					return
				}
			}
			t.Error("not seen in 3000 rulesets")
		})
	}
}

// copied are spaces whose tables, chains and rules may be changed.
func copied(spaces []*space) []*space {
	var list []*space
	for _, s := range spaces {
		c := *s
		c.tables = nil
		for _, t := range s.tables {
			u := *t
			u.Chains, u.Sets = nil, slices.Clone(t.Sets)
			for _, ch := range t.Chains {
				d := *ch
				d.Rules = nil
				for _, r := range ch.Rules {
					q := *r
					q.Statements = slices.Clone(r.Statements)
					d.Rules = append(d.Rules, &q)
				}
				u.Chains = append(u.Chains, &d)
			}
			c.tables = append(c.tables, &u)
		}
		list = append(list, &c)
	}
	return list
}

func eachTable(f func(*space, *netfilter.Table)) func([]*space) []*space {
	return func(spaces []*space) []*space {
		list := copied(spaces)
		for i, s := range list {
			for _, t := range s.tables {
				f(spaces[i], t)
			}
		}
		return list
	}
}

func eachRule(f func(*netfilter.Chain, *netfilter.Rule)) func([]*space) []*space {
	return eachTable(func(_ *space, t *netfilter.Table) {
		for _, c := range t.Chains {
			for _, r := range c.Rules {
				f(c, r)
			}
		}
	})
}

func eachMatch(f func(netfilter.Match) netfilter.Match) func([]*space) []*space {
	return eachRule(func(_ *netfilter.Chain, r *netfilter.Rule) {
		for i, s := range r.Statements {
			if m, ok := s.(netfilter.Match); ok {
				m.Elements = slices.Clone(m.Elements)
				for j := range m.Elements {
					m.Elements[j].Values = slices.Clone(m.Elements[j].Values)
				}
				r.Statements[i] = f(m)
			}
		}
	})
}

func eachVerdict(f func(*netfilter.Chain, netfilter.Verdict) netfilter.Verdict) func([]*space) []*space {
	return eachRule(func(c *netfilter.Chain, r *netfilter.Rule) {
		for i, s := range r.Statements {
			switch s := s.(type) {
			case netfilter.Verdict:
				r.Statements[i] = f(c, s)
			}
		}
	})
}

func leftOut[S netfilter.Statement]() func([]*space) []*space {
	return eachRule(func(_ *netfilter.Chain, r *netfilter.Rule) {
		r.Statements = slices.DeleteFunc(r.Statements, func(s netfilter.Statement) bool { _, ok := s.(S); return ok })
	})
}
