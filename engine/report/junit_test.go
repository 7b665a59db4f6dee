package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// junitElement is an element of the schema that reports are held to: what Ant's
// JUnit task and Jenkins' xUnit plugin have in common, put in our own words. Of both
// the stricter rule holds: all that one demands, nothing that the other forbids.
// Only file and line of a test case are in neither; GitLab and CircleCI read them.
type junitElement struct {
	required, optional []string
	// children in this order; a trailing * takes any number, a ? none or one.
	children []string
	text     bool
}

func junitSchema() map[string]junitElement {
	result := junitElement{required: []string{"message"}, optional: []string{"type"}, text: true}
	return map[string]junitElement{
		"testsuites": {children: []string{"testsuite*"}},
		"testsuite": {
			required: []string{"id", "name", "package", "hostname", "timestamp", "time", "tests", "failures", "errors", "skipped"},
			children: []string{"properties", "testcase*", "system-out", "system-err"},
		},
		"properties": {children: []string{"property*"}},
		"property":   {required: []string{"name", "value"}},
		"testcase": {
			required: []string{"classname", "name", "time"}, optional: []string{"file", "line"},
			children: []string{"skipped?", "error?", "failure?", "system-out?"},
		},
		"skipped": result, "error": result, "failure": result,
		"system-out": {text: true}, "system-err": {text: true},
	}
}

// xmlNode is an element as read.
type xmlNode struct {
	name     string
	attr     map[string]string
	children []*xmlNode
	text     string
}

func readXML(t testing.TB, data []byte) *xmlNode {
	t.Helper()
	root := &xmlNode{}
	open := []*xmlNode{root}
	dec := xml.NewDecoder(bytes.NewReader(data))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
		top := open[len(open)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &xmlNode{name: tok.Name.Local, attr: map[string]string{}}
			for _, a := range tok.Attr {
				if _, twice := n.attr[a.Name.Local]; twice {
					t.Errorf("<%s> has %s twice", n.name, a.Name.Local)
				}
				n.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text += string(tok)
		case xml.Directive, xml.Comment:
			t.Errorf("a directive or comment: %.100q", tok)
		}
	}
	if len(root.children) != 1 {
		t.Fatalf("%d roots", len(root.children))
	}
	return root.children[0]
}

var junitTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)

func (n *xmlNode) check(t testing.TB, schema map[string]junitElement) {
	t.Helper()
	rule, ok := schema[n.name]
	if !ok {
		t.Errorf("no element is called <%s>", n.name)
		return
	}
	for _, a := range rule.required {
		if _, ok := n.attr[a]; !ok {
			t.Errorf("<%s> lacks %s", n.name, a)
		}
	}
	for a := range n.attr {
		if !slices.Contains(rule.required, a) && !slices.Contains(rule.optional, a) {
			t.Errorf("<%s> has %s", n.name, a)
		}
	}
	if !rule.text && strings.TrimSpace(n.text) != "" {
		t.Errorf("<%s> has text %.100q", n.name, n.text)
	}
	i := 0
	for _, want := range rule.children {
		name := strings.TrimRight(want, "*?")
		count := 0
		for ; i < len(n.children) && n.children[i].name == name; i++ {
			count++
		}
		if one := name == want; one && count != 1 || strings.HasSuffix(want, "?") && count > 1 {
			t.Errorf("<%s> has %d of %s", n.name, count, want)
		}
	}
	if i < len(n.children) {
		t.Errorf("<%s> has an unexpected <%s>", n.name, n.children[i].name)
	}
	for _, c := range n.children {
		c.check(t, schema)
	}
}

func (n *xmlNode) all(name string) []*xmlNode {
	var found []*xmlNode
	for _, c := range n.children {
		if c.name == name {
			found = append(found, c)
		}
		found = append(found, c.all(name)...)
	}
	return found
}

// checkJUnit holds a report to the schema, and its counts to its cases.
func checkJUnit(t testing.TB, report []byte) {
	t.Helper()
	checkText(t, report)
	root := readXML(t, report)
	root.check(t, junitSchema())
	for i, suite := range root.children {
		for attr, name := range map[string]string{"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"} {
			if n := len(suite.all(name)); suite.attr[attr] != strconv.Itoa(n) {
				t.Errorf("suite %s: %s=%s, and %d of <%s>", suite.attr["name"], attr, suite.attr[attr], n, name)
			}
		}
		if suite.attr["id"] != strconv.Itoa(i) || !junitTime.MatchString(suite.attr["timestamp"]) {
			t.Errorf("suite %d: %v", i, suite.attr)
		}
		for _, c := range suite.all("testcase") {
			if n, err := strconv.Atoi(c.attr["line"]); c.attr["file"] != "" && (err != nil || n < 1) {
				t.Errorf("a case at %s:%s", c.attr["file"], c.attr["line"])
			}
		}
	}
}

