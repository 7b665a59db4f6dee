package output

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"runtime"
	"slices"
	"strings"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Time       string          `xml:"time,attr"`
	Name       string          `xml:"name,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Skipped *junitSkipped `xml:"skipped"`
	Failure *junitFailure `xml:"failure"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a suite for each namespace, in the order in which they come.
// Exceptions are not in it.
func writeJUnit(b *bytes.Buffer, o Options, checks Checks) error {
	var report junitSuites
	suite := func(namespace string) *junitSuite {
		name := "conftest." + namespace
		i := slices.IndexFunc(report.Suites, func(s junitSuite) bool { return s.Name == name })
		if i < 0 {
			i = len(report.Suites)
			report.Suites = append(report.Suites, junitSuite{
				Time: "0.000", Name: name,
				Properties: []junitProperty{{"go.version", runtime.Version()}},
			})
		}
		return &report.Suites[i]
	}
	for i := range checks {
		c := &checks[i]
		if c.tests() == len(c.Exceptions) {
			continue
		}
		s := suite(c.Namespace)
		add := func(r Result, t junitCase) {
			t.Class, t.Time, t.Name = s.Name, "0.000", c.FileName
			if r.Message != "" && !o.JUnitHideMessage {
				first, _, _ := strings.Cut(r.Message, "\n")
				t.Name += " - " + first
			}
			s.Tests++
			s.Cases = append(s.Cases, t)
		}
		for _, r := range slices.Concat(c.Warnings, c.Failures) {
			s.Failures++
			add(r, junitCase{Failure: &junitFailure{Message: "Failed", Text: r.Message}})
		}
		for _, r := range c.Skipped {
			add(r, junitCase{Skipped: &junitSkipped{Message: r.Message}})
		}
		for range c.Successes {
			add(Result{}, junitCase{})
		}
	}
	text, err := xml.MarshalIndent(report, "", "\t")
	if err != nil {
		return fmt.Errorf("format junit: %w", err)
	}
	b.WriteString(xml.Header)
	b.Write(text)
	b.WriteByte('\n')
	return nil
}
