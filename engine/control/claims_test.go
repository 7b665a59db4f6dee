package control

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func paths(text string) []Path {
	var out []Path
	for _, p := range strings.Fields(text) {
		if p == "." {
			out = append(out, Path{})
			continue
		}
		out = append(out, Path(strings.Split(p, "/")))
	}
	return out
}

func text(list []Path) string {
	var out []string
	for _, p := range list {
		if len(p) == 0 {
			out = append(out, ".")
			continue
		}
		out = append(out, p.String())
	}
	return strings.Join(out, " ")
}

// A path that another covers adds nothing; one that meets more gaps stays.
func TestCompact(t *testing.T) {
	for _, row := range []struct{ paths, want string }{
		{"a/b a", "a"},
		{"a/# a/b", "a/b"},
		{"a/# a", "a"},
		{"a/# a/#", "a/#"},
		{"a/# b", "a/# b"},
		{"owners/*/exe owners/0/exe", "owners/*/exe"},
		{"owners/0/# owners/*/exe", "owners/*/exe"},
		{"owners/*/# owners/0/exe", "owners/*/# owners/0/exe"},
		{"# a", "a"},
		{". a b/c", "."},
	} {
		if got := text(compact(paths(row.paths))); got != row.want {
			t.Errorf("compact %s = %s, want %s", row.paths, got, row.want)
		}
	}
}

// Where OPA's dependencies name a place that was not followed, they are used.
func TestComplete(t *testing.T) {
	for _, row := range []struct{ exact, base, want string }{
		{"owners/*/exe", "owners", "owners/*/exe"},
		{"owners/*/exe scope", "owners", "owners/*/exe scope"},
		{"owners/#", "owners", "owners/#"},
		{"wire", "wire/name", "wire"},
		{"wire/#", "wire/name", "wire/# wire/name"},
		{"scope", "scope tls", "scope tls"},
		{"", "tls", "tls"},
		{"scope", ".", "scope"},
		{"", ".", "."},
	} {
		r := Reads{Subject: paths(row.exact)}
		r.complete(Reads{Subject: paths(row.base)})
		if got := text(r.Subject); got != row.want {
			t.Errorf("%s beside %s = %s, want %s", row.exact, row.base, got, row.want)
		}
		r = Reads{Facts: map[string][]Path{"k": paths(row.exact)}}
		r.complete(Reads{Facts: map[string][]Path{"k": paths(row.base)}})
		if got := text(r.Facts["k"]); got != row.want {
			t.Errorf("facts: %s beside %s = %s, want %s", row.exact, row.base, got, row.want)
		}
	}
}

// A parameter is named as far as it is declared.
func TestCutParams(t *testing.T) {
	declared := func(name string) bool { return name == "tls.baseline" || name == "log.lag.aws" }
	got := cutParams([]string{"tls.baseline.rows.*.id", "tls.baseline", "log.lag", "log.lag.aws", "log", "", "log.lag.*.x"}, declared)
	if diff := cmp.Diff([]string{"log.lag.*.x", "log.lag.aws", "tls.baseline"}, got); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}

// Gaps above, at and below a path are met; of one that ends in # not those below.
func TestMeets(t *testing.T) {
	for _, row := range []struct{ path, gap, want string }{
		{"owners/*/exe", "owners", "true"},
		{"owners/*/exe", "owners/3", "true"},
		{"owners/*/exe", "owners/3/exe", "true"},
		{"owners/*/exe", "owners/3/unit", "false"},
		{"owners", "owners/3/unit", "true"},
		{"owners/#", "owners", "true"},
		{"owners/#", "owners/3", "false"},
		{"owners/*/#", "owners/3", "true"},
		{"owners/*/#", "owners/3/exe", "false"},
	} {
		if got := fmt.Sprint(paths(row.path)[0].Meets(strings.Split(row.gap, "/"))); got != row.want {
			t.Errorf("%s meets %s: %s, want %s", row.path, row.gap, got, row.want)
		}
	}
}
