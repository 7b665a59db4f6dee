package terraform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// FuzzLoad evaluates archives of files. Whatever they hold, Load returns, no
// panic was contained, and the promises of Root and Value hold.
func FuzzLoad(f *testing.F) {
	cases, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range cases {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("-- main.tf --\nlocals { a = [for x in local.a : x] }\n-- a.tf.json --\n{\"resource\":[]}\n-- terraform.tfvars --\nx = \"${a}\"\n")
	f.Add("-- main.tf --\nresource \"a\" \"b\" {\n for_each = toset([\"\", null])\n x = each.value[*].a\n}\n")
	for _, call := range functionCases() {
		if len(call)%17 == 0 {
			f.Add("-- main.tf --\noutput \"o\" { value = " + call + " }\n")
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		fsys := fuzzFiles(text)
		limits := Limits{Instances: 200, Values: 20_000, ValueSize: 2_000, Nesting: 60, Depth: 60, Modules: 4}
		root := Load(fsys, ".", Options{Limits: limits})
		for _, d := range root.Diagnostics {
			if strings.Contains(d.Hint, "defect") {
				t.Fatalf("%v: %s", d, d.Detail)
			}
			if d.Severity != severityError && d.Severity != severityWarning || d.Summary == "" {
				t.Errorf("diagnostic %+v", d)
			}
		}
		for _, r := range root.Resources {
			if r.Address == "" || r.Body == nil {
				t.Errorf("resource %+v", r)
			}
			checkValue(t, r.Address, r.Body)
		}
		for _, v := range root.Variables {
			checkValue(t, v.Name, v.Value)
		}
		for _, o := range root.Outputs {
			checkValue(t, o.Name, o.Value)
		}
		Discover(fsys, []string{".", "m"})
	})
}

// fuzzFiles splits an archive; what stands before the first marker is main.tf.
// (The txtar package panics on some texts that are no archives.)
func fuzzFiles(text string) fstest.MapFS {
	fsys := fstest.MapFS{}
	name := "main.tf"
	for line := range strings.Lines(text) {
		inner, isMarker := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "-- ")
		if inner, closed := strings.CutSuffix(inner, " --"); isMarker && closed {
			name = inner
			continue
		}
		if !validName(name) {
			continue
		}
		if fsys[name] == nil {
			fsys[name] = &fstest.MapFile{Mode: 0o644}
		}
		fsys[name].Data = append(fsys[name].Data, line...)
	}
	return fsys
}

// validName reports whether a name can stand in a file system.
func validName(name string) bool {
	return name != "" && filepath.IsLocal(name) && filepath.Clean(name) == name && !strings.ContainsAny(name, "\\\x00")
}

func checkValue(t *testing.T, path string, v *Value) {
	switch {
	case v == nil:
		t.Fatalf("%s: no value", path)
	case v.Kind == Absent:
		t.Errorf("%s: absent", path)
	case v.Kind == Unknown && v.Reason == "":
		t.Errorf("%s: unknown without a reason", path)
	case v.Direct && (v.Kind != Unknown || len(v.Refs) != 1):
		t.Errorf("%s: direct, but %+v", path, v)
	}
	for _, e := range v.Elems {
		checkValue(t, path, e)
	}
	for _, f := range v.Fields {
		checkValue(t, path+"."+f.Name, f.Value)
	}
}
