package vpc

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Written returns a root in which what a plan leaves for the provider to fill in
// is absent, as it is in the configuration. A plan holds every computed argument
// as "known only after apply", whether it is written or not: a group without
// inline rules looks like one whose inline rules are not known.
//
// The configuration beside the plan tells the two apart: an argument that is not
// written has been given the place of its block. Without it nothing is changed,
// and such arguments stay not known.
func Written(root *terraform.Root) *terraform.Root {
	if len(root.Files) == 0 || root.Files[0].Path != root.Dir {
		return root // not a plan
	}
	out := *root
	out.Resources = slices.Clone(root.Resources)
	for i, r := range out.Resources {
		if r.Pos.Source != root.Dir && r.Body != nil {
			out.Resources[i] = withoutComputed(r)
		}
	}
	return &out
}

// withoutComputed looks at a resource's own arguments only: within a block of a
// set the place of a block may also mean that the block was not found again.
func withoutComputed(r *terraform.Resource) *terraform.Resource {
	body, resource := *r.Body, *r
	body.Fields = slices.DeleteFunc(slices.Clone(body.Fields), func(f terraform.Field) bool {
		return f.Value.Kind == terraform.Unknown && len(f.Value.Refs) == 0 && f.Value.Pos == r.Body.Pos
	})
	resource.Body = &body
	return &resource
}
