package netfilter

import "strings"

// Merge joins what nft lists with what iptables-save shows of the same namespace. nft
// lists tables of iptables-nft too, without what iptables' extensions compare: such a
// table is left out where iptables-nft-save has it whole. Otherwise it is kept and the
// other left out, which may lack rules.
func Merge(nft, saved *Ruleset) *Ruleset {
	out := &Ruleset{Opaque: append(append([]Opaque(nil), nft.Opaque...), saved.Opaque...)}
	for _, t := range nft.Tables {
		if twin := twinOf(t, saved); twin != nil && covers(twin, t) {
			continue
		}
		out.Tables = append(out.Tables, t)
	}
	for _, t := range saved.Tables {
		if listed := nft.table(t); listed != nil && !covers(t, listed) {
			continue
		}
		out.Tables = append(out.Tables, t)
	}
	return out
}

func (r *Ruleset) table(like *Table) *Table {
	for _, t := range r.Tables {
		if t.Family == like.Family && t.Name == like.Name {
			return t
		}
	}
	return nil
}

func twinOf(t *Table, saved *Ruleset) *Table {
	for _, s := range saved.Tables {
		if s.Backend == IPTablesNFT && s.Family == t.Family && s.Name == t.Name {
			return s
		}
	}
	return nil
}

// covers reports whether a table of iptables-nft-save is all that nft lists of it: the
// same chains at the same places with as many rules, and no sets.
func covers(saved, listed *Table) bool {
	if len(saved.Opaque) > 0 || len(listed.Opaque) > 0 || len(listed.Sets) > 0 || listed.Dormant {
		return false
	}
	for _, c := range listed.Chains {
		s := saved.Chain(c.Name)
		if s == nil || s.Hook != c.Hook || s.Priority != c.Priority || s.Policy != c.Policy || c.listed() != len(s.Rules) {
			return false
		}
	}
	return true
}

// listed counts the rules that nft lists in a chain.
func (c *Chain) listed() int {
	n, last := 0, 0
	for _, r := range c.Rules {
		if r.Handle == 0 || r.Handle != last {
			n++
		}
		last = r.Handle
	}
	return n
}

// Shown reports whether a table of iptables-nft-save is all that the kernel has of it,
// by the number of rules of its chains ([Space].Rules).
func Shown(t *Table, rules map[string]int) bool {
	for key, n := range rules {
		name, found := strings.CutPrefix(key, string(t.Family)+" "+t.Name+" ")
		if !found {
			continue
		}
		if c := t.Chain(name); c == nil || len(c.Rules) != n {
			return false
		}
	}
	return len(t.Opaque) == 0
}
