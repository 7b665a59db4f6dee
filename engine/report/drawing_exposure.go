package report

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// exposedPort is a port that some source reaches.
type exposedPort struct {
	target, id, name, class string
	scope                   int // how wide, 0 to 4
	colour                  colour
	ways                    []way
	more                    int // ways that are not drawn
}

// way is a source, the rule that lets it in, and what that means.
type way struct {
	source, rule string
	colour       colour
	maybe        bool
}

const (
	mostPorts = 40
	mostWays  = 8
)

func (d *drawing) addExposure(item *finding.Item) {
	if v := textOf(item.Item, "verdict"); v == "unreachable" {
		d.closed++
		return
	}
	p := exposedPort{target: item.Target, id: item.ID, name: joined(" ", portName(item.Item), textOf(item.Item, "product")), class: textOf(item.Item, "class"), colour: good}
	for _, family := range []string{"scope_v4", "scope_v6"} {
		p.scope = max(p.scope, slices.Index(scopeNames(), textOf(item.Item, family)))
	}
	residual, known := member(item.Item, "residual").([]any)
	for _, path := range listOf(item.Item, "paths") {
		verdict := textOf(path, "verdict")
		if verdict == "unreachable" {
			continue
		}
		w := way{source: sourceName(path), rule: decidingRule(path), colour: good, maybe: verdict != "reachable"}
		switch {
		case w.maybe || !known:
			w.colour = open
		case slices.ContainsFunc(residual, func(r any) bool { return overlaps(path, r) }):
			w.colour = bad
		}
		p.colour = worse(p.colour, w.colour)
		p.ways = append(p.ways, w)
	}
	if len(p.ways) == 0 { // what reaches it is not known
		p.colour = open
		p.ways = []way{{source: "not known", colour: open, maybe: true}}
	}
	slices.SortStableFunc(p.ways, func(a, b way) int { return cmp.Compare(rankOf(b.colour), rankOf(a.colour)) })
	if len(p.ways) > mostWays {
		p.more, p.ways = len(p.ways)-mostWays+1, p.ways[:mostWays-1]
	}
	d.ports = append(d.ports, p)
}

// words says what the colours say.
func (w way) words() string {
	switch {
	case w.maybe:
		return "only if what is not known is so"
	case w.colour == open:
		return "what the register says of it is not known"
	case w.colour == bad:
		return "reaches it, and the register does not say so"
	}
	return "reaches it, as the register says"
}

// sourceName says who a source is.
func sourceName(path any) string {
	block, group := textOf(path, "cidr"), textOf(path, "group")
	switch {
	case group != "":
		_, short, _ := strings.Cut(group, "#")
		return "members of " + cmp.Or(short, group)
	case block == "":
		return "everyone else, " + textOf(path, "family")
	case block == "0.0.0.0/0" || block == "::/0":
		return block + " (anyone)"
	}
	return block
}

// decidingRule names the first rule that decides, and how many more.
func decidingRule(path any) string {
	rules := listOf(path, "rules")
	if len(rules) == 0 {
		return cmp.Or(textOf(path, "note"), "no rule: open by default")
	}
	first, _ := rules[0].(string)
	if _, short, ok := strings.Cut(first, "#"); ok {
		first = short
	}
	if len(rules) > 1 {
		return middle(first, 56) + fmt.Sprintf(" and %d more", len(rules)-1)
	}
	return middle(first, 68)
}

// overlaps reports whether a path has to do with an entry of residual: the same
// group, or blocks that meet.
func overlaps(path, residual any) bool {
	if g := textOf(path, "group"); g != "" || textOf(residual, "group") != "" {
		return g == textOf(residual, "group")
	}
	a, err := netip.ParsePrefix(textOf(residual, "cidr"))
	if err != nil {
		return true // better red than green
	}
	b, err := netip.ParsePrefix(textOf(path, "cidr"))
	if err != nil { // every source of the family that no other path names
		return a.Addr().Is4() == (textOf(path, "family") == "ipv4")
	}
	return a.Overlaps(b)
}

// exposureFigure is laid out in pixels.
type exposureFigure struct {
	Width, Height int
	Targets       []struct {
		Name string
		Y    int
	}
	Ports        []portFigure
	More, Closed int
}

type portFigure struct {
	Title, Name, Of   string
	Class             colour
	Box, Line1, Line2 int
	Ways              []wayFigure
}

type wayFigure struct {
	Sign, Source    string
	Rule, Words     string
	Class           colour
	Maybe           bool
	Box, Text, Over int
	D               string
}

// exposure draws ports by target, the widest and worst first; nil if there is none.
func (d *drawing) exposure() *exposureFigure {
	if len(d.ports) == 0 {
		return nil
	}
	ports := slices.Clone(d.ports)
	slices.SortStableFunc(ports, func(a, b exposedPort) int {
		return cmp.Or(cmp.Compare(rankOf(b.colour), rankOf(a.colour)), cmp.Compare(b.scope, a.scope), strings.Compare(a.target, b.target), strings.Compare(a.id, b.id))
	})
	f := &exposureFigure{Width: 1120, Closed: d.closed}
	if len(ports) > mostPorts {
		f.More, ports = len(ports)-mostPorts, ports[:mostPorts]
	}
	slices.SortStableFunc(ports, func(a, b exposedPort) int { return strings.Compare(a.target, b.target) })
	y := 4
	for i, p := range ports {
		if several := ports[0].target != ports[len(ports)-1].target; several && (i == 0 || ports[i-1].target != p.target) {
			f.Targets = append(f.Targets, struct {
				Name string
				Y    int
			}{p.target, y + 14})
			y += 26
		}
		y = f.port(p, y)
	}
	f.Height = y
	return f
}

// port draws one at y and returns where the next begins.
func (f *exposureFigure) port(p exposedPort, y int) int {
	const step = 36
	ways := p.ways
	if p.more > 0 {
		ways = append(slices.Clone(ways), way{source: fmt.Sprintf("%d more sources", p.more), colour: p.ways[len(p.ways)-1].colour})
	}
	height := max(48, len(ways)*step)
	middleY := y + height/2
	fig := portFigure{
		Title: joined(", ", p.name, whose(p.target, p.id)), Name: p.name, Of: middle(strings.TrimSuffix(p.id, "/"+strings.Fields(p.name + " ?")[0]), 56), Class: p.colour,
		Box: middleY - 20, Line1: middleY - 3, Line2: middleY + 13,
	}
	if p.class != "" && p.class != "none" {
		fig.Name += ", " + p.class + " data"
	}
	top := middleY - len(ways)*step/2
	for i, w := range ways {
		at := top + i*step + step/2
		fig.Ways = append(fig.Ways, wayFigure{
			Sign: w.colour.sign(), Source: middle(w.source, 27), Rule: w.rule, Words: w.words(), Class: w.colour, Maybe: w.maybe, Box: at - 11, Text: at + 4, Over: at - 5,
			D: fmt.Sprintf("M206,%d H640 C690,%d 680,%d 720,%d", at, at, middleY, middleY),
		})
	}
	f.Ports = append(f.Ports, fig)
	return y + height + 14
}
