package scan

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Lookup resolves a host name.
type Lookup func(ctx context.Context, name string) ([]netip.Addr, error)

// Addresses expands the hosts of a spec, in the order given, each address once. The
// first and last address of an IPv4 block, which are no host's, are left out.
func (s *Spec) Addresses(ctx context.Context, lookup Lookup) ([]Address, error) {
	ports := s.pairs(1)
	if ports == 0 {
		return nil, errors.New("no port is named")
	}
	x := &expansion{s: s, seen: map[netip.Addr]bool{}}
	for _, h := range s.Hosts {
		if err := x.host(ctx, h, lookup); err != nil {
			return nil, err
		}
	}
	if len(x.out) == 0 {
		return nil, fmt.Errorf("no address of family %d is named", s.Family)
	}
	return x.out, nil
}

// pairs is how many ports are asked of so many addresses.
func (s *Spec) pairs(addresses int) int {
	n := 0
	for _, r := range slices.Concat(s.TCP, s.UDP) {
		n += int(r.To-r.From) + 1
	}
	return n * addresses
}

// tooMany refuses a scan that is larger than meant, before anything is expanded.
func (s *Spec) tooMany(addresses *big.Int) error {
	pairs := new(big.Int).Mul(addresses, big.NewInt(int64(s.pairs(1))))
	limit, hint := int64(MaxPairs), "; with large=yes it is done all the same"
	if s.Large {
		limit, hint = HardPairs, "; make several scans of it"
	}
	if pairs.Cmp(big.NewInt(limit)) > 0 {
		return fmt.Errorf("%s addresses with %d ports each are %s probes, more than %d%s", addresses, s.pairs(1), pairs, limit, hint)
	}
	return nil
}

type expansion struct {
	s    *Spec
	out  []Address
	seen map[netip.Addr]bool
}

func (x *expansion) add(a Address) {
	a.Addr = a.Addr.Unmap()
	if x.seen[a.Addr] || x.s.Family == 4 && !a.Addr.Is4() || x.s.Family == 6 && !a.Addr.Is6() {
		return
	}
	x.seen[a.Addr] = true
	x.out = append(x.out, a)
}

func (x *expansion) host(ctx context.Context, h string, lookup Lookup) error {
	if p, err := netip.ParsePrefix(h); err == nil {
		p = p.Masked()
		first, last := p.Addr(), lastOf(p)
		if p.Addr().Is4() && p.Bits() < 31 {
			first, last = first.Next(), last.Prev()
		}
		return x.span(first, last, p.String())
	} else if strings.Contains(h, "/") {
		return fmt.Errorf("%q is no block of addresses", h)
	}
	if a, err := netip.ParseAddr(h); err == nil {
		x.add(Address{Addr: a, Host: a.Unmap().String()})
		return x.s.tooMany(big.NewInt(int64(len(x.out))))
	}
	if first, last, ok := addressRange(h); ok {
		if last.Less(first) || first.Is4() != last.Is4() {
			return fmt.Errorf("%q is no range of addresses", h)
		}
		return x.span(first, last, h)
	}
	if !hostName(h) {
		return fmt.Errorf("%q is no host name, address, block or range", h)
	}
	found, err := lookup(ctx, h)
	if err != nil {
		return fmt.Errorf("resolve %s: %w", h, err)
	}
	slices.SortFunc(found, netip.Addr.Compare)
	for _, a := range found {
		x.add(Address{Addr: a, Host: h})
	}
	return x.s.tooMany(big.NewInt(int64(len(x.out))))
}

// span adds all addresses from first to last.
func (x *expansion) span(first, last netip.Addr, block string) error {
	n := new(big.Int).Sub(number(last), number(first))
	n.Add(n, big.NewInt(int64(len(x.out))+1))
	if err := x.s.tooMany(n); err != nil {
		return fmt.Errorf("%s: %w", block, err)
	}
	single := first == last
	for a := first; ; a = a.Next() {
		at := Address{Addr: a, Host: a.Unmap().String(), Block: block}
		if single {
			at.Block = ""
		}
		x.add(at)
		if a == last {
			return nil
		}
	}
}

func number(a netip.Addr) *big.Int { return new(big.Int).SetBytes(a.AsSlice()) }

func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// addressRange reads 10.0.0.1-10.0.0.20 and 10.0.0.1-20.
func addressRange(text string) (first, last netip.Addr, ok bool) {
	from, to, found := strings.Cut(text, "-")
	first, err := netip.ParseAddr(from)
	if !found || err != nil {
		return first, last, false
	}
	if last, err = netip.ParseAddr(to); err == nil {
		return first, last, true
	}
	n, err := strconv.ParseUint(to, 10, 8)
	if err != nil || !first.Is4() {
		return first, last, false
	}
	b := first.As4()
	b[3] = byte(n)
	return first, netip.AddrFrom4(b), true
}

// hostName reports whether a text is a name as the DNS has them.
func hostName(text string) bool {
	if text == "" || len(text) > 253 {
		return false
	}
	for _, label := range strings.Split(strings.TrimSuffix(text, "."), ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool {
				return !(r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
			}) {
			return false
		}
	}
	return true
}
