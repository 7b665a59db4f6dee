package cli

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/register"
)

// runDocument is the fact about the evaluation itself. The commit of collected
// files stays empty, for nothing that is read names it, and a work tree may differ
// from it. Whether all files are of one commit is then not asked, which the control
// says where they were read at different times.
func runDocument(s *session, p *project, set *control.Set, collected []*telling) *fact.Document {
	b := fact.NewBuilder("run", fact.Target{ID: "run"}, fact.Collector{Name: "run", Version: Version, Method: "run", Privileges: "user"}, s.now)
	it := b.Add("run", "observed", fact.Position{})
	it.Set("collections", []any{}, fact.Position{})
	slices.SortStableFunc(collected, func(a, b *telling) int {
		return cmp.Or(strings.Compare(a.target, b.target), strings.Compare(a.kind, b.kind))
	})
	var targets, withPorts []string
	for _, d := range collected {
		c := it.Append("collections", fact.Position{})
		c.Set("target", d.target, fact.Position{}).Set("kind", d.kind, fact.Position{}).Set("mode", mode(d), fact.Position{}).Set("commit", "", fact.Position{}).
			Set("collected_at", d.collectedAt.UTC().Format(time.RFC3339), fact.Position{}).Set("complete", d.complete, fact.Position{}).
			Set("errors", fact.Strings(d.reasons), fact.Position{})
		targets = append(targets, d.target)
		if strings.HasPrefix(d.kind, "port.") && d.kind != "port.scan" && d.items > 0 {
			withPorts = append(withPorts, d.target)
		}
	}
	expected, covered := assets(p.register.Services, targets)
	uncovered := p.register.Uncovered(withPorts)
	claimed := slices.DeleteFunc(slices.Clone(withPorts), func(t string) bool { return slices.Contains(uncovered, t) })
	it.Object("assets", fact.Position{}).Set("expected", fact.Strings(expected), fact.Position{}).Set("covered", fact.Strings(covered), fact.Position{})
	it.Object("register", fact.Position{}).Set("digest", p.register.Digest, fact.Position{}).Set("valid", len(p.register.Errors) == 0, fact.Position{}).
		Set("errors", fact.Strings(p.register.Errors), fact.Position{}).Set("covered", fact.Strings(claimed), fact.Position{}).
		Set("uncovered", fact.Strings(uncovered), fact.Position{})
	scanFacts(it, p.register.Services, collected, set.Params)
	p.register.Notifications(it)
	it.Object("policy", fact.Position{}).Set("digest", set.Digest, fact.Position{}).Set("pinned", p.pinned, fact.Position{}).
		Set("supplied_by_tree", slices.ContainsFunc(p.supplied, inForce), fact.Position{})
	return b.Document()
}

// assets returns the places of services that should have been looked at, and those
// that were: whose glob over targets matches a collected one. What is in the target
// does not count here; where a collector could not read it, its document says so.
//
// A place without a star names one system, and each such system is expected for
// itself: that web1 was read says nothing of web2. A place with a star says how the
// targets of a service are spelled, and a service may have several, since it is one
// thing in files, in a plan and on hosts, which no single run need have read. So a
// glob that matches nothing is expected only while no other place of its service is
// covered; then the run has seen nothing of the service. Where another one is, it is
// left out of both lists: it was not looked at, and nothing says that it exists.
func assets(services []*register.Service, targets []string) (expected, covered []string) {
	for _, svc := range services {
		var seen, unseen []string
		for _, place := range svc.Targets {
			if slices.ContainsFunc(targets, func(t string) bool { return register.Match(place.Target(), t) }) {
				seen = append(seen, string(place))
			} else {
				unseen = append(unseen, string(place))
			}
		}
		covered = append(covered, seen...)
		expected = append(expected, seen...)
		for _, place := range unseen {
			if len(seen) == 0 || !strings.Contains(register.Place(place).Target(), "*") {
				expected = append(expected, place)
			}
		}
	}
	return expected, covered
}

func mode(d *telling) string {
	if strings.HasPrefix(d.target, "config/") {
		return "file"
	}
	if d.kind == "port.scan" || d.kind == "port.scanned" {
		return "scan"
	}
	return "runtime"
}

// documentsDigest is over the digests of all documents, in their order.
func documentsDigest(told []*telling) string {
	var digests []string
	for _, d := range told {
		digests = append(digests, d.digest)
	}
	slices.Sort(digests)
	h := sha256.New()
	for _, d := range digests {
		h.Write([]byte(d))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
