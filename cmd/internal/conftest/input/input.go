// Package input reads configuration files into the shapes that conftest gives its
// policies, as AST values. The shapes are conftest's own, with what is lost in them:
// numbers are float64, expressions of HCL are text, positions are gone. The strict
// readers, which keep positions, are in collectors/source.
package input

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// parser reads one file. The path is the file's, "" if the text stands in a policy.
type parser func(b *builder, path string, data []byte) (*ast.Term, error)

// find returns the parser of a format that is there.
func find(format string) parser {
	switch format {
	case "codeowners":
		return parseCodeowners
	case "cyclonedx":
		return parseCycloneDX
	case "dockerfile":
		return parseDockerfile
	case "dotenv":
		return parseDotenv
	case "edn":
		return parseEDN
	case "groovy":
		return parseGroovy
	case "hcl1":
		return parseHCL1
	case "hcl2":
		return parseHCL2
	case "hocon":
		return parseHOCON
	case "ignore":
		return parseIgnore
	case "ini":
		return parseINI
	case "json":
		return parseJSON
	case "jsonc":
		return parseJSONC
	case "jsonnet":
		return parseJsonnet
	case "nginx":
		return parseNginx
	case "properties":
		return parseProperties
	case "spdx":
		return parseSPDX
	case "textproto":
		return parseTextproto
	case "toml":
		return parseTOML
	case "vcl":
		return parseVCL
	case "xml":
		return parseXML
	case "yaml":
		return parseYAML
	}
	return nil
}

// missing are conftest's formats that are not read here.
func missing() []string {
	return []string{"cue"}
}

// Names returns conftest's formats in the order of its help.
func Names() []string {
	return []string{
		"codeowners", "cue", "cyclonedx", "dockerfile", "edn", "groovy", "hcl1", "hcl2", "hocon", "ignore", "ini", "json",
		"jsonnet", "nginx", "properties", "spdx", "textproto", "toml", "vcl", "xml", "yaml", "dotenv",
	}
}

// Format tells a file's format by its name, as conftest does; false if it has none.
func Format(path string) (string, bool) {
	if path == "-" {
		return "yaml", true
	}
	name := strings.ToLower(filepath.Base(path))
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	switch {
	case name == "dockerfile" || strings.HasPrefix(name, "dockerfile.") || ext == "dockerfile":
		return "dockerfile", true
	case ext == "yml":
		return "yaml", true
	case ext == "hcl" || ext == "tf" || ext == "tfvars":
		return "hcl2", true
	case ext == "gitignore" || ext == "dockerignore":
		return "ignore", true
	case name == ".env" || strings.HasPrefix(name, ".env.") || ext == "env":
		return "dotenv", true
	case name == "nginx.conf":
		return "nginx", true
	case name == "jenkinsfile" || strings.HasPrefix(name, "jenkinsfile."):
		return "groovy", true
	case ext == "textproto" || ext == "textpb":
		return "textproto", true
	case name == "codeowners":
		return "codeowners", true
	}
	return ext, known(ext)
}

func known(format string) bool { return format == "jsonc" || slices.Contains(Names(), format) }

// Reader reads files one after the other; it is not for concurrent use.
type Reader struct{ b builder }

// Spelling says how numbers are spelled where it can be seen: in a message, or in
// what parse prints.
type Spelling bool

const (
	Rego Spelling = false // of one document: 1e+06
	JSON Spelling = true  // of combined documents, and printed: 1000000
)

// NewReader returns a reader.
func NewReader(numbers Spelling) *Reader {
	return &Reader{builder{keys: map[string]*ast.Term{}, json: bool(numbers)}}
}

// Define lets the reader know the messages that .proto files below folders define.
func (r *Reader) Define(dirs []string) *Reader {
	r.b.protos = &protos{dirs: dirs}
	return r
}

// Only has the reader leave out of JSON what is not needed; nil is nothing.
func (r *Reader) Only(n *Need) *Reader {
	r.b.need = n
	return r
}

// Environment says whether what is read may refer to variables of the environment: they
// have no value otherwise.
func (r *Reader) Environment(allowed bool) *Reader {
	r.b.env = allowed
	return r
}

// Read reads data in a format, or, if that is "", in the one that the path tells.
// The document is an array if the file holds several.
func (r *Reader) Read(format, path string, data []byte) (t *ast.Term, err error) {
	if err := Check(format, path); err != nil {
		return nil, err
	}
	if format == "" {
		format, _ = Format(path)
	}
	defer func() { // a library for a rare format may not be up to every text
		if p := recover(); p != nil {
			t, err = nil, fmt.Errorf("parser unmarshal: %s: %v", format, p)
		}
	}()
	if slices.Contains([]string{"edn", "groovy", "hcl1", "hcl2", "hocon", "jsonnet", "nginx", "textproto", "vcl"}, format) {
		err = shallow(data)
	}
	if err == nil {
		t, err = find(format)(&r.b, path, data)
	}
	if err != nil {
		return nil, fmt.Errorf("parser unmarshal: %w", err)
	}
	return t, nil
}

// Check says whether there is a parser, without reading anything.
func Check(format, path string) error {
	context := "new parser"
	if format == "" {
		context += ": new"
		format, _ = Format(path)
	}
	switch {
	case slices.Contains(missing(), format):
		return fmt.Errorf("%s: writ does not read %s: export it as JSON first", context, format)
	case find(format) == nil:
		return fmt.Errorf("%s: unknown parser: %s", context, format)
	}
	return nil
}

// native converts what a decoder made with types of its own, by the same function
// and so with the same spellings as conftest.
func (b *builder) native(v any) (*ast.Term, error) {
	if b.json {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(strings.NewReader(string(text)))
		decoder.UseNumber()
		if err := decoder.Decode(&v); err != nil {
			return nil, err
		}
	}
	value, err := ast.InterfaceToValue(v)
	if err != nil {
		return nil, err
	}
	return ast.NewTerm(value), nil
}

// remarshal converts what a decoder made by way of JSON text, in which every number
// becomes a float64.
func (b *builder) remarshal(format string, v any) (*ast.Term, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("marshal %s to json: %w", format, err)
	}
	return fastJSON(b, string(text))
}
