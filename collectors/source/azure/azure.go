// Package azure reads what the Terraform provider of Microsoft Azure (azurerm)
// has to say: which resources of a root module belong together, in which region
// and country they stand, which key encrypts them, what a storage account lets
// in and deletes.
//
// Topics share it. It yields [aws.Answer] values: what configuration says, what
// the provider does where it says nothing, or why neither is known.
//
// Defaults are those of the provider's own documentation (website/docs/r of
// hashicorp/terraform-provider-azurerm), compared in v3.117.0, v4.81.0 and
// v5.2.0. Nothing in a root module says for certain which version applies it, so
// a default that differs between the three is [Turned] and not known.
package azure

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Provider is what the types of its resources begin with.
const Provider = "azurerm"

// Turned is the reason of a default that the provider changed between versions.
const Turned = "not written, and the default depends on the provider's version"

// Undocumented is the reason of an argument whose default the provider leaves to
// the service.
const Undocumented = "not written, and the provider documents no default"

// Index finds resources of one evaluated root module.
type Index struct{ *aws.Index }

// Of wraps an index.
func Of(x *aws.Index) Index { return Index{x} }

// First returns the first of several names of an argument that is written: the
// provider renamed many. Where none is, the value is absent; so is an empty text,
// as a plan writes what is not set.
func First(block *terraform.Value, names ...string) *terraform.Value {
	for _, name := range names {
		if v := block.Get(name); !v.Unset() && !(v.Kind == terraform.String && v.Text == "") {
			return v
		}
	}
	return &terraform.Value{}
}

// Written returns the name of the first argument that is written, else the first.
func Written(block *terraform.Value, names ...string) string {
	for _, name := range names {
		if !block.Get(name).Unset() {
			return name
		}
	}
	return names[0]
}

// One returns the managed resource that an argument names: nil with a reason if
// that is not known or none of the root.
func (x Index) One(v *terraform.Value, what string, types ...string) (*terraform.Resource, string) {
	links := x.Named(v, types...)
	for _, l := range links {
		if l.Reason != "" {
			return nil, what + ": " + l.Reason
		}
	}
	switch {
	case len(links) == 1:
		return links[0].Resource, ""
	case len(links) > 1:
		return nil, what + ": it names " + links[0].Address + " as well as " + links[1].Address
	case v.Unset():
		return nil, what + " is not named"
	case v.Kind == terraform.Unknown && !v.Direct:
		return nil, what + ": " + v.Reason
	}
	return nil, what + " is managed elsewhere"
}

// Path returns the part of an identifier of Azure after a marker, up to the next
// slash: "logs" of ".../storageAccounts/logs" after "storageAccounts".
func Path(id, marker string) string {
	parts := strings.Split(id, "/")
	for i, p := range parts[:max(len(parts)-1, 0)] {
		if strings.EqualFold(p, marker) {
			return parts[i+1]
		}
	}
	return ""
}

// Enabled reads an argument that takes "Enabled" and other words; absent is the
// default.
func Enabled(block *terraform.Value, absent bool, name string) aws.Answer[bool] {
	word := "Disabled"
	if absent {
		word = "Enabled"
	}
	return aws.Then(aws.Text(block, word, name), func(s string) bool { return !strings.EqualFold(s, "Disabled") })
}
