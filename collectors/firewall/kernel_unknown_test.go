//go:build linux

package firewall

import (
	"context"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// TestUnknownShare holds that of listeners on hosts whose filters ufw, Docker,
// firewalld and kube-proxy wrote less than one of fifty is answered with "unknown" for
// anybody: one listener on every port that any rule tells from others, and on those
// that servers have.
func TestUnknownShare(t *testing.T) {
	files, err := filepath.Glob("../../testdata/corpus/firewall-*/host.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	all, allUnknown := 0, 0
	for _, file := range files {
		h := corpusHost(t, file, netfilter.Options{})
		h.finish(context.Background())
		f := &facts{machines: map[string]*machine{}}
		var m *machine
		for _, d := range h.documents() {
			f.addHost(d)
			m = f.machine(d.Target)
		}
		m.read()
		listeners, unknowns := 0, 0
		why := map[string]int{}
		for i, p := range m.programs {
			ports := append([]int{22, 25, 53, 80, 443, 3306, 5432, 6379, 8080, 9090, 27017}, p.ports...)
			slices.Sort(ports)
			for _, port := range slices.Compact(ports) {
				for _, protocol := range []uint8{6, 17} {
					if port == 0 {
						continue
					}
					listeners++
					any := netip.IPv4Unspecified()
					if i == 1 {
						any = netip.IPv6Unspecified()
					}
					r := p.listen(ear{protocol: protocol, address: any, port: uint16(port)})
					if r.reason != "" {
						unknowns++
						why[r.reason]++
						continue
					}
					if slices.ContainsFunc(r.answers, func(a answer) bool { return a.verdict == unknown }) {
						unknowns++
						for _, c := range r.causes {
							if c.level == doubtful {
								why[c.reason]++
							}
						}
					}
				}
			}
		}
		t.Logf("%-22s %4d listeners, %d unknown", filepath.Base(filepath.Dir(file)), listeners, unknowns)
		for _, line := range topReasons(why, 5) {
			t.Log(line)
		}
		all, allUnknown = all+listeners, allUnknown+unknowns
	}
	t.Logf("%d of %d listeners are unknown: %.2f %%", allUnknown, all, 100*float64(allUnknown)/float64(all))
	if allUnknown*50 >= all {
		t.Error("that is one of fifty or more")
	}
}
