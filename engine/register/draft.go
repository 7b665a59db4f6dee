package register

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

// Todo is what a draft writes where a person has to decide. It is a placeholder for
// gdpr.port.entry_complete: a draft that nobody finished does not pass.
const Todo = "todo"

// reviewDays is how long a drafted entry is good for.
const reviewDays = 180

// Draft writes register entries for the listeners, published and scanned ports of
// annotated documents that no entry covers, one service per target and program. It
// says what was seen (process, sources that reach the port today) and leaves what
// only people know, purpose and owner, to be written. It returns how many ports it
// drafted; the order is that of targets and ports.
func Draft(w io.Writer, docs []*fact.Document, now time.Time) (int, error) {
	d := &draft{exposures: map[string]fact.Item{}, services: map[string]*draftService{}}
	for _, doc := range docs {
		if doc.Kind != "firewall.exposure" {
			continue
		}
		for _, item := range doc.Items {
			d.exposures[doc.Target.ID+"#"+item.ID()] = item
		}
	}
	for _, doc := range docs {
		for _, item := range doc.Items {
			d.take(doc, item)
		}
	}
	var out bytes.Buffer
	out.WriteString("# Drafted from what was found. Sources are those that reach a port today: narrow them\n" +
		"# to those that should. Every \"" + Todo + "\" waits for someone who knows.\n")
	for _, key := range fact.SortedKeys(d.services) {
		d.services[key].write(&out, now)
	}
	_, err := w.Write(out.Bytes())
	return d.count, err
}

type draft struct {
	exposures map[string]fact.Item
	services  map[string]*draftService // by target and name
	count     int
}

type draftService struct {
	name, target string
	ports        []draftPort
}

type draftPort struct {
	from, to          int
	protocol, address string
	exposure          string
	sources           []string
	exe, unit, user   string
}

// take drafts an item that no entry covers.
func (d *draft) take(doc *fact.Document, item fact.Item) {
	p := draftPort{protocol: textIn(item, "protocol"), address: textIn(item, "address"), exposure: textIn(item, "scope")}
	var name string
	switch doc.Kind {
	case "port.listener":
		if item["ephemeral"] == true {
			return
		}
		p.from = portIn(item, "port")
		p.to = p.from
		name = p.owner(item)
	case "port.published":
		if open, known := item["undocumented"].([]any); known && len(open) == 0 {
			return
		}
		p.from, p.to = portIn(item, "port_from"), portIn(item, "port_to")
		p.address = ""
		name = cmp.Or(strings.ReplaceAll(textIn(item, "resource"), "module.", ""), textIn(item, "backend"), textIn(item, "product"))
	case "port.scanned":
		if textIn(item, "state") != "open" {
			return
		}
		p.from = portIn(item, "port")
		p.to = p.from
		p.exposure, p.address = textIn(item, "vantage", "scope"), textIn(item, "address")
		name = textIn(item, "wire", "name")
	default:
		return
	}
	covered, known := item["register"].([]any)
	if known && len(covered) > 0 && doc.Kind != "port.published" || p.from < 1 || !slices.Contains(protocols[:], p.protocol) {
		return
	}
	if wild(p.address) {
		p.address = ""
	}
	d.reach(&p, item)
	d.add(doc.Target.ID, cmp.Or(slug(name), fmt.Sprintf("port-%d", p.from)), p)
}

// owner sets the process and returns what to call the service.
func (p *draftPort) owner(item fact.Item) string {
	owners, _ := item["owners"].([]any)
	for i, o := range owners {
		owner, _ := o.(map[string]any)
		exe, unit, user := textIn(owner, "exe"), textIn(owner, "unit"), textIn(owner, "user")
		if i == 0 {
			p.exe, p.unit, p.user = exe, unit, user
			continue
		}
		// Every owner has to match: a field in which they differ is not said.
		if exe != p.exe {
			p.exe = ""
		}
		if unit != p.unit {
			p.unit = ""
		}
		if user != p.user {
			p.user = ""
		}
	}
	return cmp.Or(strings.TrimSuffix(strings.TrimSuffix(p.unit, ".service"), ".socket"), path.Base(p.exe))
}

