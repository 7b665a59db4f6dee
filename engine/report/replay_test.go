package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/finding"
)

// replayed renders a saved report in another format.
func replayed(t testing.TB, saved []byte, format string, opts Options) []byte {
	t.Helper()
	var b bytes.Buffer
	h, err := New(format, &b, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := Replay(bytes.NewReader(saved), h); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A saved report says as much as the run did: every format made from it is the
// one made from the run.
func TestReplay(t *testing.T) {
	for _, saved := range []string{"json", "jsonl"} {
		record := render(t, saved, Options{}, sample())
		for _, format := range Formats() {
			for _, verbose := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s to %s, verbose %v", saved, format, verbose), func(t *testing.T) {
					opts := Options{Verbose: verbose}
					want := render(t, format, opts, sample())
					got := replayed(t, record, format, opts)
					if diff := cmp.Diff(string(want), string(got)); diff != "" {
						t.Errorf("-run +replay:\n%s", diff)
					}
				})
			}
		}
	}
}

// Other programs reorder members and lay JSON out anew.
func TestReplayAnyOrder(t *testing.T) {
	const shuffled = `{"findings": [{"id": "a", "outcome": "fail", "severity": "low"}], "items": [],
		"summary": {"exit": 1}, "run": {"schema": "writ.report/v1", "version": "1"}, "schema": "writ.report/v1"}`
	var got []string
	err := Replay(strings.NewReader(shuffled), handler(func(m *finding.Message) error {
		switch {
		case m.Run != nil:
			got = append(got, "run "+m.Run.Version)
		case m.Finding != nil:
			got = append(got, "finding "+m.Finding.ID)
		case m.Summary != nil:
			got = append(got, "summary")
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"run 1", "finding a", "summary"}, got); diff != "" {
		t.Error(diff)
	}
}

type handler func(*finding.Message) error

func (h handler) Handle(m *finding.Message) error { return h(m) }

func TestReplayRefuses(t *testing.T) {
	const run = `"run":{"schema":"writ.report/v1"}`
	for _, c := range []struct{ name, report, want string }{
		{"nothing", ``, "it holds no run"},
		{"no summary", `{` + run + `}`, "the run did not end"},
		{"cut short", `{` + run + `,"findings":[`, "unexpected EOF"},
		{"cut within a line", `{` + run + `}` + "\n" + `{"fin`, "unexpected EOF"},
		{"no report", `[]`, "a report is an object"},
		{"another report", `{"runs":[]}`, `no report of ours has a member "runs"`},
		{"another schema", `{"schema":"writ.report/v2"}`, `schema "writ.report/v2" is not writ.report/v1`},
		{"another schema in a stream", `{"run":{"schema":"writ.report/v2"}}`, `schema "writ.report/v2" is not writ.report/v1`},
		{"two runs", `{` + run + `}{` + run + `}`, "second run"},
		{"two summaries", `{` + run + `,"summary":{},"summary":{}}`, "second summary"},
		{"unknown outcome", `{` + run + `,"findings":[{"id":"a","outcome":"passed"}]}`, `finding a: no outcome is called "passed"`},
		{"unknown severity", `{` + run + `,"findings":[{"id":"a","outcome":"fail","severity":"info"}]}`, `finding a: no severity is called "info"`},
		{"null finding", `{` + run + `,"findings":[null]}`, "null where a value must stand"},
		{"findings are no array", `{` + run + `,"findings":{}}`, "expected an array"},
		{"text after it", `{` + run + `,"summary":{}} and more`, "invalid character"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Replay(strings.NewReader(c.report), handler(func(m *finding.Message) error {
				if m.Summary != nil {
					t.Error("the handler saw a summary")
				}
				return nil
			}))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func FuzzReplay(f *testing.F) {
	f.Add(render(f, "json", Options{}, sample()))
	f.Add(render(f, "jsonl", Options{}, sample()))
	f.Add([]byte(`{"run":{"schema":"writ.report/v1"},"findings":[{"outcome":"fail","location":{}}],"summary":{}}`))
	f.Fuzz(func(t *testing.T, saved []byte) {
		var once bytes.Buffer
		h, err := New("json", &once, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if Replay(bytes.NewReader(saved), h) != nil {
			return
		}
		twice := replayed(t, once.Bytes(), "json", Options{})
		if diff := cmp.Diff(once.String(), string(twice)); diff != "" {
			t.Errorf("-once +twice:\n%s", diff)
		}
		for _, format := range Formats() {
			replayed(t, once.Bytes(), format, Options{Verbose: true})
		}
	})
}
