package terraform

import "github.com/hashicorp/hcl/v2/hclsyntax"

func (ev *evaluation) overrideAll(mod *module, body *hclsyntax.Body) {
	ev.incomplete("override")
}