// reach sets the sources that certainly reach the port.
func (d *draft) reach(p *draftPort, item fact.Item) {
	refs, _ := item["exposure"].([]any)
	for _, r := range refs {
		e := d.exposures[fmt.Sprint(r)]
		paths, _ := e["paths"].([]any)
		for _, each := range paths {
			at, _ := each.(map[string]any)
			if cidr := textIn(at, "cidr"); cidr != "" && textIn(at, "verdict") == "reachable" {
				p.sources = append(p.sources, cidr)
			}
		}
		widest := max(slices.Index(scopes[:], textIn(e, "scope_v4")), slices.Index(scopes[:], textIn(e, "scope_v6")))
		if widest >= 0 {
			p.exposure = scopes[widest]
		}
	}
	slices.Sort(p.sources)
	p.sources = slices.Compact(p.sources)
}

// add keeps the port; one that listens in two families is one entry.
func (d *draft) add(target, name string, p draftPort) {
	key := target + "\x00" + name
	s := d.services[key]
	if s == nil {
		s = &draftService{name: name, target: target}
		d.services[key] = s
	}
	for i, other := range s.ports {
		if other.from == p.from && other.to == p.to && other.protocol == p.protocol && other.address == p.address {
			s.ports[i].sources = slices.Compact(slices.Sorted(slices.Values(append(other.sources, p.sources...))))
			return
		}
	}
	s.ports = append(s.ports, p)
	d.count++
}

func (s *draftService) write(out *bytes.Buffer, now time.Time) {
	_, short, _ := strings.Cut(s.target, "/")
	fmt.Fprintf(out, "\nservice %s {\n", literalText(slug(short)+"-"+s.name))
	attributes(out, "  ", []attribute{{"targets", "[" + literalText(s.target) + "]"}, {"owner", literalText(Todo)}, {"purpose", literalText(Todo)}})
	slices.SortFunc(s.ports, func(a, b draftPort) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.protocol, b.protocol), cmp.Compare(a.address, b.address), cmp.Compare(a.to, b.to))
	})
	for _, p := range s.ports {
		fmt.Fprintf(out, "\n  port %s {\n", literalText((&Port{From: p.from, To: p.to, Protocol: p.protocol}).label()))
		attributes(out, "    ", p.attributes(now))
		out.WriteString("  }\n")
	}
	out.WriteString("}\n")
}

func (p draftPort) attributes(now time.Time) []attribute {
	list := []attribute{{"purpose", literalText(Todo)}}
	if p.address != "" {
		list = append(list, attribute{"address", literalText(p.address)})
	}
	var process []string
	for _, f := range []attribute{{"exe", p.exe}, {"unit", p.unit}, {"user", p.user}} {
		if f.value != "" && !strings.Contains(f.value, "*") { // as a glob it would match other names
			process = append(process, f.name+" = "+literalText(f.value))
		}
	}
	if process != nil {
		list = append(list, attribute{"process", "{ " + strings.Join(process, ", ") + " }"})
	}
	if slices.Contains(scopes[:], p.exposure) {
		list = append(list, attribute{"exposure", literalText(p.exposure)})
	}
	if len(p.sources) > 0 {
		texts := make([]string, len(p.sources))
		for i, s := range p.sources {
			texts[i] = literalText(s)
		}
		list = append(list, attribute{"sources", "[" + strings.Join(texts, ", ") + "]"})
	}
	return append(list, attribute{"review_by", literalText(now.AddDate(0, 0, reviewDays).Format(time.DateOnly))})
}

// attribute is a name and its expression.
type attribute struct{ name, value string }

// attributes writes a list as hclfmt would: equal signs in a column.
func attributes(out *bytes.Buffer, indent string, list []attribute) {
	width := 0
	for _, a := range list {
		width = max(width, len(a.name))
	}
	for _, a := range list {
		fmt.Fprintf(out, "%s%-*s = %s\n", indent, width, a.name, a.value)
	}
}

// literalText is a string of HCL that means s and holds no template. (hclwrite would
// do, and would link a library of tests.)
func literalText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case (r == '$' || r == '%') && strings.HasPrefix(s[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r == 0xfffd:
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func wild(address string) bool { return address == "0.0.0.0" || address == "::" }

// textIn is the text at a path of an item, "" where there is none or it is not known.
func textIn(v map[string]any, names ...string) string {
	for _, n := range names[:len(names)-1] {
		v, _ = v[n].(map[string]any)
	}
	s, _ := v[names[len(names)-1]].(string)
	return s
}

// portIn is the number of a member, 0 where there is none or it is not known.
func portIn(v map[string]any, name string) int {
	n, err := strconv.Atoi(fmt.Sprint(v[name]))
	if err != nil {
		return 0
	}
	return n
}
