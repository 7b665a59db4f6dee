package judge

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
)

// need returns which members of a document the policies can read: those that their
// references spell. A variable that stands for a part of the document, and at whose
// members alone a rule looks, stands for nothing more; a part that is used in any other
// way is needed whole.
func (e *Engine) need() *input.Need {
	root := &input.Need{}
	for _, m := range e.Compiler.Modules {
		for _, r := range m.Rules {
			u := uses{bare: map[ast.Var]bool{}, defined: map[ast.Var]int{}}
			u.walk(r)
			u.note(root)
		}
	}
	return root
}

// uses are the references and variables of one rule, with all that is within it.
type uses struct {
	refs    []ast.Ref        // used whole
	defs    []definition     // of variables
	bare    map[ast.Var]bool // used other than as the beginning of a longer reference
	defined map[ast.Var]int
}

// definition is an expression that unifies a variable with a reference.
type definition struct {
	name ast.Var
	ref  ast.Ref
}

func (u *uses) walk(x any) {
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Expr:
			return u.definition(x)
		case ast.Ref:
			u.refs = append(u.refs, x)
			u.parts(x)
			return true
		case ast.Var:
			u.bare[x] = true
		}
		return false
	}).Walk(x)
}

// parts walks what stands in the brackets of a reference.
func (u *uses) parts(ref ast.Ref) {
	if head, ok := ref[0].Value.(ast.Var); !ok {
		u.walk(ref[0])
	} else if len(ref) == 1 {
		u.bare[head] = true
	}
	for _, part := range ref[1:] {
		u.walk(part)
	}
}

// definition takes an expression that defines a variable. Of "with" only the values are
// read: what it replaces is not.
func (u *uses) definition(e *ast.Expr) bool {
	if len(e.With) > 0 {
		for _, w := range e.With {
			u.walk(w.Value)
		}
		without := *e
		without.With = nil
		u.walk(&without)
		return true
	}
	if !e.IsEquality() || e.Negated || len(e.Operands()) != 2 {
		return false
	}
	for i := range 2 {
		name, isVar := e.Operand(i).Value.(ast.Var)
		ref, isRef := e.Operand(1 - i).Value.(ast.Ref)
		if isVar && isRef && len(ref) > 1 {
			u.defs = append(u.defs, definition{name, ref})
			u.defined[name]++
			u.parts(ref)
			return true
		}
	}
	return false
}

// note notes what is needed of a document.
func (u *uses) note(root *input.Need) {
	stands := map[ast.Var]*input.Need{ast.InputRootDocument.Value.(ast.Var): root}
	follow := func(ref ast.Ref) *input.Need {
		head, _ := ref[0].Value.(ast.Var)
		n := stands[head]
		for i := 1; i < len(ref) && n != nil; i++ {
			if name, ok := ref[i].Value.(ast.String); ok {
				n = n.Member(string(name))
			} else {
				n = n.Every()
			}
		}
		return n
	}
	for progress := true; progress; {
		progress = false
		for _, d := range u.defs {
			if stands[d.name] != nil || u.bare[d.name] || u.defined[d.name] > 1 {
				continue
			}
			if n := follow(d.ref); n != nil {
				stands[d.name] = n
				progress = true
			}
		}
	}
	for _, d := range u.defs {
		if n := follow(d.ref); n != nil && stands[d.name] != n {
			n.All = true
		}
	}
	for _, ref := range u.refs {
		if n := follow(ref); n != nil {
			n.All = true
		}
	}
	if u.bare[ast.InputRootDocument.Value.(ast.Var)] {
		root.All = true
	}
}
