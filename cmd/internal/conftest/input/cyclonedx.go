package input

import (
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// parseCycloneDX reads a bill of materials in JSON, as it is written. The XML form,
// which conftest turns into the JSON form, is refused.
func parseCycloneDX(b *builder, path string, data []byte) (*ast.Term, error) {
	if !json.Valid(data) {
		return nil, fmt.Errorf("decode CycloneDX BOM: not JSON; the XML form is not read by writ: convert it to JSON first")
	}
	return parseJSON(b, path, data)
}
