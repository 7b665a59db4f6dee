package input

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"path/filepath"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-jsonnet"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/spdx/tools-golang/tagvalue"
)

// parseCycloneDX reads a bill of materials: JSON as it is written, XML in the shape of
// the library's own types.
func parseCycloneDX(b *builder, path string, data []byte) (*ast.Term, error) {
	format := cyclonedx.BOMFileFormatJSON
	if !json.Valid(data) {
		format = cyclonedx.BOMFileFormatXML
	}
	var bom cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(bytes.NewReader(data), format).Decode(&bom); err != nil {
		return nil, fmt.Errorf("decode CycloneDX BOM: %w", err)
	}
	if format == cyclonedx.BOMFileFormatXML {
		// As conftest, without the version, which is in the name space alone.
		var plain cyclonedx.BOM
		if err := xml.Unmarshal(data, &plain); err != nil {
			return nil, fmt.Errorf("unmarshaling XML error: %w", err)
		}
		return b.remarshal("cyclonedx", plain)
	}
	return parseJSON(b, path, data)
}

// parseSPDX reads the tag-value form.
func parseSPDX(b *builder, _ string, data []byte) (*ast.Term, error) {
	document, err := tagvalue.Read(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("error while parsing: %w", err)
	}
	return b.remarshal("spdx", document)
}

// parseJsonnet evaluates a program. What it imports is looked for beside the file.
func parseJsonnet(b *builder, path string, data []byte) (*ast.Term, error) {
	vm := jsonnet.MakeVM()
	vm.ErrorFormatter.SetMaxStackTraceSize(20)
	var files importer
	if path != "" {
		files.beside = filepath.Dir(path)
		files.JPaths = []string{files.beside}
	}
	vm.Importer(&files)
	text, err := vm.EvaluateAnonymousSnippet("", string(data))
	if err != nil {
		return nil, fmt.Errorf("evaluate anonymous snippet: %w", err)
	}
	t, err := parseJSON(b, path, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("unmarshal json failed: %w", err)
	}
	return t, nil
}
