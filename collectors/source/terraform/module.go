package terraform

import (
	"io/fs"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// module is the configuration in one folder, override files merged. All
// instances of a module share it.
type module struct {
	dir       string
	preloaded bool
	files     []string // configuration files, in Terraform's order
	variables []*variableBlock
	locals    []*hclsyntax.Attribute
	outputs   []*block
	resources []*resourceBlock
	calls     []*block
	providers []*providerBlock
	backend   *block
	aliases   map[string]bool // provider configurations expected from the caller

	variable map[string]*variableBlock
	local    map[string]*hclsyntax.Attribute
	output   map[string]*block
	resource map[resourceName]*resourceBlock
	call     map[string]*block
}

// block is a top-level block with its merged body.
type block struct {
	kind   string
	labels []string
	body   *hclsyntax.Body
	rng    hcl.Range // first to last line
}

// resourceName is what a block is known by in its module.
type resourceName struct{ mode, kind, name string }

const (
	managed   = "managed"
	data      = "data"
	ephemeral = "ephemeral"
)

func (n resourceName) String() string {
	switch n.mode {
	case data, ephemeral:
		return n.mode + "." + n.kind + "." + n.name
	}
	return n.kind + "." + n.name
}

type resourceBlock struct {
	block
	name resourceName
}

type providerBlock struct {
	block
	alias string
}

type variableBlock struct {
	block
	ty        cty.Type
	defaults  *typeexpr.Defaults
	fallback  *hclsyntax.Attribute // nil: required
	nullable  bool
	sensitive bool
}

// module parses the folder dir, once.
func (ev *evaluation) module(dir string) *module {
	if mod, ok := ev.modules[dir]; ok {
		return mod
	}
	mod := &module{
		dir:      dir,
		aliases:  map[string]bool{},
		variable: map[string]*variableBlock{},
		local:    map[string]*hclsyntax.Attribute{},
		output:   map[string]*block{},
		resource: map[resourceName]*resourceBlock{},
		call:     map[string]*block{},
	}
	ev.modules[dir] = mod
	primary, override, err := configFiles(ev.fsys, dir)
	if err != nil {
		ev.unusable(dir, err.Error())
		return mod
	}
	mod.files = append(primary, override...)
	for _, name := range primary {
		if body := ev.parse(name); body != nil {
			ev.declareAll(mod, body)
		}
	}
	for _, name := range override {
		if body := ev.parse(name); body != nil {
			ev.overrideAll(mod, body)
		}
	}
	for _, v := range mod.variables {
		ev.decodeVariable(v)
	}
	return mod
}

// configFiles lists the configuration files of a folder in the order Terraform
// loads them: those that override others come last.
func configFiles(fsys fs.FS, dir string) (primary, override []string, err error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, nil, reading(dir, err)
	}
	for _, e := range entries {
		name := e.Name()
		stem := configStem(name)
		if stem == "" || e.IsDir() {
			continue
		}
		if stem == "override" || strings.HasSuffix(stem, "_override") {
			override = append(override, path.Join(dir, name))
		} else {
			primary = append(primary, path.Join(dir, name))
		}
	}
	return primary, override, nil
}

// configStem returns the name without .tf or .tf.json, "" for other files and
// those that editors leave behind.
func configStem(name string) string {
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") {
		return ""
	}
	if stem, ok := strings.CutSuffix(name, ".tf"); ok {
		return stem
	}
	stem, _ := strings.CutSuffix(name, ".tf.json")
	if stem == name {
		return ""
	}
	return stem
}

// parse reads a configuration file into syntax, nil if it cannot be used: half
// a file would give blocks that lack arguments.
func (ev *evaluation) parse(name string) *hclsyntax.Body { return ev.parseFile(name, false) }

// parseFile is parse, also for a file that sets variables.
func (ev *evaluation) parseFile(name string, values bool) *hclsyntax.Body {
	text, ok := ev.configuration(name)
	if !ok {
		return nil
	}
	if strings.HasSuffix(name, ".json") {
		return ev.parseJSON(text, name, values)
	}
	if rng, deep := tooDeep(text, name, ev.limits.Nesting); deep {
		ev.refuse(rng, "nested too deeply", "")
		ev.incomplete("file " + name + ": nested too deeply")
		return nil
	}
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		ev.failSyntax(name, diags)
		ev.incomplete("file " + name + ": syntax error")
		return nil
	}
	return file.Body.(*hclsyntax.Body)
}
