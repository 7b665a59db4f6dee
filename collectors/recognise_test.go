package collectors

import (
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

// Each file of the archive stands in a folder that says what it is recognised as;
// those in "none" are like one of the formats and are none.
func TestRecognise(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/recognise.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	seen := map[string]int{}
	for _, f := range archive.Files {
		want, _, ok := strings.Cut(f.Name, "/")
		if !ok {
			t.Fatalf("%s stands in no folder", f.Name)
		}
		if want == "none" {
			want = ""
		}
		seen[want]++
		if got := Recognise(fsys, f.Name); got != want {
			t.Errorf("%s is recognised as %q", f.Name, got)
		}
		// Line breaks of Windows and a byte order mark change nothing.
		fsys[f.Name] = &fstest.MapFile{Data: []byte("\xef\xbb\xbf" + strings.ReplaceAll(string(f.Data), "\n", "\r\n"))}
		if got := Recognise(fsys, f.Name); got != want {
			t.Errorf("%s with other line breaks is recognised as %q", f.Name, got)
		}
	}
	for _, format := range []string{"ARM template", "Ansible", "Bicep", "CloudFormation", "Compose", "Crossplane", "Docker Swarm stack", "Dockerfile", "Helm chart", "Kubernetes",
		"Kustomize", "Nomad", "OpenTofu", "Pulumi", "Serverless Framework", "Terraform state", "Terragrunt"} {
		if seen[format] == 0 {
			t.Errorf("no sample of %s", format)
		}
	}
	if seen[""] < 20 {
		t.Errorf("only %d near misses", seen[""])
	}
}

// What is not there, cut off or no text is not recognised, and costs nothing more.
func TestRecogniseAnything(t *testing.T) {
	fsys := fstest.MapFS{
		"cut.json":    {Data: []byte(`{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"x": "` + strings.Repeat("y", 1<<20))},
		"binary.yaml": {Data: []byte("\x00\xff\xfe---\x00: \n- ")},
		"deep.json":   {Data: []byte(strings.Repeat(`{"a":`, 100_000))},
	}
	for name, want := range map[string]string{"cut.json": "CloudFormation", "binary.yaml": "", "deep.json": "", "missing.yaml": ""} {
		if got := Recognise(fsys, name); got != want {
			t.Errorf("%s is recognised as %q, want %q", name, got, want)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("a.yaml", "apiVersion: v1\nkind: Pod\n")
	f.Add("a.json", `{"$schema": "x", "Resources": {}}`)
	f.Add("a.hcl", "job \"x\" {")
	f.Add("tasks/a.yml", "- name: x\n  apt: y\n---\n{{ x }}")
	f.Fuzz(func(t *testing.T, name, text string) {
		Recognise(fstest.MapFS{name: {Data: []byte(text)}}, name)
	})
}
