package register

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// scanned sets, for each exposure, the scanned ports of its system that lie in its
// range: on its address, or on any where it has none of its own. Where no scan was made
// there are none.
func (l *links) scanned(s *sheet) {
	if !s.takes("scanned") {
		return
	}
	for i, item := range s.doc.Items {
		k := s.socket(i)
		if k.unknown != "" && !k.anywhere {
			s.gap(i, "scanned", k.unknown, fact.Position{})
			continue
		}
		var found []string
		reason := ""
		for _, d := range l.kinds["port.scanned"] {
			if l.systems[d.Target.ID] != l.systems[s.doc.Target.ID] {
				continue
			}
			if !d.Complete {
				reason = cmp.Or(strings.Join(d.Reasons, "; "), "the scan of "+d.Target.ID+" is not complete")
			}
			for n, port := range d.Items {
				number, ok := integer(port["port"])
				text, _ := port["address"].(string)
				protocol, _ := port["protocol"].(string)
				if !ok {
					reason = cmp.Or(reason, cmp.Or(gapOf(d, n, "port"), "a scanned port is not known"))
					continue
				}
				if (item["protocol"] == "any" || protocol == k.protocol) && number >= k.from && number <= k.to && k.seenAt(text) {
					found = append(found, d.Target.ID+"#"+port.ID())
				}
			}
		}
		if len(found) == 0 && reason != "" {
			s.gap(i, "scanned", reason, fact.Position{})
			continue
		}
		s.set(i, "scanned", fact.Strings(found), fact.Position{})
	}
}

// seenAt reports whether what is bound to the socket's addresses may be seen at one.
func (k socket) seenAt(text string) bool {
	a, err := netip.ParseAddr(text)
	return err != nil || slices.ContainsFunc(k.addresses, func(own netip.Addr) bool {
		return !own.IsValid() || own.IsUnspecified() && own.Is4() == a.Unmap().Is4() || own == a.Unmap().WithZone("")
	})
}

// gapOf is the reason of a gap, empty if there is none.
func gapOf(d *fact.Document, i int, field string) string {
	if v, there := d.Items[i][field]; there && v == nil {
		return reason(d, i, field)
	}
	return ""
}
