package netfilter

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// ReadSave reads what iptables-save and ip6tables-save print and iptables-restore
// reads: of both back ends, with counters or without, also by hand. What it cannot
// make out is opaque in its rule, else in its table, and a diagnostic. Matches and
// targets are those of iptables-extensions(8).
func ReadSave(source string, data []byte, o Options) (*Ruleset, []fact.Diagnostic) {
	s := &save{Options: o, problems: problems{source: source}}
	for number, line := range bytes.Split(data, []byte("\n")) {
		s.line(number+1, plain(strings.TrimRight(string(line), "\r")))
	}
	if s.table != nil {
		s.lost(s.last, "*"+s.table.Name, "the table has no COMMIT: it is not loaded as it is, or the text is cut off")
		s.commit()
	}
	identify(s.rules.Tables)
	return s.rules.done(), s.all()
}

// save is a reading of iptables-save's output.
type save struct {
	Options
	problems
	rules  gathered
	table  *Table
	chains map[string]*Chain
	raw    []rawRule
	last   int
	beside string // comment of ufw for the rules that follow
}

// gathered is a ruleset in the making.
type gathered struct{ Ruleset }

func (g *gathered) done() *Ruleset { return &g.Ruleset }

// rawRule is a rule before all names of chains are known.
type rawRule struct {
	chain   *Chain
	pos     fact.Position
	comment string // that stands beside it
	text    string
	words   []word
	packets int64
	first   bool // -I
	place   int
}

// lost notes a line that has no meaning here: it may have done anything to the table.
func (s *save) lost(line int, text, why string) {
	s.warn(line, why, text)
	o := Opaque{Text: text, Reason: why, Restricts: true, Decides: true, Alters: true, Pos: s.at(line)}
	if s.table != nil {
		s.table.Opaque = append(s.table.Opaque, o)
		return
	}
	t := &Table{Backend: s.Backend, Family: s.Family, Opaque: []Opaque{o}, Pos: o.Pos}
	s.rules.Tables = append(s.rules.Tables, t)
}

func (s *save) line(number int, line string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	s.last = number
	switch line[0] {
	case '#':
		s.remark(number, line)
	case '*':
		if s.table != nil {
			s.lost(number, line, "a table begins before the one before it has its COMMIT")
			s.commit()
		}
		s.table = &Table{Backend: s.Backend, Family: s.Family, Name: strings.TrimSpace(line[1:]), Pos: s.at(number)}
		s.chains = map[string]*Chain{}
	case ':':
		s.declare(number, line)
	default:
		if strings.TrimSpace(line) == "COMMIT" {
			if s.table == nil {
				s.lost(number, line, "a COMMIT without a table")
				return
			}
			s.commit()
			return
		}
		s.command(number, line)
	}
}

// remark reads the one remark that says something: of a table that iptables-nft
// cannot show.
func (s *save) remark(number int, line string) {
	rest, found := strings.CutPrefix(line, "# Table `")
	name, rest, closed := strings.Cut(rest, "'")
	if !found || !closed || !strings.Contains(rest, "incompatible") {
		return
	}
	o := Opaque{Text: line, Reason: "iptables cannot show the table: it was changed by nft", Decides: true, Alters: true, Pos: s.at(number)}
	s.rules.Tables = append(s.rules.Tables, &Table{Backend: s.Backend, Family: s.Family, Name: name, Opaque: []Opaque{o}, Pos: o.Pos})
}

// declare reads ":CHAIN POLICY [PACKETS:BYTES]".
func (s *save) declare(number int, line string) {
	words := strings.Fields(line[1:])
	if s.table == nil || len(words) < 2 {
		s.lost(number, line, "a chain outside of a table, or without a policy")
		return
	}
	c := s.chain(words[0], number)
	s.policy(c, words[1], number, line)
}

func (s *save) policy(c *Chain, policy string, number int, line string) {
	switch {
	case policy == "ACCEPT" && c.Hook != Regular:
		c.Policy = Accept
	case policy == "DROP" && c.Hook != Regular:
		c.Policy = Drop
	case policy == "-" && c.Hook == Regular:
	default:
		s.lost(number, line, "the chain cannot have that policy")
	}
}

