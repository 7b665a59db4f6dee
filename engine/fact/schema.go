package fact

import (
	"maps"
	"slices"
)

// derive completes a schema file's shorthand, recursively: objects are closed
// and all their properties required, values are nullable. With collected, the
// annotated properties are left out. With types, null is left out too.
func derive(schema map[string]any, collected, types bool) map[string]any {
	out := make(map[string]any, len(schema)+2)
	for key, v := range schema {
		if key != "x-example" {
			out[key] = v
		}
	}
	if properties, ok := schema["properties"].(map[string]any); ok {
		completed := make(map[string]any, len(properties))
		var required []any
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			p, ok := properties[name].(map[string]any)
			if !ok || collected && annotated(p) {
				continue
			}
			q := derive(p, collected, types)
			if !types && name != "id" && name != "basis" {
				q = nullable(q)
			}
			completed[name] = q
			required = append(required, name)
		}
		out["properties"] = completed
		out["required"] = required
		out["additionalProperties"] = false
	}
	if items, ok := schema["items"].(map[string]any); ok {
		q := derive(items, collected, types)
		if !types {
			q = nullable(q)
		}
		out["items"] = q
	}
	return out
}

// nullable adds null to a schema's types and enumeration. A schema without a
// type takes any value already.
func nullable(schema map[string]any) map[string]any {
	if t, ok := schema["type"].(string); ok {
		schema["type"] = []any{t, "null"}
	}
	if enum, ok := schema["enum"].([]any); ok {
		schema["enum"] = append(slices.Clone(enum), nil)
	}
	return schema
}
