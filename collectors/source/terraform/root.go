// Package terraform reads Terraform: root modules in HCL, evaluated without a
// provider and without state, and plans in JSON. Both yield a [Root] of
// resource instances whose arguments are [Value] trees with positions.
//
// Reading never guesses. What only apply can know, what lies outside the tree
// and what a budget cut off is a Value of kind [Unknown] with the reason; it is
// never a string, never absent.
package terraform

import "github.com/writ-policy/writ/engine/fact"

// Root is one evaluated root module, or one plan.
type Root struct {
	// Dir is the module's folder, slash-separated, relative to the file system
	// it was read from; for a plan the plan file's path.
	Dir string
	// Files lists every file read, in the order read, modules included.
	Files []File
	// Variables, locals and outputs of all modules, for what scans them (secrets
	// in defaults). In source order, those of a called module after the caller's
	// variables and locals and before its outputs.
	Variables []*Variable
	Locals    []*Local
	Outputs   []*Output
	// Resources holds every instance of every resource and data source of all
	// modules, in the order (module address, file, line, index key).
	Resources []*Resource
	// Providers holds the provider configurations of all modules.
	Providers []*Provider
	// Modules lists every module call met, the unresolved ones included.
	Modules []*ModuleCall
	// Backend is the state backend block, nil if none is declared.
	Backend *Block
	// Diagnostics in the order found. A root with errors still holds what could
	// be evaluated.
	Diagnostics []Diagnostic
	// Incomplete says why resources may be missing ("module x: not downloaded",
	// "resource aws_x.y: count is not known"); empty if none can be.
	Incomplete []string
}

// File is one file read. Path is slash-separated and relative to the file
// system; SHA256 is lower-case hex.
type File struct {
	Path   string
	SHA256 string
}

// Variable is a declared input variable of any module.
type Variable struct {
	Module    string // module address, "" for the root
	Name      string
	Default   *Value // nil if it has none
	Value     *Value // what the module sees
	Sensitive bool
	Pos       fact.Position
}

// Local is a local value of any module.
type Local struct {
	Module string
	Name   string
	Value  *Value
	Pos    fact.Position
}

// Output is an output value of any module.
type Output struct {
	Module    string
	Name      string
	Value     *Value
	Sensitive bool
	Pos       fact.Position
}

// Resource is one instance of a resource or data block.
type Resource struct {
	Address  string // module.a["x"].aws_s3_bucket.logs[0]
	Module   string // module.a["x"], "" for the root
	Mode     string // managed or data
	Type     string
	Name     string
	Key      any // nil, int64 or string: the index of count or for_each
	Provider *Provider
	// Body holds arguments and nested blocks. Blocks are lists of objects under
	// the block's name, as in a plan. For HCL only what was written is present;
	// Body.Get of anything else is absent, and the collector knows the default.
	Body *Value
	// KnownCount is false when count or for_each was not known: the instance
	// then stands for any number of instances, and its Key is nil.
	KnownCount bool
	Pos        fact.Position // the block, first to last line
	// Callers are the module calls that lead here, outermost first.
	Callers []fact.Position
}

// Provider is one provider configuration as seen by a module.
type Provider struct {
	Module string
	Name   string // aws
	Alias  string // "" for the default configuration
	Body   *Value // nil if the configuration is implied
	Pos    fact.Position
}

// ModuleCall is one module block (one instance of it).
type ModuleCall struct {
	Address  string
	Source   string
	Dir      string // "" if not resolved
	Resolved bool
	Reason   string // why not
	Pos      fact.Position
}

// Block is a labelled block outside resources.
type Block struct {
	Type   string
	Labels []string
	Body   *Value
	Pos    fact.Position
}

// Diagnostic is a problem in a user's file. Severity is "error" (the file or
// block could not be used) or "warning".
type Diagnostic = fact.Diagnostic
