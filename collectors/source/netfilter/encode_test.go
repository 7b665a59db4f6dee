package netfilter

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/writ-policy/writ/engine/fact"
)

// same compares tables; an address is compared as it is, an empty list is none.
func same() cmp.Options {
	return cmp.Options{cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmpopts.EquateEmpty(), cmpopts.IgnoreTypes(fact.Position{})}
}

// dice makes tables of every statement and value there is.
type dice struct{ *rand.Rand }

func (d dice) yes() bool { return d.IntN(2) == 0 }

func pick[T any](d dice, of ...T) T { return of[d.IntN(len(of))] }

func (d dice) word() string {
	return pick(d, "a", "LOG x", `quote " and \ slash`, "ü\n\t", "-", "@x", "?", ", : .", "\x00\xff", "bypass", "to")
}

func (d dice) fields() []Field {
	all := []Field{NFProto, Protocol, SourceAddr, DestAddr, SourcePort, DestPort, InInterface, OutInterface, State, Status, Direction, OrigSource, OrigDest, OrigDestPort,
		TCPFlags, ICMPType, Fragment, PacketType, SourceType, DestType, Mark, ConnMark, ReversePath}
	list := []Field{pick(d, all...)}
	for d.IntN(3) == 0 {
		list = append(list, pick(d, all...))
	}
	return list
}

func (d dice) addr() netip.Addr {
	return pick(d, netip.MustParseAddr("10.0.0.0"), netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("fd00::"), netip.MustParseAddr("::"), netip.MustParseAddr("::ffff:1.2.3.4"))
}

func (d dice) value() Value {
	switch d.IntN(5) {
	case 0:
		return Value{Name: d.word()}
	case 1:
		p := netip.PrefixFrom(d.addr(), d.IntN(33)).Masked()
		return Value{From: p.Addr(), To: last(p)}
	case 2:
		a := d.addr()
		return Value{From: a, To: a.Next().Next()}
	case 3:
		n := d.Uint64()
		return Value{Lo: n, Hi: n}
	}
	n := d.Uint64N(65000)
	return Value{Lo: n, Hi: n + d.Uint64N(500)}
}

func (d dice) values(n int) (list []Value) {
	for range n {
		list = append(list, d.value())
	}
	return list
}

func (d dice) elements(n int) (list []Element) {
	for range d.IntN(4) {
		e := Element{Values: d.values(n)}
		switch d.IntN(5) {
		case 0:
			v := d.verdict()
			e.Verdict = &v
		case 1:
			e.Data = d.values(1 + d.IntN(2))
		case 2:
			e.Opaque = true
		case 3:
			e = Element{Opaque: d.yes()}
		}
		list = append(list, e)
	}
	return list
}

func (d dice) verdict() Verdict {
	v := Verdict{Type: pick(d, Accept, Drop, Reject, Jump, Goto, Return, Continue, Queue, Stolen)}
	switch v.Type {
	case Jump, Goto:
		v.Chain = d.word()
	case Reject:
		v.With = pick(d, "", "tcp reset")
	case Queue:
		v.Bypass = d.yes()
	}
	return v
}

func (d dice) statement() Statement {
	fields := d.fields()
	set, elements := "", d.elements(len(fields))
	if d.IntN(3) == 0 {
		set, elements = d.word(), nil
	}
	switch d.IntN(10) {
	case 0:
		return Match{Fields: fields, Negate: d.yes(), Mask: pick(d, 0, 3, ^uint64(0)), Set: set, Elements: elements}
	case 1:
		return Map{Fields: fields, Set: set, Elements: elements}
	case 2:
		return d.verdict()
	case 3:
		return Log{Prefix: pick(d, "", d.word()), Level: pick(d, "", "warn"), Group: pick(d, -1, 0, 7), Audit: d.yes()}
	case 4:
		return Limit{Type: d.word(), PerSecond: pick(d, 0, 0.05, 1.0/3, 1e9), Burst: d.IntN(9), Over: d.yes(), Text: d.word()}
	case 5:
		n := NAT{Type: pick(d, "dnat", "redirect", "snat", "masquerade", "netmap")}
		for range d.IntN(3) {
			t := Target{}
			if d.yes() {
				t.From = d.addr()
				t.To = pick(d, t.From, t.From.Next())
			}
			if d.yes() {
				t.PortLo = uint16(d.IntN(60000))
				t.PortHi = t.PortLo + uint16(d.IntN(2))
			}
			n.To = append(n.To, t)
		}
		if d.yes() {
			n.Fields, n.Set, n.Elements = fields, set, elements
		}
		return n
	case 6:
		if d.yes() {
			return Assign{Field: pick(d, Mark, ConnMark), Unknown: true}
		}
		return Assign{Field: pick(d, Mark, ConnMark), Mask: d.Uint64(), Value: d.Uint64()}
	case 7:
		return Untrack{}
	case 8:
		return Update{Set: d.word(), Fields: pick(d, fields, nil), Delete: d.yes()}
	}
	return Opaque{Text: d.word(), Reason: d.word(), Restricts: d.yes(), Decides: d.yes(), Alters: d.yes()}
}

