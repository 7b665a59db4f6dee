package input

import (
	"fmt"

	"github.com/KeisukeYamashita/go-vcl/vcl"
	"github.com/open-policy-agent/opa/v1/ast"
	nginxconfig "github.com/tufanbarisyildirim/gonginx/config"
	nginxparser "github.com/tufanbarisyildirim/gonginx/parser"
	"olympos.io/encoding/edn"
)

// parseNginx makes {directives: [{name, parameters, block: {directives}}]}; without
// parameters or a block the member is not there.
func parseNginx(b *builder, _ string, data []byte) (*ast.Term, error) {
	c, err := nginxparser.NewStringParser(string(data), nginxparser.WithSkipComments()).Parse()
	if err != nil {
		return nil, fmt.Errorf("parse nginx: %w", err)
	}
	return b.value(map[string]any{"directives": nginxDirectives(c.GetDirectives())})
}

func nginxDirectives(list []nginxconfig.IDirective) []any {
	all := make([]any, len(list))
	for i, d := range list {
		members := map[string]any{"name": d.GetName()}
		var parameters []any
		for _, p := range d.GetParameters() {
			parameters = append(parameters, p.String())
		}
		if len(parameters) > 0 {
			members["parameters"] = parameters
		}
		if block := d.GetBlock(); block != nil {
			members["block"] = map[string]any{"directives": nginxDirectives(block.GetDirectives())}
		}
		all[i] = members
	}
	return all
}

func parseVCL(b *builder, _ string, data []byte) (*ast.Term, error) {
	v := map[string]any{}
	if errs := vcl.Decode(data, &v); len(errs) > 0 {
		return nil, fmt.Errorf("decode vcl: %w", errs[0])
	}
	return b.remarshal("vcl", v)
}

// parseEDN makes strings of everything but maps and vectors.
func parseEDN(b *builder, _ string, data []byte) (*ast.Term, error) {
	var v any
	if err := edn.Unmarshal(data, &v); err != nil {
		return nil, fmt.Errorf("unmarshal EDN: %w", err)
	}
	return b.value(ednValue(v))
}

func ednValue(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, e := range v {
			all[i] = ednValue(e)
		}
		return all
	case map[any]any:
		members := make(map[string]any, len(v))
		for k, e := range v {
			members[fmt.Sprint(k)] = ednValue(e)
		}
		return members
	}
	return fmt.Sprint(v)
}
