package conftest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
)

func newDoc() *cobra.Command {
	c := &cobra.Command{
		Use:   "doc <path> [path [...]]",
		Short: "Generate documentation",
		Long: `Writes what the METADATA of the policies in a folder say to a Markdown file of the
folder's name. A template is one of Go's text/template; it sees a list of sections
with RegoPackageName, Depth, MarkdownHeading and Annotations.`,
		Example: "  conftest doc policy\n  conftest doc -t page.tpl -o docs policy",
		RunE:    runDoc,
	}
	c.Flags().StringP("outDir", "o", ".", "Path to the output documentation file")
	c.Flags().StringP("template", "t", "", "Go template for the document generation")
	return c
}

func runDoc(c *cobra.Command, folders []string) error {
	if _, _, err := settings(c); err != nil {
		return err
	}
	if len(folders) == 0 {
		return misused(c, "missing required arguments")
	}
	f := flags{c}
	page, err := pageTemplate(f.text("template"))
	if err != nil {
		return fmt.Errorf("generating document: %w", err)
	}
	for _, folder := range folders {
		info, err := os.Stat(folder)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return fmt.Errorf("%s is not a directory", folder)
		}
		name := filepath.Base(folder)
		if name == "." || name == ".." {
			name = "policy"
		}
		text, err := document(folder, page)
		if err != nil {
			return fmt.Errorf("generating document: %w", err)
		}
		if err := writeWhole(filepath.Join(f.text("outDir"), name+".md"), text); err != nil {
			return fmt.Errorf("writing output: %w", err)
		}
	}
	return nil
}

// section is the METADATA of a package or a rule, as templates of conftest see it.
type section struct {
	RegoPackageName string
	Depth           int // of its heading, from 1
	MarkdownHeading string
	Annotations     *ast.Annotations
}

// defaultPage is a page without --template, in conftest's words and blank lines.
const defaultPage = `{{ range . }}{{ .MarkdownHeading }} {{ .RegoPackageName }} - {{ .Annotations.Title }}

{{ .Annotations.Description }}
{{ with .Annotations.RelatedResources }}
Related Resources:
{{ range . }}
* {{ if .Description }}[{{ .Description }}]({{ .Ref }}){{ else }}{{ .Ref }}{{ end }}{{ end }}
{{ end }}
{{ end }}`

func pageTemplate(path string) (*template.Template, error) {
	if path == "" {
		return template.New("page").Parse(defaultPage)
	}
	return template.ParseFiles(path)
}

// document makes the page of the policies of a folder, but for their tests.
func document(folder string, page *template.Template) ([]byte, error) {
	loaded, err := loader.NewFileLoader().WithProcessAnnotation(true).
		Filtered([]string{folder}, func(path string, info fs.FileInfo, depth int) bool {
			return strings.HasSuffix(info.Name(), "_test.rego") || judge.NotPolicy(path, info, depth)
		})
	if err != nil {
		return nil, fmt.Errorf("parse rego annotations: load rego files: %w", err)
	}
	compiler := ast.NewCompiler().WithBuiltins(judge.Declared()).WithEnablePrintStatements(true)
	if compiler.Compile(loaded.ParsedModules()); compiler.Failed() {
		return nil, fmt.Errorf("parse rego annotations: compile: %w", compiler.Errors)
	}
	all := compiler.GetAnnotationSet().Flatten()
	if len(all) == 0 {
		return nil, errors.New("parse rego annotations: no annotations found")
	}
	var b bytes.Buffer
	if err := page.Execute(&b, sections(all)); err != nil {
		return nil, fmt.Errorf("rendering document: %w", err)
	}
	return b.Bytes(), nil
}

// sections gives each part its heading: one deeper than its package's, the first on
// top, none more than one deeper than the one before.
func sections(all ast.FlatAnnotationsRefSet) []section {
	var list []section
	above, before := 1, 0 // parts of the path that all have, the heading before
	for i, a := range all {
		depth := len(a.Path) - above
		if i == 0 && depth > 1 {
			above = depth
		}
		depth = min(depth, before+1)
		before = depth
		list = append(list, section{
			RegoPackageName: strings.TrimPrefix(a.Path.String(), "data."),
			Depth:           depth,
			MarkdownHeading: strings.Repeat("#", max(0, depth)),
			Annotations:     a.Annotations,
		})
	}
	return list
}

// writeWhole writes a file that is there as a whole or as it was.
func writeWhole(path string, text []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".conftest-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		os.Remove(temp.Name())
	}
	return err
}