func (d dice) table(n int) Stored {
	t := &Table{Backend: pick(d, NFT, IPTablesNFT, IPTablesLegacy), Family: pick(d, IPv4, IPv6, Inet, ARP, Bridge, Netdev), Name: fmt.Sprint("t", n), Dormant: d.yes(), Owner: pick(d, "", "ufw")}
	for i := range d.IntN(4) {
		c := &Chain{Name: fmt.Sprint("c", i), Policy: Continue}
		if d.yes() {
			c.Type, c.Hook, c.Priority, c.Policy = pick(d, "filter", "nat", "route"), pick(d, Ingress, Egress, Prerouting, Input, Forward, Output, Postrouting), d.IntN(9)-4, pick(d, Accept, Drop)
		}
		if d.yes() {
			c.Devices = []string{"eth0", "eth1"}
		}
		for j := range d.IntN(5) {
			r := &Rule{ID: fmt.Sprint("r", i, j), Handle: d.IntN(9), Text: "text", Comment: pick(d, "", "why"), Packets: int64(d.IntN(3) - 1), Owner: pick(d, "", "docker")}
			for range d.IntN(5) {
				r.Statements = append(r.Statements, d.statement())
			}
			c.Rules = append(c.Rules, r)
		}
		t.Chains = append(t.Chains, c)
	}
	for range d.IntN(3) {
		fields := d.fields()
		t.Sets = append(t.Sets, &Set{Name: fmt.Sprint("s", d.IntN(9)), Fields: fields, Elements: d.elements(len(fields)), Dynamic: d.yes(), Unread: pick(d, "", "denied")})
	}
	if d.yes() {
		t.Opaque = []Opaque{{Text: "flowtable f", Reason: d.word(), Decides: true}}
	}
	return Stored{NetNS: pick(d, "", "web"), State: pick(d, Running, Persisted), Table: t}
}

// What is written as facts, saved and read again is what was written.
func TestEncodeDecode(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for seed := range uint64(300) {
		d := dice{rand.New(rand.NewPCG(seed, 1))}
		b := fact.NewBuilder("firewall.ruleset", fact.Target{ID: "host/test"}, fact.Collector{Name: "firewall", Version: "0", Method: "test", Privileges: "user"}, at)
		var want []Stored
		for n := range 3 {
			want = append(want, d.table(n))
			Encode(b, want[n])
		}
		doc := b.Document()
		if problems := fact.Validate(doc); len(problems) > 0 {
			t.Fatalf("seed %d: %v", seed, problems[0])
		}
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var saved fact.Document
		if err := json.Unmarshal(data, &saved); err != nil {
			t.Fatal(err)
		}
		got, errs := Decode(&saved)
		if len(errs) > 0 {
			t.Fatalf("seed %d: %v", seed, errs[0])
		}
		if diff := cmp.Diff(want, got, same()); diff != "" {
			t.Fatalf("seed %d (-written +read):\n%s", seed, diff)
		}
	}
}

// A fact that was changed by hand is not taken for a filter without that part.
func TestDecodeDamaged(t *testing.T) {
	doc := &fact.Document{Kind: "firewall.ruleset", Items: []fact.Item{
		{"id": "a", "family": "inet", "chains": []any{map[string]any{"name": "input", "rules": []any{map[string]any{"statements": []any{"macth dport 22"}}}}}},
		{"id": "b", "chains": "none"},
		{"id": "c", "chains": nil},
	}, Unobserved: []fact.Gap{{Pointer: "/items/2/chains", Reason: "denied"}}}
	tables, errs := Decode(doc)
	if len(tables) != 3 || len(errs) != 2 {
		t.Fatalf("%d tables, errors %v", len(tables), errs)
	}
	if o, ok := tables[0].Chains[0].Rules[0].Statements[0].(Opaque); !ok || !o.Decides || !o.Restricts {
		t.Errorf("a statement that is none is %#v", tables[0].Chains[0].Rules[0].Statements[0])
	}
	for _, i := range []int{1, 2} {
		if len(tables[i].Opaque) != 1 || !tables[i].Opaque[0].Decides {
			t.Errorf("table %d: opaque %v", i, tables[i].Opaque)
		}
	}
}

func FuzzParse(f *testing.F) {
	d := dice{rand.New(rand.NewPCG(7, 7))}
	for range 60 {
		f.Add(Print(d.statement()))
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(Print(s))
		if err != nil {
			t.Fatalf("%q printed as %q: %v", text, Print(s), err)
		}
		if diff := cmp.Diff(s, again, same()); diff != "" {
			t.Fatalf("%q printed as %q:\n%s", text, Print(s), diff)
		}
	})
}
