package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/register"
)

func TestAssets(t *testing.T) {
	for name, test := range map[string]struct {
		places, targets   []string
		expected, covered []string
	}{
		"one glob":               {[]string{"config/**#aws_db_instance.*"}, []string{"config/infra"}, []string{"config/**#aws_db_instance.*"}, []string{"config/**#aws_db_instance.*"}},
		"nothing matches":        {[]string{"config/**", "host/db*"}, []string{"config"}, []string{"config/**", "host/db*"}, nil},
		"another way of reading": {[]string{"config/**", "host/db*"}, []string{"config/infra"}, []string{"config/**"}, []string{"config/**"}},
		"each host for itself":   {[]string{"host/web1", "host/web2"}, []string{"host/web1"}, []string{"host/web1", "host/web2"}, []string{"host/web1"}},
		"a host beside files":    {[]string{"config/**", "host/web1#x*"}, []string{"config/infra"}, []string{"config/**", "host/web1#x*"}, []string{"config/**"}},
		"two parts of a target":  {[]string{"config/**#a", "config/**#b"}, []string{"config/infra"}, []string{"config/**#a", "config/**#b"}, []string{"config/**#a", "config/**#b"}},
		"the spelling of a root": {[]string{"config/infra", "config/shop/*"}, []string{"config/infra"}, []string{"config/infra"}, []string{"config/infra"}},
		"no place":               {nil, []string{"config/infra"}, nil, nil},
	} {
		s := &register.Service{}
		for _, p := range test.places {
			s.Targets = append(s.Targets, register.Place(p))
		}
		expected, covered := assets([]*register.Service{s}, test.targets)
		if diff := cmp.Diff([][]string{test.expected, test.covered}, [][]string{expected, covered}); diff != "" {
			t.Errorf("%s: expected and covered (-want +got):\n%s", name, diff)
		}
	}
	// One service does not stand for another.
	services := []*register.Service{{Targets: []register.Place{"config/**"}}, {Targets: []register.Place{"host/*"}}}
	expected, covered := assets(services, []string{"config/infra"})
	if diff := cmp.Diff([][]string{{"config/**", "host/*"}, {"config/**"}}, [][]string{expected, covered}); diff != "" {
		t.Errorf("two services: expected and covered (-want +got):\n%s", diff)
	}
}
