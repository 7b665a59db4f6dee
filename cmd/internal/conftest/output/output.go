package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Options are what the flags of a command say about output.
type Options struct {
	NoColor            bool
	SuppressExceptions bool
	ShowSkipped        bool
	JUnitHideMessage   bool
	GitHubHidePassed   bool
	Version            string // of the tool, in SARIF
}

// Formats returns the names of the formats.
func Formats() []string {
	return []string{"stdout", "json", "tap", "table", "junit", "github", "azuredevops", "sarif"}
}

// Write writes the results in a format; a format that is not known is stdout.
func Write(w io.Writer, format string, o Options, checks Checks) error {
	var b bytes.Buffer
	var err error
	switch format {
	case "json":
		err = writeJSON(&b, checks)
	case "tap":
		writeTAP(&b, checks)
	case "table":
		writeTable(&b, checks)
	case "junit":
		err = writeJUnit(&b, o, checks)
	case "github":
		err = writeGitHub(&b, o, checks)
	case "azuredevops":
		writeAzure(&b, checks)
	case "sarif":
		err = writeSARIF(&b, o, checks)
	case "stdout":
		writeStandard(&b, o, checks)
	default:
		writeStandard(&b, Options{}, checks)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

func writeJSON(b *bytes.Buffer, checks Checks) error {
	checks = slices.Clone(checks)
	for i := range checks {
		checks[i].Queries = nil
		if checks[i].FileName == "-" {
			checks[i].FileName = ""
		}
	}
	text, err := json.MarshalIndent(checks, "", "\t")
	if err != nil {
		return fmt.Errorf("marshal json: %w", err)
	}
	b.Write(text)
	b.WriteByte('\n')
	return nil
}

// place is how the lines of stdout and tap name a check.
func (c *Check) place() string {
	file, namespace := "- "+c.FileName, "- "+c.Namespace+" -"
	if c.FileName == "-" {
		file = "-"
	}
	if c.Namespace == "-" {
		namespace = "-"
	}
	return file + " " + namespace
}

func writeTAP(b *bytes.Buffer, checks Checks) {
	tests := checks.totals().tests()
	if tests == 0 {
		return
	}
	fmt.Fprintf(b, "1..%d\n", tests)
	n := 0
	for i := range checks {
		c := &checks[i]
		for _, section := range []struct {
			title, status string
			results       []Result
		}{
			{"", "not ok", c.Failures},
			{"# warnings\n", "not ok", c.Warnings},
			{"# exceptions\n", "ok", c.Exceptions},
			{"# skip\n", "ok", c.Skipped},
			{"# successes\n", "ok", slices.Repeat([]Result{{Message: "SUCCESS"}}, c.Successes)},
		} {
			if len(section.results) > 0 {
				b.WriteString(section.title)
			}
			for _, r := range section.results {
				n++
				fmt.Fprintf(b, "%s %d %s %s\n", section.status, n, c.place(), r.Message)
			}
		}
	}
}

func writeAzure(b *bytes.Buffer, checks Checks) {
	for i := range checks {
		c := &checks[i]
		fmt.Fprintf(b, "##[section]Testing '%s' against %d policies in namespace '%s'\n##[group]See conftest results\n", c.FileName, c.tests(), c.Namespace)
		for _, r := range c.Failures {
			fmt.Fprintf(b, "##vso[task.logissue type=error] file=%s --> %s\n", c.FileName, r.Message)
		}
		for _, r := range slices.Concat(c.Warnings, c.Exceptions) {
			fmt.Fprintf(b, "##vso[task.logissue type=warning] file=%s --> %s\n", c.FileName, r.Message)
		}
		for _, r := range c.Skipped {
			fmt.Fprintf(b, "skipped file=%s %s\n", c.FileName, r.Message)
		}
		if c.Successes > 0 {
			fmt.Fprintf(b, "success file=%s %d\n", c.FileName, c.Successes)
		}
		b.WriteString("##[endgroup]\n")
	}
	fmt.Fprintln(b, checks.totals())
}
