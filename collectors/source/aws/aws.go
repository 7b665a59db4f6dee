// Package aws reads what the Terraform provider of Amazon Web Services has to
// say: which resources of a root module belong together, in which region and
// country they stand, which key encrypts them, what their policies admit.
//
// Topics share it. It yields [Answer] values: what configuration says, what the
// provider does where it says nothing, or why neither is known. It never makes
// a default of something unknown.
package aws

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Index finds resources of one evaluated root module. It is built once and then
// only read.
type Index struct {
	Root      *terraform.Root
	Target    fact.Target
	byType    map[string][]*terraform.Resource // managed
	byAddress map[string]*terraform.Resource   // managed and data
}

// NewIndex indexes the resources of a root.
func NewIndex(root *terraform.Root) *Index {
	x := &Index{
		Root: root, Target: terraform.Target(root),
		byType: map[string][]*terraform.Resource{}, byAddress: map[string]*terraform.Resource{},
	}
	for _, r := range root.Resources {
		if r.Mode == "managed" {
			x.byType[r.Type] = append(x.byType[r.Type], r)
		}
		x.byAddress[r.Address] = r
	}
	return x
}

// OfType returns the managed resources of the types, in the order of the types
// and of the root.
func (x *Index) OfType(types ...string) []*terraform.Resource {
	var out []*terraform.Resource
	for _, t := range types {
		out = append(out, x.byType[t]...)
	}
	return out
}

// Resource returns the resource or data source at an address, nil if the root
// has none.
func (x *Index) Resource(address string) *terraform.Resource { return x.byAddress[address] }

// Reference returns "target#id" for an item of this root.
func (x *Index) Reference(id string) string { return x.Target.ID + "#" + id }

// Envelope puts what is known of the root itself into a document: its files and
// why resources may be missing.
func (x *Index) Envelope(b *fact.Builder) {
	for _, f := range x.Root.Files {
		b.Source(f.Path, f.SHA256)
	}
	for _, reason := range x.Root.Incomplete {
		b.Incomplete(reason)
	}
}

// Uncounted notes in a document that a resource stands for a number of instances
// that is not known.
func Uncounted(b *fact.Builder, r *terraform.Resource) {
	if !r.KnownCount {
		b.Incomplete(countReason(r))
	}
}

func countReason(r *terraform.Resource) string {
	return r.Address + ": how many instances there are is not known"
}

// keyless returns a resource's address without its own instance key:
// module.a["x"].aws_s3_bucket.logs of module.a["x"].aws_s3_bucket.logs[0].
func keyless(r *terraform.Resource) string {
	base := r.Type + "." + r.Name
	if r.Mode == "data" {
		base = "data." + base
	}
	if r.Module != "" {
		base = r.Module + "." + base
	}
	return base
}

// Blocks returns the nested blocks of a name, in source order, and the reason if
// there may be more or other ones than can be seen.
func Blocks(body *terraform.Value, path ...string) ([]*terraform.Value, string) {
	v := body.Get(path...)
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return nil, ""
	case terraform.Object:
		return []*terraform.Value{v}, ""
	case terraform.List:
		for _, e := range v.Elems {
			if e.Kind == terraform.Unknown {
				return v.Elems, e.Reason
			}
		}
		return v.Elems, ""
	case terraform.Unknown:
		return nil, v.Reason
	}
	return nil, path[len(path)-1] + " is not a block"
}

// Block returns the only nested block of a name: the zero value if there is
// none, an unknown one if it cannot be told.
func Block(body *terraform.Value, path ...string) *terraform.Value {
	at := body
	for _, name := range path {
		list, reason := Blocks(at, name)
		if reason != "" {
			return &terraform.Value{Kind: terraform.Unknown, Reason: reason, Pos: at.Pos}
		}
		if len(list) == 0 {
			return &terraform.Value{}
		}
		at = list[0]
	}
	return at
}

// arnPart returns a part of an ARN counted from 0 ("arn"), "" if there is none.
// The last part (5) holds the rest.
func arnPart(arn string, i int) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return ""
	}
	return parts[i]
}

// without are providers whose resources hold nothing of their own.
var without = []string{
	"acme", "archive", "assert", "cloudinit", "datadog", "dns", "external", "github", "gitlab", "grafana", "http", "local", "null",
	"pagerduty", "random", "template", "terraform", "tfe", "time", "tls",
}

// Unmodelled notes in a document the resources that it ought to speak of and
// does not: types of a list, and everything of providers that are not read. Read
// are AWS and those named in others.
func Unmodelled(b *fact.Builder, root *terraform.Root, what string, types []string, others ...string) {
	for _, r := range root.Resources {
		provider, _, _ := strings.Cut(r.Type, "_")
		switch {
		case r.Mode != "managed" || slices.Contains(without, provider):
		case provider == "aws" || slices.Contains(others, provider):
			if slices.Contains(types, r.Type) {
				b.Incomplete(r.Type + ": not modelled")
			}
		default:
			b.Incomplete("provider " + provider + ": " + what + " are not modelled")
		}
	}
}
