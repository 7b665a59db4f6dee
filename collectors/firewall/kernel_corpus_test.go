//go:build linux

package firewall

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/firewall/kerneltest"
	"github.com/writ-policy/writ/collectors/source/netfilter"
)

var kernelRecord = flag.String("kernel.record", "", "record cases of testdata/corpus/kernel anew whose names begin so; random_ makes new ones")

const kernelCorpus = "../../testdata/corpus/kernel"

// kernelCase is a ruleset with what programs listed of it, and what became of packets.
// Its comment says why it is kept.
type kernelCase struct {
	name, comment string
	sure          bool
	rules         kerneltest.Ruleset
	listing       kerneltest.Listing
	probes        []kerneltest.Probe
	fates         []kerneltest.Fate
}

// format writes a case: parts of rules by their names, what is listed under "list/",
// and packets line by line.
func (c *kernelCase) format() []byte {
	a := &txtar.Archive{Comment: []byte(strings.TrimSpace(c.comment) + "\n")}
	add := func(name, text string) {
		if text = strings.TrimSpace(text); text != "" {
			a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text + "\n")})
		}
	}
	for _, part := range kerneltest.Parts() {
		add(part, c.rules[part])
	}
	for _, part := range kerneltest.Parts() {
		add("list/"+part, c.listing[part])
	}
	var b strings.Builder
	if c.sure {
		b.WriteString("# nothing is uncertain\n")
	}
	for i, p := range c.probes {
		f := c.fates[i]
		end := "dropped"
		if f.Delivered {
			end = map[string]string{"": "host", "box": "box", "out": "out"}[f.Space] + " " + netip.AddrPortFrom(f.Dest, f.DestPort).String()
		}
		if f.Logged {
			end += " logged"
		}
		fmt.Fprintf(&b, "%s %d %s %s = %s\n", p.In, p.Protocol, netip.AddrPortFrom(p.Source, p.SourcePort), netip.AddrPortFrom(p.Dest, p.DestPort), end)
	}
	add("packets", b.String())
	return txtar.Format(a)
}

func parseKernelCase(name string, data []byte) (*kernelCase, error) {
	a := txtar.Parse(data)
	c := &kernelCase{name: name, comment: string(a.Comment), rules: kerneltest.Ruleset{}, listing: kerneltest.Listing{}}
	for _, f := range a.Files {
		part, listed := strings.CutPrefix(f.Name, "list/")
		switch {
		case f.Name == "packets":
			for _, line := range strings.Split(strings.TrimSpace(string(f.Data)), "\n") {
				if strings.HasPrefix(line, "#") {
					c.sure = true
					continue
				}
				if err := c.packet(line); err != nil {
					return nil, fmt.Errorf("%s: %q: %w", name, line, err)
				}
			}
		case !slices.Contains(kerneltest.Parts(), part):
			return nil, fmt.Errorf("%s: %s is no part of a case", name, f.Name)
		case listed:
			c.listing[part] = string(f.Data)
		default:
			c.rules[part] = string(f.Data)
		}
	}
	return c, nil
}

func (c *kernelCase) packet(line string) error {
	var p kerneltest.Probe
	var f kerneltest.Fate
	sent, end, _ := strings.Cut(line, " = ")
	words := strings.Fields(sent)
	if len(words) != 4 {
		return fmt.Errorf("not a packet")
	}
	n, err := strconv.ParseUint(words[1], 10, 8)
	if err != nil {
		return err
	}
	from, err := netip.ParseAddrPort(words[2])
	if err != nil {
		return err
	}
	to, err := netip.ParseAddrPort(words[3])
	if err != nil {
		return err
	}
	p.In, p.Protocol = words[0], uint8(n)
	p.Source, p.SourcePort, p.Dest, p.DestPort = from.Addr(), from.Port(), to.Addr(), to.Port()
	end, f.Logged = strings.CutSuffix(end, " logged")
	if where, at, delivered := strings.Cut(end, " "); delivered {
		to, err := netip.ParseAddrPort(at)
		if err != nil {
			return err
		}
		f.Delivered, f.Space, f.Dest, f.DestPort = true, strings.TrimPrefix(where, "host"), to.Addr(), to.Port()
	}
	c.probes, c.fates = append(c.probes, p), append(c.fates, f)
	return nil
}