// chain returns a chain of the table, made where there is none: those that a table
// always has are base chains.
func (s *save) chain(name string, number int) *Chain {
	if c := s.chains[name]; c != nil {
		return c
	}
	c := &Chain{Name: name, Policy: Continue, Pos: s.at(number)}
	if hook, kind, priority, ok := builtin(s.table.Name, name); ok {
		if s.table.Name == "security" && s.Backend == IPTablesNFT {
			priority = 150 // where iptables-nft puts it
		}
		c.Hook, c.Type, c.Priority, c.Policy = hook, kind, priority, Accept
	}
	s.chains[name] = c
	s.table.Chains = append(s.table.Chains, c)
	return c
}

// builtin says where the chains stand that a table of iptables always has.
func builtin(table, chain string) (hook Hook, kind string, priority int, ok bool) {
	hook, ok = map[string]Hook{"PREROUTING": Prerouting, "INPUT": Input, "FORWARD": Forward, "OUTPUT": Output, "POSTROUTING": Postrouting}[chain]
	switch kind = "filter"; table {
	case "filter":
		return hook, kind, 0, ok && hook != Prerouting && hook != Postrouting
	case "security":
		return hook, kind, 50, ok && hook != Prerouting && hook != Postrouting
	case "raw":
		return hook, kind, -300, ok && (hook == Prerouting || hook == Output)
	case "mangle":
		if hook == Output {
			kind = "route"
		}
		return hook, kind, -150, ok
	case "nat":
		if hook == Input || hook == Postrouting {
			return hook, "nat", 100, ok
		}
		return hook, "nat", -100, ok && hook != Forward
	}
	return Regular, "", 0, false
}

// command reads "[PACKETS:BYTES] -A CHAIN …" and the few others of iptables-restore.
func (s *save) command(number int, line string) {
	r := rawRule{pos: s.at(number), comment: s.beside, text: strings.TrimSpace(line), packets: -1}
	if strings.HasPrefix(r.text, "[") {
		counters, rest, found := strings.Cut(r.text[1:], "]")
		packets, _, _ := strings.Cut(counters, ":")
		n, err := strconv.ParseInt(packets, 10, 64)
		if !found || err != nil || n < 0 {
			s.lost(number, line, "counters that are none")
			return
		}
		r.packets, r.text = n, strings.TrimSpace(rest)
	}
	words, err := splitWords(r.text)
	if err != nil || len(words) < 2 || s.table == nil {
		s.lost(number, line, "not a line of iptables-save")
		return
	}
	name := words[1].text
	switch words[0].text {
	case "-A", "--append":
		r.words = words[2:]
	case "-I", "--insert":
		r.first, r.place, r.words = true, 1, words[2:]
		if len(r.words) > 0 {
			if n, err := strconv.Atoi(r.words[0].text); err == nil && n > 0 {
				r.place, r.words = n, r.words[1:]
			}
		}
	case "-N", "--new-chain":
		s.chain(name, number)
		return
	case "-P", "--policy":
		if len(words) == 3 {
			s.policy(s.chain(name, number), words[2].text, number, line)
			return
		}
		fallthrough
	default:
		s.lost(number, line, fmt.Sprintf("%s is not followed: it changes what stands before it", words[0].text))
		return
	}
	r.chain = s.chain(name, number)
	s.raw = append(s.raw, r)
}

// commit makes rules of what was gathered for the table, once all of its chains are
// known: a target may be a chain that comes later.
func (s *save) commit() {
	for i := range s.raw {
		raw := &s.raw[i]
		rule := s.rule(raw)
		if rule == nil {
			continue
		}
		c := raw.chain
		if raw.first && raw.place <= len(c.Rules) {
			c.Rules = append(c.Rules[:raw.place-1], append([]*Rule{rule}, c.Rules[raw.place-1:]...)...)
		} else {
			c.Rules = append(c.Rules, rule)
		}
	}
	s.rules.Tables = append(s.rules.Tables, s.table)
	s.table, s.chains, s.raw = nil, nil, nil
}
