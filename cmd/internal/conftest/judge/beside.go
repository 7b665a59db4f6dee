package judge

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/loader"

	"github.com/writ-policy/writ/engine"
)

// Functions are conftest's own built-ins, for policies that another engine asks. Those
// that read files are there for policies that are trusted.
func Functions(trusted bool) []engine.Function {
	var out []engine.Function
	for _, b := range builtins(nil, false) {
		if trusted || b.Decl.Name == "parse_config" {
			out = append(out, engine.Function{Decl: b.Decl, Call: b.call})
		}
	}
	return out
}

// Data loads the .json and .yaml files of paths as conftest does: folders become
// members.
func Data(paths []string) (map[string]any, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	loaded, err := loader.NewFileLoader().Filtered(paths, func(_ string, info fs.FileInfo, _ int) bool {
		return !info.IsDir() && !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(info.Name())))
	})
	if err != nil {
		return nil, fmt.Errorf("load documents: %w", err)
	}
	return loaded.Documents, nil
}