// junitColours are the cases of a report: class, and the element that decides the
// colour.
func junitColours(t *testing.T, report []byte) []string {
	var got []string
	for _, c := range readXML(t, report).all("testcase") {
		colour := "passed"
		if len(c.children) > 0 && c.children[0].name != "system-out" {
			colour = c.children[0].name
		}
		got = append(got, c.attr["classname"]+" "+colour)
	}
	return got
}

// Red is what the gate stops; only a pass is green.
func TestJUnitColours(t *testing.T) {
	all := []*finding.Finding{
		{Control: "low", Outcome: finding.Fail, Severity: finding.Low},
		{Control: "high", Outcome: finding.Fail, Severity: finding.High},
		{Control: "known", Outcome: finding.Fail, Severity: finding.High, Baseline: "known"},
		{Control: "advisory", Outcome: finding.Fail, Severity: finding.High, Advisory: true},
		{Control: "unknown", Outcome: finding.Unknown},
		{Control: "blocking", Outcome: finding.Unknown, GateUnknown: true},
		{Control: "error", Outcome: finding.Error},
		{Control: "waived", Outcome: finding.Waived, Severity: finding.High},
		{Control: "none", Outcome: finding.NotApplicable},
		{Control: "pass", Outcome: finding.Pass},
		{Control: "advised", Outcome: finding.Pass, Advice: []string{"a"}},
	}
	for _, c := range []struct {
		name string
		run  finding.Run
		want map[string]string // that differ from the first row
	}{
		{"gate low", finding.Run{Gate: "low"}, map[string]string{}},
		{"gate high", finding.Run{Gate: "high"}, map[string]string{"low": "skipped"}},
		{"gate none", finding.Run{Gate: "none"}, map[string]string{"low": "skipped", "high": "skipped"}},
		{"strict", finding.Run{Gate: "low", Strict: true}, map[string]string{"unknown": "error"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			messages := []*finding.Message{{Run: &c.run}}
			for _, f := range all {
				messages = append(messages, &finding.Message{Finding: f})
			}
			messages = append(messages, &finding.Message{Summary: &finding.Summary{}})
			want := []string{"writ.run passed"}
			for _, f := range all {
				colour := map[string]string{"low": "failure", "high": "failure", "blocking": "error", "error": "error", "pass": "passed", "advised": "passed"}[f.Control]
				if colour == "" {
					colour = "skipped"
				}
				if other := c.want[f.Control]; other != "" {
					colour = other
				}
				want = append(want, f.Control+" "+colour)
			}
			if diff := cmp.Diff(want, junitColours(t, render(t, "junit", Options{Verbose: true}, messages))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A run that could not look is not green, with or without findings.
func TestJUnitOfAnUnusableRun(t *testing.T) {
	for _, s := range []*finding.Summary{
		{Exit: 2, ExitReason: "no facts"},
		{Exit: 3, ExitReason: "required but not asked"},
		{Exit: 0, Diagnostics: []fact.Diagnostic{{Severity: "error", Summary: "unclosed block"}}},
	} {
		out := render(t, "junit", Options{}, []*finding.Message{{Run: &finding.Run{}}, {Summary: s}})
		if diff := cmp.Diff([]string{"writ.run error"}, junitColours(t, out)); diff != "" {
			t.Errorf("%+v: %s", s, diff)
		}
	}
}

func TestXMLText(t *testing.T) {
	var forbidden strings.Builder
	for r := rune(0); r < ' '; r++ {
		forbidden.WriteRune(r)
	}
	s := forbidden.String() + "\ufffe\uffff]]><&>\"'"
	n := readXML(t, fmt.Appendf(nil, `<a b="%s">%s</a>`, xmlText(s), xmlText(s)))
	if want := visible(s); n.text != want || n.attr["b"] != want {
		t.Errorf("%q and %q, want %q", n.text, n.attr["b"], want)
	}
}
