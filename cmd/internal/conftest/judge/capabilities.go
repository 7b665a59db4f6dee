package judge

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// capabilitiesOf returns what policies may use: all that this version of OPA can, or
// a file's, without what needs a permission that was not given.
func capabilitiesOf(o Options) (*ast.Capabilities, error) {
	c := ast.CapabilitiesForThisVersion()
	if o.Capabilities != "" {
		var err error
		if c, err = ast.LoadCapabilitiesFile(o.Capabilities); err != nil {
			return nil, err
		}
	}
	c.Builtins = slices.DeleteFunc(slices.Clone(c.Builtins), func(b *ast.Builtin) bool { return permission(o, b.Name) != "" })
	return c, nil
}

// permission names the switch without which a built-in is not there, "" if none.
func permission(o Options, builtin string) string {
	switch builtin {
	case "http.send", "net.lookup_ip_addr":
		if !o.AllowNet {
			return "--allow-net"
		}
	case "opa.runtime":
		if !o.AllowEnv {
			return "--allow-env"
		}
	}
	return ""
}

// withheld adds to compile errors which switch would allow what is not defined.
func (e *Engine) withheld(errs ast.Errors) error {
	var hints []string
	for _, err := range errs {
		name, ok := strings.CutPrefix(err.Message, "undefined function ")
		if flag := permission(e.opts, name); ok && flag != "" {
			hint := fmt.Sprintf("built-in error: policies may not call %s unless the command line says %s", name, flag)
			if !slices.Contains(hints, hint) {
				hints = append(hints, hint)
			}
		}
	}
	if len(hints) == 0 {
		return errs
	}
	return errors.New(errs.Error() + "\n" + strings.Join(hints, "\n"))
}
