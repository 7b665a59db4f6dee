package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// annotation is a workflow command as the runner takes it apart.
type annotation struct {
	level, message string
	properties     map[string]string
}

// readCommand follows the runner: the command ends at the first "::", properties are
// parted by commas, and then unescaped.
func readCommand(t testing.TB, line string) annotation {
	t.Helper()
	head, message, ok := strings.Cut(strings.TrimPrefix(line, "::"), "::")
	if !ok || !strings.HasPrefix(line, "::") {
		t.Fatalf("no command: %.200q", line)
	}
	level, rest, _ := strings.Cut(head, " ")
	a := annotation{level: level, message: githubUnescape(message, false), properties: map[string]string{}}
	for _, p := range strings.Split(rest, ",") {
		name, v, ok := strings.Cut(p, "=")
		if _, twice := a.properties[name]; twice || !ok {
			t.Errorf("property %q of %.200q", name, line)
		}
		a.properties[name] = githubUnescape(v, true)
	}
	return a
}

func githubUnescape(s string, property bool) string {
	if property {
		s = strings.NewReplacer("%3A", ":", "%2C", ",", "%0D", "\r", "%0A", "\n", "%25", "%").Replace(s)
	} else {
		s = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(s)
	}
	return s
}

var rawPercent = regexp.MustCompile(`%($|[^0-9A-F]|.$|.[^0-9A-F])`)

// checkGitHub holds every line to be one of our commands, with properties that we
// set and nothing that a terminal obeys.
func checkGitHub(t testing.TB, report []byte) []annotation {
	t.Helper()
	var all []annotation
	count := map[string]int{}
	for line := range strings.Lines(string(report)) {
		line = strings.TrimSuffix(line, "\n")
		if printable := visible(line); printable != line {
			t.Errorf("a raw character: %.200q", line)
		}
		if strings.Contains(line, "##[") || rawPercent.MatchString(line) {
			t.Errorf("not escaped: %.200q", line)
		}
		a := readCommand(t, line)
		count[a.level]++
		for name, v := range a.properties {
			switch name {
			case "title":
				if len([]rune(v)) > 20*longestTitle {
					t.Errorf("a title of %d", len(v))
				}
			case "file":
				if _, ok := fileURI(v); !ok {
					t.Errorf("file %q", v)
				}
			case "line", "col":
			default:
				t.Errorf("property %q in %.200q", name, line)
			}
		}
		all = append(all, a)
	}
	for level, n := range count {
		if level != "error" && level != "warning" && level != "notice" || n > mostAnnotations {
			t.Errorf("%d of level %q", n, level)
		}
	}
	return all
}

// The most severe have room; the last line counts the rest.
func TestGitHubLimit(t *testing.T) {
	messages := []*finding.Message{{Run: &finding.Run{Gate: "low", Supplied: []finding.Supply{{What: "gate", Name: "low", Weaker: true}}}}}
	for i := range 30 {
		for _, s := range finding.Severities {
			messages = append(messages, &finding.Message{Finding: &finding.Finding{Control: fmt.Sprintf("c%d", i), Outcome: finding.Fail, Severity: s}})
		}
	}
	diagnostics := make([]fact.Diagnostic, 8)
	for i := range diagnostics {
		diagnostics[i] = fact.Diagnostic{Severity: "error", Summary: "unclosed block"}
	}
	messages = append(messages, &finding.Message{Summary: &finding.Summary{Diagnostics: diagnostics, ExitReason: "why"}})
	count := map[string]int{}
	all := checkGitHub(t, render(t, "github", Options{}, messages))
	for _, a := range all {
		first, _, _ := strings.Cut(a.properties["title"], " ")
		count[a.level+" "+first]++
	}
	want := map[string]int{"error an": 5, "error critical": 5, "warning supplied": 1, "warning medium": 9, "notice low": 9, "notice writ:": 1}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
	if last := all[len(all)-1].message; !strings.Contains(last, fmt.Sprintf("%d more have no annotation", 120+8-28)) {
		t.Errorf("the last line: %s", last)
	}
}

func TestGitHubEscapes(t *testing.T) {
	out := string(render(t, "github", Options{}, []*finding.Message{{Run: &finding.Run{}}, {Finding: &finding.Finding{
		Outcome: finding.Fail, Severity: finding.High, Control: "c,file=x", Message: "50%\n::add-mask::a",
		Location: &finding.Location{URI: "a,b:c%0A.tf", StartLine: 3, Column: 2},
	}}, {Summary: &finding.Summary{}}}))
	line, _, _ := strings.Cut(out, "\n")
	want := `::error file=a%2Cb%3Ac%250A.tf,line=3,col=2,title=high c%2Cfile=x::50%25%0A::add-mask::a%0Afirst`
	if got := strings.Join(strings.Split(line, "%0A")[:2], "%0A") + "%0Afirst"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
