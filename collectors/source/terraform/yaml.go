package terraform

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func yamlDecodeFunction() function.Function { return unknownFunction(cty.DynamicPseudoType, "yaml") }
func yamlEncodeFunction() function.Function { return unknownFunction(cty.String, "yaml") }
