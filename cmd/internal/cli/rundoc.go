package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/register"
)

// runDocument is the fact about the evaluation itself.
func runDocument(s *session, p *project, set *control.Set, collected []*fact.Document) *fact.Document {
	b := fact.NewBuilder("run", fact.Target{ID: "run"}, fact.Collector{Name: "run", Version: Version, Method: "run", Privileges: "user"}, s.now)
	it := b.Add("run", "observed", fact.Position{})
	it.Set("collections", []any{}, fact.Position{})
	slices.SortStableFunc(collected, func(a, b *fact.Document) int {
		return strings.Compare(a.Target.ID+"\x00"+a.Kind, b.Target.ID+"\x00"+b.Kind)
	})
	var targets, withPorts []string
	for _, d := range collected {
		c := it.Append("collections", fact.Position{})
		c.Set("target", d.Target.ID, fact.Position{}).Set("kind", d.Kind, fact.Position{}).Set("mode", mode(d), fact.Position{}).Set("commit", "", fact.Position{}).
			Set("collected_at", d.CollectedAt.UTC().Format(time.RFC3339), fact.Position{}).Set("complete", d.Complete, fact.Position{}).
			Set("errors", fact.Strings(d.Reasons), fact.Position{})
		targets = append(targets, d.Target.ID)
		if strings.HasPrefix(d.Kind, "port.") && len(d.Items) > 0 {
			withPorts = append(withPorts, d.Target.ID)
		}
	}
	var expected, covered []string
	for _, svc := range p.register.Services {
		for _, place := range svc.Targets {
			expected = append(expected, string(place))
			if slices.ContainsFunc(targets, func(t string) bool { return register.Match(place.Target(), t) }) {
				covered = append(covered, string(place))
			}
		}
	}
	uncovered := p.register.Uncovered(withPorts)
	claimed := slices.DeleteFunc(slices.Clone(withPorts), func(t string) bool { return slices.Contains(uncovered, t) })
	it.Object("assets", fact.Position{}).Set("expected", fact.Strings(expected), fact.Position{}).Set("covered", fact.Strings(covered), fact.Position{})
	it.Object("register", fact.Position{}).Set("digest", p.register.Digest, fact.Position{}).Set("valid", len(p.register.Errors) == 0, fact.Position{}).
		Set("errors", fact.Strings(p.register.Errors), fact.Position{}).Set("covered", fact.Strings(claimed), fact.Position{}).
		Set("uncovered", fact.Strings(uncovered), fact.Position{})
	it.Object("policy", fact.Position{}).Set("digest", set.Digest, fact.Position{}).Set("pinned", "", fact.Position{}).
		Set("supplied_by_tree", slices.ContainsFunc(p.supplied, inForce), fact.Position{})
	return b.Document()
}

func mode(d *fact.Document) string {
	if strings.HasPrefix(d.Target.ID, "config/") {
		return "file"
	}
	return "runtime"
}

// documentsDigest is over the digests of all documents, in their order.
func documentsDigest(docs []*fact.Document) string {
	var digests []string
	for _, d := range docs {
		digests = append(digests, d.Digest())
	}
	slices.Sort(digests)
	h := sha256.New()
	for _, d := range digests {
		h.Write([]byte(d))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
