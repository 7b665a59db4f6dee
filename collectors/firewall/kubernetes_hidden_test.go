package firewall_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/fact"
)

// hideable are the values of a generated manifest below an object's name.
var hideable = regexp.MustCompile(`(?:: |\[|, )([A-Za-z0-9"][A-Za-z0-9"./:]*|\{[^{}]*\}|\[[^\[\]]*\])`)

// hide replaces one value of a manifest by one that is not known.
func hide(r *rand.Rand, text string) (string, bool) {
	lines := strings.Split(text, "\n")
	for range 50 {
		i := r.IntN(len(lines))
		if trimmed := strings.TrimSpace(lines[i]); trimmed == "---" || slices.ContainsFunc([]string{"apiVersion:", "kind:", "name:", "namespace:"}, func(s string) bool { return strings.HasPrefix(trimmed, s) }) {
			continue
		}
		found := hideable.FindAllStringSubmatchIndex(lines[i], -1)
		if len(found) == 0 {
			continue
		}
		at := found[r.IntN(len(found))]
		if lines[i][at[3]-1] == ':' {
			continue // a member's name
		}
		lines[i] = lines[i][:at[2]] + "!hidden x" + lines[i][at[3]:]
		return strings.Join(lines, "\n"), true
	}
	return text, false
}

// What is not known never decides: with any value hidden, each answer is the one
// that the whole manifest gives, or that it is not known.
func TestHiddenValuesDecideNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	compared, weaker := 0, 0
	for range 1500 {
		c := randomCluster(r)
		text := c.manifest()
		less, ok := hide(r, text)
		if !ok {
			continue
		}
		whole := byID(c.exposures(t, text))
		for id, item := range byID(c.exposures(t, less)) {
			if whole[id] == nil {
				continue // a port that is not known any more
			}
			for _, source := range c.sources() {
				if source.pods != nil {
					continue
				}
				want, got := said(whole[id], source.address), said(item, source.address)
				compared++
				if got != want && got == maybe {
					weaker++
				}
				if got != want && got != maybe {
					t.Fatalf("%s from %v: %v with all values known, %v with one hidden\n%s", id, source.address, want, got, cmp.Diff(text, less))
				}
			}
		}
	}
	if compared < 20000 || weaker < 1000 {
		t.Errorf("%d answers compared, of which %d were weaker", compared, weaker)
	}
}

func byID(items []fact.Item) map[string]fact.Item {
	out := map[string]fact.Item{}
	for _, item := range items {
		out[item.ID()] = item
	}
	return out
}
