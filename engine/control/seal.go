package control

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// seal refuses files that would add to what is embedded. Rules of a package are
// addressed below it, so the first element of the package path decides. Where nothing
// is embedded, own helpers may be called lib, as those of conftest policies often are.
func seal(files []*file) (kept []*file, diagnostics []fact.Diagnostic) {
	roots := map[string]bool{"params": true, "gdpr": true}
	for _, f := range files {
		if f.embedded {
			roots[f.root()] = true
			roots["lib"] = true
		}
	}
	for _, f := range files {
		if r := f.root(); !f.embedded && roots[r] {
			diagnostics = append(diagnostics, f.diagnose(f.module.Package.Location, "sealed package",
				fmt.Sprintf("%s is part of the embedded set, which other files may not add to", strings.TrimPrefix(f.module.Package.Path.String(), "data.")),
				"put your controls under a root of your own, such as package acme.port.known"))
			continue
		}
		kept = append(kept, f)
	}
	return kept, diagnostics
}

// root is the first element of the package path.
func (f *file) root() string {
	if f.known != nil {
		first, _, _ := strings.Cut(f.known.Meta.ID, ".")
		return first
	}
	if len(f.module.Package.Path) < 2 {
		return ""
	}
	s, _ := f.module.Package.Path[1].Value.(ast.String)
	return string(s)
}

// intrusions finds rules that add to the package of a control from another file:
// by standing in the same package, or by a head that leads there (port.known.deny
// in package acme).
func intrusions(files []*file, controls map[string]*Control) []fact.Diagnostic {
	var out []fact.Diagnostic
	for _, f := range files {
		if f.known != nil {
			continue // its tests have shown that it keeps to itself
		}
		own := strings.TrimPrefix(f.module.Package.Path.String(), "data.")
		report := func(at *ast.Location, c *Control) {
			out = append(out, f.diagnose(at, "control defined twice",
				fmt.Sprintf("%s is a control, defined in %s", c.ID, c.file.path), "one control is one package in one file"))
		}
		if c := controls[own]; c != nil && c.file != f && !isControl(f.module) {
			report(f.module.Package.Location, c)
			continue
		}
		for _, r := range f.module.Rules {
			path := own
			for i, t := range r.Head.Reference {
				if i == len(r.Head.Reference)-1 || !ast.IsConstant(t.Value) && i > 0 {
					break
				}
				name, _ := t.Value.(ast.String)
				if i == 0 {
					name = ast.String(ruleName(r))
				}
				path += "." + string(name)
				if c := controls[path]; c != nil && c.file != f {
					report(r.Location, c)
				}
			}
		}
	}
	return out
}
