package secrets

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/git"
	"github.com/writ-policy/writ/engine/fact"
)

// historyLimits bound what is read of a history.
var historyLimits = git.Limits{Commits: 200_000, Files: 1_000_000, Bytes: 8 << 30}

// past is what a version of a file held.
type past struct {
	name   string
	commit git.ID
	searched
}

// history searches every version of every file below the source that the history of
// HEAD holds. Of one secret in one file only the first version is returned, and none
// of what the file holds today: that is told already. Reasons say what was not read.
func (s *source) history(ctx context.Context, today map[string]bool) (found []past, reasons []string) {
	if s.repo == nil {
		return nil, []string{"history was asked for, and there is no repository that can be read"}
	}
	var wg sync.WaitGroup
	var all []*past
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	prefix := s.env.Tree.Dir
	if s.repo.Dir != "." {
		prefix = strings.TrimPrefix(strings.TrimPrefix(prefix, s.repo.Dir), "/")
	}
	keep := func(name string) bool {
		return prefix == "." || prefix == "" || name == prefix || collectors.Under(prefix, name) || strings.HasSuffix(name, "/") && strings.HasPrefix(prefix+"/", name)
	}
	missed, err := s.repo.History(ctx, historyLimits, keep, func(v git.Visited) error {
		p := &past{name: v.Path, commit: v.Commit}
		if s.repo.Dir != "." {
			p.name = s.repo.Dir + "/" + v.Path
		}
		all = append(all, p)
		gate <- struct{}{}
		wg.Go(func() {
			if len(v.Data) > maxFile && !binary(v.Data) {
				p.reason = fmt.Sprintf("%s: larger than %d MiB, not searched for secrets", p.name, maxFile>>20)
			} else {
				p.searched = s.text(p.name, v.Commit.String(), v.Data)
			}
			<-gate
		})
		return nil
	})
	wg.Wait()
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			err = errors.New("it takes too long")
		}
		missed = append(missed, "not all of it was searched: "+err.Error())
	}
	for _, m := range missed {
		reasons = append(reasons, "history: "+m)
	}
	for _, p := range all {
		kept := past{name: p.name, commit: p.commit}
		kept.reason = p.reason
		for i, one := range p.found {
			key := seenKey(one, p.values[i])
			if today[key] || one.by == "name" {
				continue
			}
			today[key] = true
			one.commit = p.commit.String()
			one.place = fmt.Sprintf("%s:%d@%.12s", p.name, one.at.Line, one.commit)
			one.at = fact.Position{Source: p.name} // the line is not that of the file today
			kept.found, kept.values = append(kept.found, one), append(kept.values, p.values[i])
		}
		if len(kept.found) > 0 || kept.reason != "" {
			found = append(found, kept)
		}
	}
	return found, reasons
}

// seenKey is the same for one secret in one file.
func seenKey(one match, value string) string {
	if one.category != "" { // identifiers are counted, not compared
		value = ""
	}
	return one.rule + "\x00" + one.at.Source + "\x00" + value
}
