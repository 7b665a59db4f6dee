package terraform

import "github.com/hashicorp/hcl/v2"

func (m *member) computed(rest hcl.Traversal) *Value { return nil }
