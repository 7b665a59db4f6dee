package tls

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt anew")

func TestGolden(t *testing.T) {
	sourcetest.Any.Golden(t, "testdata/*.txtar", *update, Collector{}, Endpoints{})
}

// The names of policies decode: 1-0 to 1-3 is the oldest version, TLS13 adds 1.3.
// The tables are compared with that reading.
func TestPolicyNamesDecode(t *testing.T) {
	for _, name := range names(elbPolicies) {
		p, ok := elbPolicy(elbPrefix + name)
		if !ok {
			t.Errorf("%s: not found", name)
			continue
		}
		oldest, newest := "tls1.0", "tls1.2"
		if strings.HasPrefix(name, "TLS13-") {
			newest = "tls1.3"
		}
		for _, v := range []string{"1-0", "1-1", "1-2", "1-3"} {
			for _, prefix := range []string{"TLS13-", "TLS-", "FS-"} {
				if strings.HasPrefix(name, prefix+v) {
					oldest = "tls" + strings.ReplaceAll(v, "-", ".")
				}
			}
		}
		if diff := cmp.Diff(from(oldest, newest), p.Protocols); diff != "" {
			t.Errorf("%s (-decoded +table):\n%s", name, diff)
		}
		if strings.Contains(name, "FIPS") && slices.Contains(p.Suites, "TLS_CHACHA20_POLY1305_SHA256") {
			t.Errorf("%s: ChaCha20 is no FIPS cipher", name)
		}
		if strings.Contains(name, "-Res-") || strings.HasPrefix(name, "FS-") {
			for _, s := range p.Suites {
				if strings.HasPrefix(s, "TLS_RSA_") {
					t.Errorf("%s: %s has no forward secrecy", name, s)
				}
			}
		}
	}
}

// All names that the user guides list, as at October 2026, are in the table; a
// name that is not is unknown, however much it looks like one.
func TestPoliciesAreWhole(t *testing.T) {
	if got := len(names(elbPolicies)); got != 46 {
		t.Errorf("%d policies of Application and Network Load Balancers, want 46", got)
	}
	for _, name := range []string{"", "ELBSecurityPolicy", "ELBSecurityPolicy-", "ELBSecurityPolicy-TLS13-1-2-Res-2031-01", "2016-08", "elbsecuritypolicy-2016-08"} {
		if p, ok := elbPolicy(name); ok {
			t.Errorf("%q is found: %v", name, p)
		}
	}
}

// Sizes of suite lists as the AWS pages and the API list them.
func TestSuites(t *testing.T) {
	for name, want := range map[string]int{
		"2016-08": 18, "TLS-1-2-2017-01": 12, "TLS-1-2-Ext-2018-06": 18, "FS-2018-06": 12, "FS-1-2-Res-2019-08": 8, "FS-1-2-Res-2020-10": 4,
		"TLS-1-0-2015-04": 19, "TLS13-1-2-2021-06": 11, "TLS13-1-2-Res-2021-06": 7, "TLS13-1-2-Ext1-2021-06": 15, "TLS13-1-2-Ext2-2021-06": 21,
		"TLS13-1-3-2021-06": 3, "TLS13-1-3-FIPS-2023-04": 2, "TLS13-1-2-FIPS-2023-04": 10, "TLS13-1-2-Res-FIPS-2023-04": 6,
		"TLS13-1-2-Ext0-FIPS-2023-04": 14, "TLS13-1-2-Ext1-FIPS-2023-04": 14, "TLS13-1-2-Ext2-FIPS-2023-04": 20, "TLS13-1-0-FIPS-2023-04": 20,
	} {
		if p, _ := elbPolicy(elbPrefix + name); len(p.Suites) != want {
			t.Errorf("%s: %d suites, want %d", name, len(p.Suites), want)
		}
	}
	for name, want := range map[string]int{"SSLv3": 24, "TLSv1": 23, "TLSv1_2016": 22, "TLSv1.1_2016": 22, "TLSv1.2_2018": 16, "TLSv1.2_2019": 13, "TLSv1.2_2021": 9, "TLSv1.2_2025": 6, "TLSv1.3_2025": 3} {
		if p, _ := cloudfrontPolicy(name); len(p.Suites) != want {
			t.Errorf("%s: %d suites, want %d", name, len(p.Suites), want)
		}
	}
}

// Every suite the tables name is one of a known group, and every group is used.
func TestSuiteGroups(t *testing.T) {
	used := map[string]bool{}
	for _, table := range []string{elbPolicies, classicPolicies, cloudfrontPolicies, searchPolicies, gatewayPolicies, azureGatewayPolicies} {
		for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
			columns := strings.Fields(line)
			if !slices.Contains(versions, columns[1]) || !slices.Contains(versions, columns[2]) {
				t.Errorf("%s: not a version", line)
			}
			for _, group := range columns[3:] {
				if suiteGroups[group] == nil && group != "?" {
					t.Errorf("%s: group %s", line, group)
				}
				used[group] = true
			}
		}
	}
	for group := range suiteGroups {
		if !used[group] {
			t.Errorf("group %s is not used", group)
		}
	}
}

// What is not known never becomes a default.
func TestUnknownStaysUnknown(t *testing.T) {
	env := sourcetest.Env(nil)
	sourcetest.UnknownArguments(t, "testdata/*.txtar", func(root *terraform.Root) []*fact.Document {
		return []*fact.Document{fromTerraform(root, env.Envelope("tls", "terraform"), env)}
	})
}
