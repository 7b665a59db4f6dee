//go:build linux

package firewall

import (
	"strings"

	"github.com/writ-policy/writ/collectors/firewall/kerneltest"
)

// kernelShrink takes away rules and packets that a contradiction does not need, and
// returns what is left with what is wrong then.
func kernelShrink(l *kerneltest.Lab, rules kerneltest.Ruleset, found *kernelFinding) (kerneltest.Ruleset, *kernelFinding) {
	check := func(r kerneltest.Ruleset, q *kernelQuestion) string {
		listing, err := l.Load(r)
		if err != nil {
			return ""
		}
		fates, err := l.Send(q.probes)
		if err != nil {
			return ""
		}
		return q.wrong(compile(kernelSpaces(listing, nil), q.v6, false, nil), fates, false, &kernelTally{})
	}
	q := *found.question
	q.probes = found.fewest()
	if check(rules, &q) == "" {
		return rules, &kernelFinding{found.question, found.what + " (once: it was not seen again)"}
	}
	all := q.probes
	for at, size := 0, max(1, len(all)/2); size > 0 && len(all) > 1 && q.ear == nil; {
		try := q
		try.probes = append(append([]kerneltest.Probe{}, all[:at]...), all[min(len(all), at+size):]...)
		if len(try.probes) > 0 && check(rules, &try) != "" {
			all = try.probes
		} else {
			at += size
		}
		if at >= len(all) {
			at, size = 0, size/2
		}
	}
	q.probes = all
	lines := linesOf(rules)
	for at, size := 0, max(1, len(lines)/2); size > 0; {
		try := append(append([]partLine{}, lines[:at]...), lines[min(len(lines), at+size):]...)
		if check(rulesOf(try), &q) != "" {
			lines = try
		} else {
			at += size
		}
		if at >= len(lines) {
			at, size = 0, size/2
		}
	}
	rules = rulesOf(lines)
	return rules, &kernelFinding{&q, check(rules, &q)}
}

// partLine is a line of a part of a ruleset.
type partLine struct{ part, text string }

// linesOf lists the lines that may be missing.
func linesOf(r kerneltest.Ruleset) []partLine {
	var list []partLine
	for _, part := range kerneltest.Parts() {
		table := ""
		for _, line := range strings.Split(r[part], "\n") {
			switch {
			case line == "" || line == "COMMIT":
			case strings.HasPrefix(line, "*"):
				table = line
			default:
				list = append(list, partLine{part + table, line})
			}
		}
	}
	return list
}

// rulesOf puts lines together again, those of iptables in their tables.
func rulesOf(list []partLine) kerneltest.Ruleset {
	r := kerneltest.Ruleset{}
	last := ""
	end := func() {
		if part, _, saved := strings.Cut(last, "*"); saved {
			r[part] += "COMMIT\n"
		}
	}
	for _, x := range list {
		part, table, saved := strings.Cut(x.part, "*")
		if x.part != last {
			end()
			if saved {
				r[part] += "*" + table + "\n"
			}
			last = x.part
		}
		r[part] += x.text + "\n"
	}
	end()
	return r
}
