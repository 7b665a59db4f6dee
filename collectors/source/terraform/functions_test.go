package terraform

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var record = flag.Bool("record", false, "write the answers of terraform into testdata/functions.txt")

const functionAnswers = "testdata/functions.txt"

// TestFunctions compares calls of every function with the answers that
// Terraform gave. An answer is the JSON of the value and of whether it can be
// indexed by number, which tells lists from sets; or "error".
func TestFunctions(t *testing.T) {
	if *record {
		recordFunctions(t)
	}
	text, err := os.ReadFile(functionAnswers)
	if err != nil {
		t.Fatal(err)
	}
	var calls, want []string
	for line := range strings.Lines(string(text)) {
		call, answer, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  =>  ")
		if !ok {
			t.Fatalf("%s: %q is not CALL => ANSWER", functionAnswers, line)
		}
		calls, want = append(calls, call), append(want, answer)
	}
	if fresh := functionCases(); strings.Join(calls, "\n") != strings.Join(fresh, "\n") && !*record {
		t.Errorf("%s is not of the calls in functions_cases_test.go: run with -record", functionAnswers)
	}
	fsys := fstest.MapFS{"main.tf": {Data: []byte(functionModule(calls))}}
	for name, content := range functionFiles {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	root := Load(fsys, ".", Options{})
	if len(root.Outputs) != len(calls) {
		t.Fatalf("%d outputs, want %d: %v", len(root.Outputs), len(calls), root.Diagnostics)
	}
	unknown := 0
	for i, o := range root.Outputs {
		switch {
		case o.Value.Kind == Unknown && want[i] == "unknown":
		case o.Value.Kind == Unknown:
			unknown++
			t.Logf("%s is unknown (%s), terraform says %s", calls[i], o.Value.Reason, want[i])
		case o.Value.Text != want[i]:
			t.Errorf("%s\n got %s\nwant %s", calls[i], o.Value.Text, want[i])
		}
	}
	t.Logf("%d calls, %d not known here", len(calls), unknown)
	if unknown > len(calls)/20 {
		t.Errorf("%d of %d calls are unknown", unknown, len(calls))
	}
}

// TestFunctionsAreAll fails if a function of the table is never called by a case.
func TestFunctionsAreAll(t *testing.T) {
	calls := strings.Join(functionCases(), "\n")
	ev := newEvaluation(fstest.MapFS{}, ".", Options{})
	for name := range ev.functionTable() {
		if !strings.HasPrefix(name, "core::") && !strings.Contains(calls, name+"(") {
			t.Errorf("no case calls %s", name)
		}
	}
}

func functionModule(calls []string) string {
	var b strings.Builder
	b.WriteString("locals {\n  template = \"hi $${name}\"\n}\n")
	for i, c := range calls {
		value := fmt.Sprintf("jsonencode([%s, can((%s)[0])])", c, c)
		if strings.Contains(c, "sensitive") {
			value = "nonsensitive(" + value + ")"
		}
		fmt.Fprintf(&b, "output \"o%d\" {\n  value = try(%s, \"error\")\n}\n", i, value)
	}
	return b.String()
}

// functionFiles stand beside the module.
var functionFiles = map[string]string{
	"hello.txt":      "Hello, world\n",
	"bin.dat":        "\xff\xfe\x00",
	"sub/a.json":     "{\"a\": 1}",
	"sub/deep/b.txt": "b",
	".hidden":        "h",
	"t.tftpl":        "Hi ${name}:%{ for x in list } ${x}%{ endfor }\n",
	"loop.tftpl":     "%{ for k, x in v ~}\n${k}=${jsonencode(x)}\n%{ endfor ~}\n",
	"one.tftpl":      "${v}",
	"bad.tftpl":      "${v",
	"call.tftpl":     "${templatefile(\"one.tftpl\", {v = v})}",
}

// recordFunctions asks terraform, which has to be installed.
func recordFunctions(t *testing.T) {
	dir := t.TempDir()
	calls := functionCases()
	write := func(name, content string) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range functionFiles {
		write(name, content)
	}
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("main.tf", functionModule(calls))
	state := t.TempDir() // beside the module, where fileset does not see it
	run := func(args ...string) []byte {
		cmd := exec.Command("terraform", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "TF_DATA_DIR="+state, "CHECKPOINT_DISABLE=1")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s", args[0], err, stderr.String())
		}
		return out
	}
	planFile := filepath.Join(state, "plan")
	run("init", "-no-color")
	run("plan", "-no-color", "-lock=false", "-out="+planFile)
	var plan struct {
		PlannedValues struct {
			Outputs map[string]struct{ Value *string }
		} `json:"planned_values"`
	}
	if err := json.Unmarshal(run("show", "-json", planFile), &plan); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i, c := range calls {
		answer := "unknown"
		name, _, _ := strings.Cut(c, "(")
		if _, varies := unknownFunctions()[name]; varies {
			// Another machine or another day would answer otherwise.
		} else if v := plan.PlannedValues.Outputs[fmt.Sprintf("o%d", i)].Value; v != nil {
			answer = *v
		}
		fmt.Fprintf(&b, "%s  =>  %s\n", c, answer)
	}
	if err := os.WriteFile(functionAnswers, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
