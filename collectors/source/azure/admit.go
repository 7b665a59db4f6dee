package azure

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// everyone are all addresses of both families.
var everyone = [...]string{"0.0.0.0/0", "::/0"}

// Everyone returns all addresses.
func Everyone() []string { return append([]string(nil), everyone[:]...) }

// Blocks turns addresses and blocks as written into canonical blocks.
func Blocks(list aws.Answer[[]string]) aws.Answer[[]string] {
	if !list.Known() {
		return list
	}
	out := []string{}
	for _, text := range list.Value {
		p, ok := block(text)
		if !ok {
			return aws.NotKnown[[]string](text+" is not a block of addresses", list.Pos)
		}
		out = append(out, p.String())
	}
	slices.Sort(out)
	list.Value = slices.Compact(out)
	return list
}

func block(text string) (netip.Prefix, bool) {
	text = strings.TrimSpace(text)
	if p, err := netip.ParsePrefix(text); err == nil && !p.Addr().Is4In6() {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" || a.Is4In6() {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// Firewall is what the firewall of a database server lets in.
type Firewall struct {
	// Admits are the blocks; nobody where no rule is declared.
	Admits aws.Answer[[]string]
	// Everyone is whether the whole internet is let in, Azure whether all of
	// Azure is, other customers included; By names the rules that do.
	Everyone, Azure aws.Answer[bool]
	By              aws.Answer[[]string]
}

// servicesOfAzure is the range that stands for all services of Azure.
const servicesOfAzure = "0.0.0.0"

// Firewall reads the rules that name a server: ranges from a start to an end
// address, of which 0.0.0.0 to 0.0.0.0 stands for every service of Azure,
// whoever's it is.
func (x Index) Firewall(server *terraform.Resource, typ string, start, end string, arguments ...string) Firewall {
	at := server.Pos
	f := Firewall{Admits: aws.Default([]string{}, at), Everyone: aws.Default(false, at), Azure: aws.Default(false, at), By: aws.Default([]string{}, at)}
	for _, rule := range x.attachedBy(server, typ, arguments...) {
		from, to := aws.Text(rule.Body, "", start), aws.Text(rule.Body, "", end)
		reason := rule.Reason + from.Reason + to.Reason
		all, services := aws.Declared(false, rule.Pos), aws.Declared(false, rule.Pos)
		var list []string
		switch {
		case reason != "":
			all, services = aws.NotKnown[bool](reason, rule.Pos), aws.NotKnown[bool](reason, rule.Pos)
			f.Admits = aws.NotKnown[[]string](reason, rule.Pos)
		case from.Value == servicesOfAzure && to.Value == servicesOfAzure:
			services.Value = true
			f.Admits = aws.NotKnown[[]string]("which addresses the services of Azure have, that "+rule.Address+" admits, is kept elsewhere", rule.Pos)
		default:
			var ok bool
			if list, ok = Range(from.Value, to.Value); !ok {
				f.Admits = aws.NotKnown[[]string](rule.Address+" is not a range of addresses", rule.Pos)
				all = aws.NotKnown[bool](rule.Address+" is not a range of addresses", rule.Pos)
				break
			}
			// Halves of the space are still everyone.
			all.Value = slices.ContainsFunc(list, func(s string) bool { return netip.MustParsePrefix(s).Bits() <= 2 })
			f.Admits = aws.Union(f.Admits, aws.Declared(list, rule.Pos))
		}
		f.Everyone, f.Azure = aws.Or(f.Everyone, all), aws.Or(f.Azure, services)
		f.By = aws.Union(f.By, because(aws.Or(all, services), "firewall rule "+rule.Address))
	}
	return f
}

// attachedBy returns the resources of a type that name another by any of several
// arguments.
func (x Index) attachedBy(to *terraform.Resource, typ string, arguments ...string) []aws.Link {
	var out []aws.Link
	for _, argument := range arguments {
		for _, l := range x.Attached(to, typ, argument) {
			if !slices.ContainsFunc(out, func(o aws.Link) bool { return o.Resource == l.Resource }) {
				out = append(out, l)
			}
		}
	}
	return out
}

// Range returns the fewest blocks that hold the addresses from the first to the
// last, ends included.
func Range(first, last string) ([]string, bool) {
	a, err1 := netip.ParseAddr(first)
	b, err2 := netip.ParseAddr(last)
	if err1 != nil || err2 != nil || a.BitLen() != b.BitLen() || a.Is4In6() || b.Less(a) || a.Zone()+b.Zone() != "" {
		return nil, false
	}
	out := []string{}
	for {
		p := netip.PrefixFrom(a, a.BitLen())
		for p.Bits() > 0 {
			wider := netip.PrefixFrom(a, p.Bits()-1)
			if wider.Masked().Addr() != a || b.Less(lastOf(wider)) {
				break
			}
			p = wider
		}
		out = append(out, p.String())
		end := lastOf(p)
		if end == b {
			slices.Sort(out)
			return out, true
		}
		a = end.Next()
	}
}

func lastOf(p netip.Prefix) netip.Addr {
	bytes := p.Masked().Addr().AsSlice()
	for i := range bytes {
		if free := (i+1)*8 - p.Bits(); free >= 8 {
			bytes[i] = 0xff
		} else if free > 0 {
			bytes[i] |= 1<<free - 1
		}
	}
	a, _ := netip.AddrFromSlice(bytes)
	return a
}

// Public combines a switch for public access with a firewall: whether anyone may
// reach the server, and the settings that let them.
func (f Firewall) Public(on aws.Answer[bool], at fact.Position) (aws.Answer[bool], aws.Answer[[]string]) {
	return aws.And(on, aws.Or(f.Everyone, f.Azure)), f.By
}
