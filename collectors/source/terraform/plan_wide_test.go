package terraform

import (
	"fmt"
	"strings"
	"testing"
)

// TestReadPlanWide reads plans that would take hours if the work on one list,
// object or expression grew with its square, and looks at what must be there.
func TestReadPlanWide(t *testing.T) {
	const n = 100_000
	list := func(format string, reverse bool) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			if reverse {
				i = n - 1 - i
			}
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	plan := func(values, unknown, expressions string) string {
		return fmt.Sprintf(`{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"x_y.z","mode":"managed","type":"x_y","name":"z","values":{%s}}]}},`+
			`"resource_changes":[{"address":"x_y.z","change":{"actions":["create"],"after_unknown":{%s}}}],`+
			`"configuration":{"root_module":{"resources":[{"address":"x_y.z","expressions":{%s}},{"address":"x_y.a"}]}}}`, values, unknown, expressions)
	}
	body := func(r *Root) *Value { return r.Resources[0].Body }
	for name, c := range map[string]struct {
		text  string
		check func(r *Root) bool
	}{
		"map with as many unknown": {
			plan(`"tags":{`+list(`"k%d":"v"`, false)+`}`, `"tags":{`+list(`"u%d":true`, false)+`}`, ""),
			func(r *Root) bool { return len(body(r).Get("tags").Fields) == 2*n },
		},
		"set in another order": {
			plan(`"cidrs":[`+list(`"%d"`, false)+`]`, "", `"cidrs":{"constant_value":[`+list(`"%d"`, true)+`]}`),
			func(r *Root) bool { v := body(r).Get("cidrs"); return v.Elems[0].Literal && v.Elems[n-1].Literal },
		},
		"blocks": {
			plan(`"rule":[`+list(`{"port":%d}`, false)+`]`, "", `"rule":[`+list(`{"port":{"constant_value":%d}}`, true)+`]`),
			func(r *Root) bool { return body(r).Get("rule").Kind == Unknown },
		},
		"blocks of a constant": {
			plan(`"rule":[`+list(`{"port":%d}`, false)+`]`, "", `"rule":{"constant_value":[`+list(`{"port":%d}`, true)+`]}`),
			func(r *Root) bool { return len(body(r).Get("rule").Elems) == n },
		},
		"references": {
			plan("", `"a":true`, `"a":{"references":[`+list(`"x_y.a.b%d","x_y.a"`, false)+`]}`),
			func(r *Root) bool { return len(body(r).Get("a").Refs) == n },
		},
		"unknown elements with references": {
			plan(`"a":[]`, `"a":[true`+strings.Repeat(",true", n-1)+`]`, `"a":{"references":[`+list(`"x_y.a.b%d"`, false)+`]}`),
			func(r *Root) bool { v := body(r).Get("a"); return len(v.Elems) == n && len(v.Elems[n-1].Refs) == n },
		},
		"one reference of many steps": {
			plan("", `"a":true`, `"a":{"references":["x_y.a`+strings.Repeat(".b", n)+`"]}`),
			func(r *Root) bool { return len(body(r).Get("a").Refs) == 1 },
		},
		"modules within modules": {
			`{"format_version":"1.2","planned_values":{},"configuration":{"root_module":` + strings.Repeat(`{"module_calls":{"m":{"module":`, 900) + "{}" + strings.Repeat("}}}", 900) + `}}`,
			func(r *Root) bool { return len(r.Modules) == 900 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := ReadPlan([]byte(c.text), "plan.json")
			if len(root.Diagnostics) > 0 || !c.check(root) {
				t.Errorf("%v, %d resources", root.Diagnostics, len(root.Resources))
			}
			root.AttachHCL(root)
		})
	}
}
