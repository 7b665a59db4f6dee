package register

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Port is a documented port, or range of ports, of a service.
type Port struct {
	*Entry
	ID       string // "service/5432/tcp", with "@address" if it has one
	Slug     string // what a firewall rule's comment calls it: "port/orders-db-5432-tcp"
	Service  *Service
	Protocol string // tcp, udp, sctp
	From, To int
	// Address the port is bound to: a single one or a block; the zero Prefix is
	// any address.
	Address  netip.Prefix
	Purpose  string
	Activity string // the record of processing it belongs to (Art. 30)
	Exposure string // a scope, "" if not said
	Sources  []string
	Process  Process
	TLS      string // required, mutual, none
	Reason   string // why there is no TLS
	Logging  string // required, none
	Required bool   // the port is expected to be open
	ReviewBy string
	Owner    string   // the service's unless said
	Data     []string // the service's unless said
	DataSaid bool
	prefixes []netip.Prefix // of the sources, resolved
}

// Process is what is expected to hold the socket; globs, "" where anything may.
type Process struct{ Exe, Unit, User, ImageDigest string }

var protocols = [...]string{"tcp", "udp", "sctp"}

func (d *decoder) port(h *hcl.Block, s *Service) *Port {
	b := d.open("A port", h.Body, blockAt(h), nil)
	p := &Port{Entry: b.entry, Service: s}
	problem, hint := p.name(h.Labels[0])
	p.Address = b.address("address")
	p.Purpose, p.Activity, p.Reason = b.text("purpose"), b.text("activity"), b.text("reason")
	p.Exposure = b.choice("exposure", "", scopes[:]...)
	p.Sources = b.texts("sources")
	p.Process = b.process("process")
	p.TLS = b.choice("tls", "required", "required", "mutual", "none")
	p.Logging = b.choice("logging", "required", "required", "none")
	p.Required, p.ReviewBy = b.flag("required", true), b.date("review_by")
	p.Owner = b.text("owner")
	p.Data, p.DataSaid = b.categories("data")
	p.inherit(b)
	b.close()
	if problem != "" {
		d.problem(position(h.LabelRanges[0]), "Invalid port", problem, hint)
		return nil
	}
	p.ID = fmt.Sprintf("%s/%s", s.Name, p.label())
	if p.Address.IsValid() {
		p.ID += "@" + addressText(p.Address)
	}
	p.Slug = slug(p.ID)
	if p.TLS == "none" && p.Reason == "" && !b.has("reason") {
		d.problem(p.At("tls"), "Missing reason", `A port without TLS needs one.`, `Add reason = "…", or set tls = "required".`)
	}
	return p
}

// inherit takes from the service what the port does not say.
func (p *Port) inherit(b *block) {
	s := p.Service
	if b.inherits("owner", s.Entry) {
		p.Owner = s.Owner
	}
	if b.inherits("purpose", s.Entry) {
		p.Purpose = s.Purpose
	}
	if b.inherits("data", s.Entry) {
		p.Data, p.DataSaid = s.Data, s.DataSaid
	}
}

// name reads "5432/tcp" and "8000-8010/tcp".
func (p *Port) name(text string) (problem, hint string) {
	numbers, protocol, both := strings.Cut(text, "/")
	if !both {
		return quote(text) + " names no protocol.", "Write " + quote(text+"/tcp") + " or " + quote(text+"/udp") + "."
	}
	if !slices.Contains(protocols[:], protocol) {
		return fmt.Sprintf("%q is none of %s.", protocol, strings.Join(protocols[:], ", ")), suggest(protocol, protocols[:])
	}
	first, last, isRange := strings.Cut(numbers, "-")
	if !isRange {
		last = first
	}
	var ok, ok2 bool
	p.Protocol = protocol
	p.From, ok = portNumber(first)
	p.To, ok2 = portNumber(last)
	switch {
	case !ok || !ok2:
		return quote(numbers) + " is not a port between 1 and 65535, or a range of them.", `Write for example "5432/tcp" or "8000-8010/tcp".`
	case p.From > p.To:
		return "The range " + quote(numbers) + " ends before it begins.", fmt.Sprintf("Did you mean \"%d-%d/%s\"?", p.To, p.From, protocol)
	}
	return "", ""
}

func portNumber(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil && n > 0 && s[0] != '0'
}

func (p *Port) label() string {
	if p.From == p.To {
		return fmt.Sprintf("%d/%s", p.From, p.Protocol)
	}
	return fmt.Sprintf("%d-%d/%s", p.From, p.To, p.Protocol)
}

// slug keeps small letters and digits and joins them by "-".
func slug(s string) string {
	f := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(f, "-")
}

func (b *block) address(name string) netip.Prefix {
	s := b.text(name)
	if !b.has(name) || b.entry.invalid[name] != "" {
		return netip.Prefix{}
	}
	p, problem, hint := parsePrefix(s)
	if problem != "" {
		b.refuse(name, b.entry.At(name), problem, hint)
	}
	return p
}

// addressText leaves out the length of a single address.
func addressText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

func (b *block) process(name string) Process {
	l, ok := b.literal(name)
	if !ok {
		return Process{}
	}
	members, ok := l.value.([]member)
	if !ok {
		b.refuse(name, l.at, "An object is needed, this is "+l.what()+".", `Write { exe = "/usr/sbin/nginx" }.`)
		return Process{}
	}
	var p Process
	fields := map[string]*string{"exe": &p.Exe, "unit": &p.Unit, "user": &p.User, "image_digest": &p.ImageDigest}
	for _, m := range members {
		field, known := fields[m.key]
		if !known {
			b.refuse(name, m.at, "A process has no "+quote(m.key)+".", suggest(m.key, fact.SortedKeys(fields)))
			continue
		}
		if *field = b.asText(name, m.value); *field != "" {
			b.glob(name, literal{m.value.at, *field})
		}
	}
	return p
}

func (p *Port) document(b *fact.Builder) {
	i := b.Add(p.ID, "declared", p.Pos)
	i.Set("name", p.Slug, p.Pos)
	p.Service.set(i, "targets", placeValues(p.Service.Targets))
	i.Set("service", references([]string{p.Service.Name}), p.Service.Pos)
	i.Set("protocol", p.Protocol, p.Pos).Set("port_from", p.From, p.Pos).Set("port_to", p.To, p.Pos)
	address := ""
	if p.Address.IsValid() {
		address = addressText(p.Address)
	}
	p.set(i, "address", address)
	p.setTexts(i, map[string]string{
		"purpose": p.Purpose, "activity": p.Activity, "owner": p.Owner, "exposure": p.Exposure, "tls": p.TLS,
		"reason": p.Reason, "logging": p.Logging, "review_by": p.ReviewBy,
	})
	p.set(i, "required", p.Required)
	p.set(i, "sources", fact.Strings(p.Sources))
	p.setAs(i, "source_cidrs", "sources", prefixes(p.prefixes))
	p.set(i, "process", map[string]any{"exe": p.Process.Exe, "unit": p.Process.Unit, "user": p.Process.User, "image_digest": p.Process.ImageDigest})
	p.set(i, "data", fact.Strings(p.Data))
}
