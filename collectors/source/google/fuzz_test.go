package google

import (
	"net/netip"
	"testing"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Texts of any shape are read or refused, never more than they may be.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"", "22", "8000-8010", "-", "7776000s", "72h0m0s", "10.0.0.0/8", "::/0", "::ffff:10.0.0.1", "203.0.113.7", "europe-west3-a",
		"projects/p/locations/l/keyRings/r", "https://www.googleapis.com/compute/v1/projects/p/global/networks/n", "a@p.iam.gserviceaccount.com", "/", "projects/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := fact.Position{}
		if d := Days(aws.Declared(text, at)); d.Known() && d.Value < 0 {
			t.Errorf("%q: %d days", text, d.Value)
		}
		v := &terraform.Value{Kind: terraform.String, Text: text}
		if from, to, reason := portRange(v); reason == "" && (from < 0 || to > 65535 || from > to) {
			t.Errorf("%q: ports %d-%d", text, from, to)
		}
		if block, ok := Block(text); ok {
			if p, err := netip.ParsePrefix(block); err != nil || p != p.Masked() || p.Addr().Is4In6() {
				t.Errorf("%q: block %q", text, block)
			}
		}
		if r := region(text); region(r) != r && len(r) < len(text) && region(region(r)) != region(r) {
			t.Errorf("%q: region %q", text, r)
		}
		_, _, _ = BaseName(text), Segment(text, "projects"), Countries(aws.Declared(region(text), at))
	})
}
