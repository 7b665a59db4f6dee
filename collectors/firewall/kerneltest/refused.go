//go:build linux

package kerneltest

import (
	"maps"
	"regexp"
	"strconv"
	"strings"
)

var (
	refusedPart = regexp.MustCompile(`rules are not taken: ([a-z0-9-]+)( \(box\))?: `)
	refusedNFT  = regexp.MustCompile(`/dev/stdin:(\d+):`)
	refusedLine = regexp.MustCompile(`(?m)(?:line |line: )(\d+)`)
)

// without leaves out the lines that a program's complaint names; nil where it names
// none.
func (r Ruleset) without(complaint string) Ruleset {
	m := refusedPart.FindStringSubmatch(complaint)
	if m == nil {
		return nil
	}
	part, ahead, lines := strings.TrimSuffix(m[1], "-restore"), 0, refusedLine
	switch part {
	case "nft":
		lines, ahead = refusedNFT, strings.Count(observer, "\n")
		if m[2] != "" {
			part, ahead = Container, ahead+1
		}
	}
	drop := map[int]bool{}
	for _, m := range lines.FindAllStringSubmatch(complaint, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			drop[n-1-ahead] = true
		}
	}
	var kept []string
	all := strings.Split(r[part], "\n")
	for i, line := range all {
		if !drop[i] || strings.HasPrefix(line, "*") || line == "COMMIT" {
			kept = append(kept, line)
		}
	}
	if len(kept) == len(all) {
		return nil
	}
	out := maps.Clone(r)
	out[part] = strings.Join(kept, "\n")
	return out
}
