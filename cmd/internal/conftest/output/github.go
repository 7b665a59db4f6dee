package output

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// writeGitHub writes commands of a GitHub workflow. A line break in a message ends
// the command, as in conftest.
func writeGitHub(b *bytes.Buffer, o Options, checks Checks) error {
	for i := range checks {
		c := &checks[i]
		if o.GitHubHidePassed && c.tests() == c.Successes {
			continue
		}
		fmt.Fprintf(b, "::group::Testing %q against %d policies in namespace %q\n", c.FileName, c.tests(), c.Namespace)
		whole := Location{File: c.FileName, Line: "1"}
		command := func(level string, l Location, message string) {
			file := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(l.File)
			fmt.Fprintf(b, "::%s file=%s,line=%s::%s\n", level, file, l.Line, message)
		}
		results := func(level, prefix string, rs []Result) {
			for _, r := range rs {
				switch {
				case r.Location == nil:
					command(level, whole, prefix+r.Message)
				case r.Location.File == whole.File:
					command(level, *r.Location, prefix+r.Message)
				default:
					origin := Location{File: relative(r.Location.File), Line: r.Location.Line}
					command(level, origin, prefix+r.Message)
					command(level, whole, fmt.Sprintf("(ORIGINATING FROM %s L%s) %s%s", origin.File, origin.Line, prefix, r.Message))
				}
			}
		}
		results("error", "", c.Failures)
		results("warning", "", c.Warnings)
		results("notice", "", c.Exceptions)
		results("notice", "Test was skipped: ", c.Skipped)
		command("notice", whole, fmt.Sprintf("Number of successful checks: %d", c.Successes))
		b.WriteString("::endgroup::\n")
	}
	fmt.Fprintln(b, checks.totals())
	return nil
}

func relative(path string) string {
	if !filepath.IsAbs(path) {
		return path
	}
	folder, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(folder, path); err == nil {
		return rel
	}
	return path
}
