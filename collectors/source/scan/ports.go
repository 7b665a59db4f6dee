package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Range is a range of ports.
type Range struct{ From, To uint16 }

// parsePorts reads "22,80-90,53/udp,udp": ports and ranges, each with its protocol
// (tcp unless said), and the word udp for the ports that answer a known probe.
func parsePorts(text string, known []uint16) (tcp, udp []Range, err error) {
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if part == "udp" {
			for _, p := range known {
				udp = append(udp, Range{p, p})
			}
			continue
		}
		ports, protocol, named := strings.Cut(part, "/")
		if ports == "all" {
			ports = "1-65535"
		}
		first, last, ranged := strings.Cut(ports, "-")
		if !ranged {
			last = first
		}
		r := Range{}
		if r.From, err = port(first); err == nil {
			r.To, err = port(last)
		}
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("ports %q: %w", part, err)
		case r.From > r.To:
			return nil, nil, fmt.Errorf("ports %q: the range ends before it begins", part)
		case !named || protocol == "tcp":
			tcp = append(tcp, r)
		case protocol == "udp":
			udp = append(udp, r)
		default:
			return nil, nil, fmt.Errorf("ports %q: %s is neither tcp nor udp", part, protocol)
		}
	}
	return union(tcp), union(udp), nil
}

func port(text string) (uint16, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no port from 1 to 65535", text)
	}
	return uint16(n), nil
}

// union sorts ranges and joins those that meet.
func union(list []Range) []Range {
	slices.SortFunc(list, func(a, b Range) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	var out []Range
	for _, r := range list {
		if n := len(out); n > 0 && int(r.From) <= int(out[n-1].To)+1 {
			out[n-1].To = max(out[n-1].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// list is every port of sorted ranges.
func list(ranges []Range) []uint16 {
	var out []uint16
	for _, r := range ranges {
		for n := int(r.From); n <= int(r.To); n++ {
			out = append(out, uint16(n))
		}
	}
	return out
}

// Ranges sums a sorted list of ports up.
func Ranges(ports []uint16) []Range {
	var out []Range
	for _, p := range ports {
		out = append(out, Range{p, p})
	}
	return union(out)
}

func spell(ranges []Range) string {
	var parts []string
	for _, r := range ranges {
		if r.From == r.To {
			parts = append(parts, strconv.Itoa(int(r.From)))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", r.From, r.To))
		}
	}
	return strings.Join(parts, ",")
}
