package input

import (
	"bytes"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v2"
)

// parseYAML reads YAML as sigs.k8s.io/yaml does (YAML 1.1 through yaml.v2). A text
// that holds "---" alone on a line, by the line ending of the file, is an array of its
// parts; of what stands between other separators only the first document is seen.
func parseYAML(b *builder, _ string, data []byte) (*ast.Term, error) {
	parts := yamlParts(data)
	if len(parts) == 1 {
		t, err := yamlDocument(b, data)
		if err != nil {
			return nil, fmt.Errorf("unmarshal yaml: %w", err)
		}
		return t, nil
	}
	terms := make([]*ast.Term, len(parts))
	for i, part := range parts {
		t, err := yamlDocument(b, part)
		if err != nil {
			return nil, fmt.Errorf("unmarshal multiple documents: unmarshal subdocument yaml: %w", err)
		}
		terms[i] = t
	}
	return ast.ArrayTerm(terms...), nil
}

func yamlDocument(b *builder, data []byte) (*ast.Term, error) {
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		return nil, fmt.Errorf("error converting YAML to JSON: %w", err)
	}
	t, err := b.value(v)
	if err != nil {
		return nil, fmt.Errorf("error converting YAML to JSON: %w", err)
	}
	return t, nil
}

// yamlParts cuts a text at its separators. A directive ("%YAML 1.1") belongs to the
// document behind the first of them.
func yamlParts(data []byte) [][]byte {
	separator := []byte("\n---\n")
	if bytes.Contains(data, []byte("\r\n")) {
		separator = []byte("\r\n---\r\n")
	}
	parts := bytes.Split(data, separator)
	if len(parts) > 1 && bytes.HasPrefix(data, []byte("%")) {
		first := data[:len(parts[0])+len(separator)+len(parts[1])]
		parts = append([][]byte{first}, parts[2:]...)
	}
	return parts
}
