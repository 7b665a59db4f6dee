package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

func TestFrame(t *testing.T) {
	for _, c := range []struct {
		name  string
		pos   fact.Position
		first int
		lines []string
		width int
		want  string
	}{
		{name: "nowhere", want: ""},
		{name: "no lines", pos: fact.Position{Source: "proc:net/tcp", Line: 3}, want: " --> proc:net/tcp:3\n"},
		{
			name: "numbers align", pos: fact.Position{Source: "a.tf", Line: 10, Column: 3}, first: 9,
			lines: []string{"a {", "  b = 1"},
			want:  "  --> a.tf:10:3\n   |\n 9 | a {\n10 |   b = 1\n   |   ^\n   |\n",
		},
		{
			name: "whole line", pos: fact.Position{Source: "a.tf", Line: 1}, first: 1, lines: []string{"  a = 1"},
			want: " --> a.tf:1\n  |\n1 |   a = 1\n  |   ^^^^^\n  |\n",
		},
		{
			name: "tabs", pos: fact.Position{Source: "a.tf", Line: 1, Column: 3}, first: 1, lines: []string{"\t\ta\t= 1"},
			want: " --> a.tf:1:3\n  |\n1 |         a    = 1\n  |         ^\n  |\n",
		},
		{
			name: "wide characters", pos: fact.Position{Source: "a.tf", Line: 1, Column: 4}, first: 1, lines: []string{"語e\u0301x"},
			want: " --> a.tf:1:4\n  |\n1 | 語e\u0301x\n  |    ^\n  |\n",
		},
		{
			name: "escapes", pos: fact.Position{Source: "a.tf", Line: 1, Column: 4}, first: 1, lines: []string{"\x1b\xff\ufffdx"},
			want: " --> a.tf:1:4\n  |\n1 | \\x1b\\xff\ufffdx\n  |          ^\n  |\n",
		},
		{
			name: "past the end", pos: fact.Position{Source: "a.tf", Line: 1, Column: 9}, first: 1, lines: []string{"a {"},
			want: " --> a.tf:1:9\n  |\n1 | a {\n  |    ^\n  |\n",
		},
		{
			name: "empty line", pos: fact.Position{Source: "a.tf", Line: 1}, first: 1, lines: []string{""},
			want: " --> a.tf:1\n  |\n1 |\n  | ^\n  |\n",
		},
		{
			name: "middle of a long line", pos: fact.Position{Source: "a.json", Line: 1, Column: 101}, first: 1, width: 44,
			lines: []string{strings.Repeat("a", 100) + "X" + strings.Repeat("b", 100)},
			want:  " --> a.json:1:101\n  |\n1 | …aaaaaaaaaaaaaaaaaaaaXbbbbbbbbbbbbbbbbb…\n  |                      ^\n  |\n",
		},
		{
			name: "start of a long line", pos: fact.Position{Source: "a.json", Line: 1, Column: 1}, first: 1, width: 44,
			lines: []string{"X" + strings.Repeat("b", 100)},
			want:  " --> a.json:1:1\n  |\n1 | Xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…\n  | ^\n  |\n",
		},
		{
			name: "another line is marked", pos: fact.Position{Source: "a.tf", Line: 7, Column: 1}, first: 1, lines: []string{"a"},
			want: " --> a.tf:7:1\n  |\n1 | a\n  |\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			p := newPrinter(&b, Options{Width: c.width})
			p.frame(0, newFrame(c.pos, c.first, c.lines))
			p.w.Flush()
			if diff := cmp.Diff(c.want, b.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestGrouped(t *testing.T) {
	f := func(target, control, subject string, o finding.Outcome, s finding.Severity) *finding.Finding {
		return &finding.Finding{Target: target, Control: control, Subject: finding.Subject{ID: subject}, Outcome: o, Severity: s}
	}
	known := f("a", "c2", "known", finding.Fail, finding.Critical)
	known.Baseline = "known"
	advice := f("a", "c2", "advice", finding.Fail, finding.High)
	advice.Advisory = true
	var got []string
	for _, g := range grouped([]*finding.Finding{
		f("z", "c1", "s1", finding.Pass, finding.High),
		f("b", "c1", "s1", finding.Unknown, finding.Critical),
		advice,
		f("a", "c1", "s3", finding.Waived, finding.Low),
		f("a", "c1", "s2", finding.Error, finding.Low),
		known,
		f("a", "c2", "s1", finding.Fail, finding.Low),
		f("a", "c3", "s2", finding.Fail, finding.High),
		f("a", "c3", "s1", finding.Fail, finding.High),
		f("a", "c3", "s0", finding.NotApplicable, finding.High),
		f("c", "c1", "s1", finding.Fail, finding.Critical),
	}) {
		for _, f := range g.findings {
			got = append(got, fmt.Sprint(g.target, " ", g.control, " ", f.Subject.ID, " ", f.Outcome, " ", f.Severity))
		}
	}
	want := []string{
		"c c1 s1 fail critical",
		"a c3 s1 fail high", "a c3 s2 fail high", "a c3 s0 not_applicable high",
		"a c2 s1 fail low", "a c2 known fail critical", "a c2 advice fail high",
		"a c1 s2 error low", "a c1 s3 waived low",
		"b c1 s1 unknown critical",
		"z c1 s1 pass high",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		s    string
		want []string
	}{
		{"", []string{""}},
		{"one two three", []string{"one two", "three"}},
		{"  one\ttwo  ", []string{"one two"}},
		{"one\n\ntwo", []string{"one", "two"}},
		{"incomprehensibilities are long", []string{"incomprehensibilities", "are long"}},
		{"語語 語語", []string{"語語", "語語"}},
		{"a\u2028b\rc", []string{"a\u2028b\rc"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.s, 8)); diff != "" {
			t.Errorf("wrap(%q):\n%s", c.s, diff)
		}
	}
}

// Prose keeps to the width that was asked for; code, tables and single words may
// not be broken.
func TestTextWidth(t *testing.T) {
	long := &finding.Finding{Control: "c", Title: strings.Repeat("title ", 40), Outcome: finding.Fail, Severity: finding.High,
		Message: strings.Repeat("message ", 40), Remediation: strings.Repeat("fix ", 60), Advice: []string{strings.Repeat("advice ", 40)}}
	out := render(t, "text", Options{Width: 72}, []*finding.Message{
		{Run: &finding.Run{}}, {Finding: long}, {Summary: &finding.Summary{ExitReason: strings.Repeat("reason ", 30)}},
	})
	for line := range strings.Lines(string(out)) {
		if n := cells(strings.TrimSuffix(line, "\n")); n > 72 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// All six counts are there, and so is what nobody asked, however little is shown.
func TestTextCounts(t *testing.T) {
	out := string(render(t, "text", Options{}, []*finding.Message{
		{Run: &finding.Run{}},
		{Finding: &finding.Finding{Control: "c", Outcome: finding.Pass, Subject: finding.Subject{ID: "passed-subject"}}},
		{Summary: &finding.Summary{Outcomes: map[finding.Outcome]int{finding.Pass: 1}, ExitReason: "nothing at or above the gate (low)"}},
	}))
	for _, want := range []string{
		"0 fail, 0 error, 0 unknown, 0 waived, 1 pass, 0 not applicable", "1 that passed", "exit 0     nothing at or above",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "passed-subject") {
		t.Errorf("a pass is named without -v:\n%s", out)
	}
}

func TestNewRefusesUnknownFormats(t *testing.T) {
	_, err := New("xml", io.Discard, Options{})
	want := `unknown report format "xml": known are ` + strings.Join(Formats(), ", ")
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestStreamOrder(t *testing.T) {
	run, one, end := &finding.Message{Run: &finding.Run{}}, &finding.Message{Finding: &finding.Finding{}}, &finding.Message{Summary: &finding.Summary{}}
	for _, c := range []struct {
		messages []*finding.Message
		want     string
	}{
		{[]*finding.Message{run, one, end}, "<nil>"},
		{[]*finding.Message{one}, "report: message before the run"},
		{[]*finding.Message{run, run}, "report: second run in one stream"},
		{[]*finding.Message{run, end, one}, "report: message after the summary"},
	} {
		for _, format := range Formats() {
			h, err := New(format, io.Discard, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range c.messages {
				if err = h.Handle(m); err != nil {
					break
				}
			}
			if fmt.Sprint(err) != c.want {
				t.Errorf("%s: error %v, want %s", format, err, c.want)
			}
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// A report that could not be written is an error, in every format.
func TestWriteErrors(t *testing.T) {
	for _, format := range Formats() {
		h, err := New(format, fullDisk{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sample() {
			if err = h.Handle(m); err != nil {
				break
			}
		}
		if err == nil || err.Error() != "disk full" {
			t.Errorf("%s: error %v", format, err)
		}
	}
}

func manyFindings(n int) []*finding.Message {
	one := sampleFindings()
	messages := []*finding.Message{{Run: &finding.Run{Schema: Schema}}}
	for i := range n {
		f := *one[i%len(one)]
		f.Target = fmt.Sprintf("config/infra/%d", i%40)
		f.Subject.ID = fmt.Sprintf("%s.%d", f.Subject.ID, i)
		f.ID = finding.ID(f.Control, f.Subject.Kind, f.Target, f.Subject.ID, f.Key)
		messages = append(messages, &finding.Message{Finding: &f})
	}
	return append(messages, &finding.Message{Summary: sampleSummary()})
}

func BenchmarkReport(b *testing.B) {
	messages := manyFindings(10000)
	for _, format := range Formats() {
		for _, verbose := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/verbose=%v", format, verbose), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					h, err := New(format, io.Discard, Options{Verbose: verbose})
					if err != nil {
						b.Fatal(err)
					}
					for _, m := range messages {
						if err := h.Handle(m); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}

func BenchmarkReplay(b *testing.B) {
	for _, format := range []string{"json", "jsonl"} {
		saved := render(b, format, Options{}, manyFindings(10000))
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(saved)))
			for b.Loop() {
				if err := Replay(bytes.NewReader(saved), handler(func(*finding.Message) error { return nil })); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// JSON is a stream: what is held does not grow with the findings written.
func TestJSONStreams(t *testing.T) {
	for _, format := range []string{"json", "jsonl"} {
		var b bytes.Buffer
		h, err := New(format, &b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		messages := manyFindings(500)
		for _, m := range messages[:len(messages)-1] {
			if err := h.Handle(m); err != nil {
				t.Fatal(err)
			}
		}
		held := len(render(t, format, Options{}, messages)) - b.Len()
		if summary := 8 << 10; held > summary {
			t.Errorf("%s: %d bytes wait for the summary", format, held)
		}
	}
}