func recordedCases(t *testing.T) []*kernelCase {
	t.Helper()
	files, err := filepath.Glob(kernelCorpus + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no recorded cases")
	}
	var list []*kernelCase
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := parseKernelCase(filepath.Base(name), data)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

// replay compares answers with what the kernel did when the case was recorded; without
// the decoders of disabled. It returns what it finds wrong first.
func (c *kernelCase) replay(disabled map[string]bool, t *kernelTally) string {
	spaces := kernelSpaces(c.listing, disabled)
	t.rulesets++
	for _, v6 := range []bool{false, true} {
		p := compile(spaces, v6, false, nil)
		for i, b := range c.probes {
			if b.Source.Is6() != v6 {
				continue
			}
			at := entryPoint{space: p.spaces[0], in: b.In, protocol: b.Protocol, port: b.DestPort, sourcePort: b.SourcePort, address: number(b.Dest), addressKnown: true, from: p.cuts.all()}
			q := &kernelQuestion{v6: v6, at: at, probes: c.probes[i : i+1]}
			t.cases++
			if what := q.wrong(p, c.fates[i:i+1], c.sure && disabled == nil, t); what != "" {
				return q.String() + ": " + what
			}
			f := c.fates[i]
			if disabled != nil || !f.Delivered || f.Space == "out" || b.In != entranceOf(b.Source) {
				continue
			}
			e := ear{space: f.Space, protocol: b.Protocol, address: f.Dest, port: f.DestPort}
			q = &kernelQuestion{v6: v6, ear: &e}
			if a := p.listen(e).answers[p.cuts.cell(number(b.Source))]; a.verdict == unreachable {
				return q.String() + ": it is unreachable for " + b.Source.String() + ", but not for the kernel"
			}
		}
	}
	return ""
}

// TestKernelCorpus asks about rulesets of which it was recorded what the kernel did
// with packets: those that once were answered wrongly, and random ones.
func TestKernelCorpus(t *testing.T) {
	if *kernelRecord != "" {
		recordKernel(t)
	}
	var sum kernelTally
	for _, c := range recordedCases(t) {
		if what := c.replay(nil, &sum); what != "" {
			t.Errorf("%s: %s", c.name, what)
		}
		if again, err := parseKernelCase(c.name, c.format()); err != nil || string(again.format()) != string(c.format()) {
			t.Errorf("%s: it is not written as it is read: %v", c.name, err)
		}
	}
	t.Logf("recorded cases: %s", sum.String())
}

// TestWithoutDecoder holds that a reader that knows one match or statement less never
// makes an answer that the kernel contradicts, and none that lets somebody out of sight
// whom the whole reader sees.
func TestWithoutDecoder(t *testing.T) {
	cases := recordedCases(t)
	asked, changed, used := 0, 0, 0
	for _, name := range netfilter.Decoders() {
		disabled := map[string]bool{name: true}
		differs := false
		for _, c := range cases {
			full, less := kernelSpaces(c.listing, nil), kernelSpaces(c.listing, disabled)
			if reflect.DeepEqual(full, less) {
				continue // it is not in use
			}
			if what := c.replay(disabled, &kernelTally{}); what != "" {
				t.Errorf("without %s: %s: %s", name, c.name, what)
				break
			}
			for _, v6 := range []bool{false, true} {
				p, q := compile(full, v6, false, nil), compile(less, v6, false, nil)
				for _, b := range c.probes {
					if b.Source.Is6() != v6 {
						continue
					}
					was, is := through(p, b), through(q, b)
					asked++
					if was.verdict != is.verdict {
						changed++
						differs = true
					}
					if was.verdict != unreachable && is.verdict == unreachable || was.verdict == unreachable && is.verdict == reachable {
						t.Errorf("without %s: %s: %+v: was %d, is %d", name, c.name, b, was.verdict, is.verdict)
					}
					if was.verdict != unreachable && was.recording == recording(notLogged) && is.recording == recording(recorded) {
						t.Errorf("without %s: %s: %+v: it was not recorded, and is", name, c.name, b)
					}
				}
			}
		}
		if differs {
			used++
		}
	}
	t.Logf("%d decoders, of which %d decide an answer; %d answers compared, %d are others", len(netfilter.Decoders()), used, asked, changed)
	if used < 15 {
		t.Error("the cases hardly use any decoder")
	}
}

// through is the answer to whether a packet gets through to anywhere.
func through(p *program, b kerneltest.Probe) answer {
	at := entryPoint{space: p.spaces[0], in: b.In, protocol: b.Protocol, port: b.DestPort, sourcePort: b.SourcePort, address: number(b.Dest), addressKnown: true, from: p.cuts.all()}
	into := make([]answer, p.cuts.count())
	anywhere := func(s sink) truth {
		if s.known {
			return always
		}
		return perhaps
	}
	p.read(p.evaluate(at, false), anywhere, into)
	return into[p.cuts.cell(number(b.Source))]
}

// recordKernel asks the kernel again.
func recordKernel(t *testing.T) {
	// A lab for each: tables of iptables-legacy stay once they were used.
	record := func(c *kernelCase, ask func()) bool {
		l, err := kerneltest.Start()
		if err != nil {
			t.Fatal(err)
		}
		defer l.Stop()
		rules, listing, err := l.LoadMost(c.rules)
		if err != nil {
			return false
		}
		c.rules, c.listing = rules, unobserved(listing)
		ask()
		if c.fates, err = l.Send(c.probes); err != nil {
			t.Fatal(err)
		}
		return true
	}
	if *kernelRecord == "random_" {
		recordRandom(t, record)
		return
	}
	// What was kept for what it found is asked again, by the same packets.
	for _, c := range recordedCases(t) {
		if strings.HasPrefix(c.name, "random_") || !strings.HasPrefix(c.name, *kernelRecord) {
			continue
		}
		if !record(c, func() {}) {
			t.Fatalf("%s: its rules are not taken", c.name)
		}
		if err := os.WriteFile(filepath.Join(kernelCorpus, c.name), c.format(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// recordRandom writes cases of random rulesets that are small.
func recordRandom(t *testing.T, record func(*kernelCase, func()) bool) {
	old, _ := filepath.Glob(kernelCorpus + "/random_*.txtar")
	for _, name := range old {
		os.Remove(name)
	}
	if err := os.MkdirAll(kernelCorpus, 0o755); err != nil {
		t.Fatal(err)
	}
	kept, size := map[string]int{}, 0
	for seed := uint64(500); size < 220_000 && seed < 1500; seed++ {
		style, sure := kerneltest.Style(seed)
		if kept[style] > 8 {
			continue
		}
		c := &kernelCase{comment: fmt.Sprintf("A random ruleset (%d), made for tests.", seed), sure: sure, rules: kerneltest.Generate(seed)}
		if !record(c, func() {
			a := newAsker(seed, c.rules)
			for _, v6 := range []bool{false, true} {
				p := compile(kernelSpaces(c.listing, nil), v6, false, nil)
				for range 8 {
					c.probes = append(c.probes, a.entry(p, 4).probes...)
				}
			}
		}) {
			continue
		}
		some := map[bool]bool{}
		for _, f := range c.fates {
			some[f.Delivered] = true
		}
		data := c.format()
		if len(some) < 2 || len(data) > 13_000 {
			continue
		}
		kept[style]++
		size += len(data)
		if err := os.WriteFile(fmt.Sprintf("%s/random_%d.txtar", kernelCorpus, seed), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unobserved leaves the table that watches out of listings, and times out of remarks.
func unobserved(l kerneltest.Listing) kerneltest.Listing {
	out := kerneltest.Listing{}
	for part, text := range l {
		if part == kerneltest.NFT || part == kerneltest.Container {
			text = withoutTable(text, kerneltest.Observer)
		}
		var lines []string
		for _, line := range strings.Split(text, "\n") {
			if remark, _, found := strings.Cut(line, " on "); found && strings.HasPrefix(line, "#") {
				line = remark
			}
			lines = append(lines, line)
		}
		out[part] = strings.Join(lines, "\n")
	}
	return out
}

// withoutTable takes a table out of nft's JSON, and puts each object on a line.
func withoutTable(text, table string) string {
	var doc struct {
		Nftables []json.RawMessage `json:"nftables"`
	}
	if json.Unmarshal([]byte(text), &doc) != nil {
		return text
	}
	var lines []string
	for _, o := range doc.Nftables {
		if !strings.Contains(string(o), `"table": "`+table+`"`) && !strings.Contains(string(o), `"name": "`+table+`"`) {
			lines = append(lines, string(o))
		}
	}
	return `{"nftables": [` + "\n" + strings.Join(lines, ",\n") + "\n]}\n"
}
