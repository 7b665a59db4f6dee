package policies_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/policies"
)

// TestParamsJSON holds that params.json has the defaults of params.yaml as nested
// plain values, which stock OPA loads as data.params. Dated tables are not in it:
// they depend on the day.
func TestParamsJSON(t *testing.T) {
	p, err := control.ReadParameters(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.MarshalIndent(map[string]any{"params": p.Tree()}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	current(t, "params.json", append(want, '\n'))
}

// TestControlsMD holds that CONTROLS.md says what METADATA says.
func TestControlsMD(t *testing.T) {
	current(t, "CONTROLS.md", document(load(t, parameters(t)).Controls, parameters(t)))
}

func current(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not current, run go test ./policies -update (-have +want):\n%s", name, cmp.Diff(string(have), string(want)))
	}
}

// document renders the controls, grouped by topic.
func document(controls []*control.Control, params *control.Parameters) []byte {
	var b bytes.Buffer
	b.WriteString("# Controls\n\nGenerated from the METADATA of the controls by `go test ./policies -update`; do not edit.\n" +
		"A control supports the provisions it names; that it passes never proves compliance.\n")
	topic := ""
	for _, c := range controls {
		if at := strings.Split(c.ID, ".")[1]; at != topic {
			topic = at
			fmt.Fprintf(&b, "\n## %s\n", topic)
		}
		fmt.Fprintf(&b, "\n### %s\n\n**%s.** %s\n\n", c.ID, c.Title, c.Description)
		fmt.Fprintf(&b, "- severity: %s%s\n- judges: `%s`", c.Severity, notes(c), c.Subject)
		if len(c.Facts) > 0 {
			fmt.Fprintf(&b, ", with %s", code(c.Facts))
		}
		if len(c.MayRead) > 0 {
			fmt.Fprintf(&b, ", and %s where there are any", code(c.MayRead))
		}
		fmt.Fprintf(&b, "\n- supports: Art. %s\n", text(c.GDPR, ", "))
		for _, name := range c.Params {
			fmt.Fprintf(&b, "- parameter %s\n", parameter(name, params))
		}
		fmt.Fprintf(&b, "- remedy: %s\n", c.Remediation)
	}
	return b.Bytes()
}

func notes(c *control.Control) string {
	s := ""
	if c.GateUnknown {
		s += "; not knowing blocks the gate"
	}
	if c.AbsencePass {
		s += "; finding none is a pass"
	}
	return s
}

func code(names []string) string { return "`" + text(names, "`, `") + "`" }

func parameter(name string, params *control.Parameters) string {
	for _, p := range params.List() {
		if p.Name == name {
			value, err := json.Marshal(p.Default)
			if err != nil {
				value = []byte("?")
			}
			return strings.TrimRight(fmt.Sprintf("`%s` = `%s` %s", name, value, p.Unit), " ") + fmt.Sprintf(" (%s)", p.Source)
		}
	}
	return fmt.Sprintf("`%s`: a dated table", name)
}
