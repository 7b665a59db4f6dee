package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/register"
)

func TestUnscanned(t *testing.T) {
	tcp := func(target, address, family string, p ...ports) asked {
		return asked{target: target, address: address, family: family, protocol: "tcp", ports: p}
	}
	all := ports{1, 65535}
	for name, test := range map[string]struct {
		places []string
		found  []asked
		want   []string
	}{
		"everything":             {[]string{"host/db1"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", all)}, nil},
		"in pieces":              {[]string{"host/db1"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", ports{1, 100}, ports{101, 65535})}, nil},
		"a range is left":        {[]string{"host/db1"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", ports{2, 100}, ports{200, 65535})}, []string{"host/db1 ipv4 tcp 1,101-199"}},
		"another host":           {[]string{"host/db1", "host/db2"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", all)}, []string{"host/db2   "}},
		"a glob beside":          {[]string{"host/db1", "host/x*"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", all)}, nil},
		"a glob alone":           {[]string{"host/x*"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", all)}, []string{"host/x*   "}},
		"no host":                {[]string{"config/**"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", all)}, nil},
		"two families":           {[]string{"host/db1"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", all), tcp("host/db1", "fd00::1", "ipv6", ports{1, 9})}, []string{"host/db1 ipv6 tcp 10-65535"}},
		"two addresses":          {[]string{"host/db1"}, []asked{tcp("host/db1", "10.0.0.1", "ipv4", all), tcp("host/db1", "10.0.0.2", "ipv4", ports{1, 9})}, []string{"host/db1 ipv4 tcp 10-65535"}},
		"a block that is silent": {[]string{"host/10.0.0.7"}, []asked{tcp("network/10.0.0.0/24", "10.0.0.0/24", "ipv4", all)}, nil},
		"of another block":       {[]string{"host/10.0.1.7"}, []asked{tcp("network/10.0.0.0/24", "10.0.0.0/24", "ipv4", all)}, []string{"host/10.0.1.7   "}},
	} {
		s := &register.Service{}
		for _, p := range test.places {
			s.Targets = append(s.Targets, register.Place(p))
		}
		var got []string
		for _, m := range unscanned([]*register.Service{s}, test.found, map[string][]ports{"tcp": {all}}) {
			got = append(got, fmt.Sprintf("%s %s %s %s", m.target, m.family, m.protocol, spellPorts(m.ports)))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := spellPorts(wanted("80, 1-20,15-30,x,70000")); got != "1-30,80" {
		t.Errorf("wanted: %s", strings.TrimSpace(got))
	}
}
