package judge

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/types"
)

// having is the built-in behind narrow; only copies of rules call it. Of a collection
// it returns the elements that have a string at a path.
const having = "internal.writ_having"

// narrow rewrites the bodies that policies for large documents consist of,
//
//	some r in input.resource_changes    (or r := input.resource_changes[_])
//	r.type == "aws_s3_bucket"
//
// so that the elements are found in an index, which is made once for a document, and
// not by looking at each of them for each rule. The comparison stays. It has to follow
// at once, but for others like it: nothing that could fail is passed over.
func narrow(body ast.Body) {
	for i, e := range body {
		variable, collection := iterated(e)
		if collection == nil {
			continue
		}
		for _, next := range body[i+1:] {
			ref, value, equal := compared(next)
			if ref == nil || !ref[0].Equal(variable) {
				break
			}
			if !equal {
				continue
			}
			var path []*ast.Term
			for _, part := range ref[1:] {
				path = append(path, part)
			}
			call := ast.CallTerm(ast.RefTerm(ast.VarTerm("internal"), ast.StringTerm("writ_having")), collection, ast.ArrayTerm(path...), value)
			member := ast.CallTerm(ast.NewTerm(ast.Member.Ref()), variable, call)
			e.Terms = &ast.SomeDecl{Symbols: []*ast.Term{member}, Location: e.Location}
			setLocation(call, e.Location)
			setLocation(member, e.Location)
			break
		}
	}
}

func setLocation(t *ast.Term, at *ast.Location) {
	t.Location = at
	for _, operand := range t.Value.(ast.Call) {
		if operand.Location == nil {
			operand.Location = at
		}
	}
}

// iterated returns the variable that stands for each element of a collection of the
// input, nil if an expression is of another form.
func iterated(e *ast.Expr) (variable, collection *ast.Term) {
	if e.Negated || len(e.With) > 0 {
		return nil, nil
	}
	if some, ok := e.Terms.(*ast.SomeDecl); ok {
		if len(some.Symbols) != 1 {
			return nil, nil
		}
		call, ok := some.Symbols[0].Value.(ast.Call)
		if !ok || len(call) != 3 || !call[0].Equal(ast.NewTerm(ast.Member.Ref())) {
			return nil, nil
		}
		if _, ok := call[1].Value.(ast.Var); !ok || !ofInput(call[2]) {
			return nil, nil
		}
		return call[1], call[2]
	}
	if !e.IsAssignment() {
		return nil, nil
	}
	ref, ok := e.Operand(1).Value.(ast.Ref)
	if _, isVar := e.Operand(0).Value.(ast.Var); !isVar || !ok || len(ref) < 2 {
		return nil, nil
	}
	every, ok := ref[len(ref)-1].Value.(ast.Var)
	collection = &ast.Term{Value: ref[:len(ref)-1].Copy(), Location: e.Location}
	if !ok || !every.IsWildcard() || !ofInput(collection) {
		return nil, nil
	}
	return e.Operand(0), collection
}

// ofInput says whether a term is a reference to one place in the input.
func ofInput(t *ast.Term) bool {
	ref, ok := t.Value.(ast.Ref)
	return ok && len(ref) > 1 && ref[0].Equal(ast.InputRootDocument) && ref.IsGround()
}

// compared returns the parts of a comparison of a variable's member with a constant,
// and whether that is equality with a string.
func compared(e *ast.Expr) (ref ast.Ref, value *ast.Term, equal bool) {
	if e.Negated || len(e.With) > 0 || !e.IsCall() || len(e.Operands()) != 2 {
		return nil, nil, false
	}
	operator := e.Operator().String()
	if operator != ast.Equal.Name && operator != ast.Equality.Name && operator != ast.NotEqual.Name {
		return nil, nil, false
	}
	a, b := e.Operand(0), e.Operand(1)
	if ast.IsConstant(a.Value) {
		a, b = b, a
	}
	ref, ok := a.Value.(ast.Ref)
	if !ok || !ast.IsConstant(b.Value) || len(ref) < 2 {
		return nil, nil, false
	}
	for _, part := range ref[1:] {
		if _, ok := part.Value.(ast.String); !ok {
			return nil, nil, false
		}
	}
	if _, ok := ref[0].Value.(ast.Var); !ok {
		return nil, nil, false
	}
	_, text := b.Value.(ast.String)
	return ref, b, text && operator != ast.NotEqual.Name
}

// indexed is what an index is made for: a collection, and a path in its elements.
type indexed struct {
	collection ast.Value // a pointer
	path       string
}

func havingBuiltin() Builtin {
	a := types.NewAny()
	decl := types.NewFunction(types.Args(a, types.NewArray(nil, types.S), types.S), types.NewArray(nil, a))
	return Builtin{&ast.Builtin{Name: having, Decl: decl}, func(bctx rego.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
		switch terms[0].Value.(type) {
		case *ast.Array, ast.Object, ast.Set:
		default:
			return ast.ArrayTerm(), nil // nothing to iterate over
		}
		key := indexed{terms[0].Value, terms[1].String()}
		made, ok := bctx.Cache.Get(key)
		if !ok {
			made = byString(terms[0].Value, terms[1].Value.(*ast.Array))
			bctx.Cache.Put(key, made)
		}
		if found := made.(map[ast.Value]*ast.Term)[terms[2].Value]; found != nil {
			return found, nil
		}
		return ast.ArrayTerm(), nil
	}}
}

// byString returns arrays of the elements of a collection that have a string at a path,
// by that string.
func byString(collection ast.Value, path *ast.Array) map[ast.Value]*ast.Term {
	lists := map[ast.Value][]*ast.Term{}
	add := func(element *ast.Term) {
		at := element
		for i := 0; i < path.Len() && at != nil; i++ {
			at = member(at, path.Elem(i))
		}
		if at != nil {
			if s, ok := at.Value.(ast.String); ok {
				lists[s] = append(lists[s], element)
			}
		}
	}
	switch c := collection.(type) {
	case *ast.Array:
		c.Foreach(add)
	case ast.Object:
		c.Foreach(func(_, v *ast.Term) { add(v) })
	case ast.Set:
		c.Foreach(add)
	}
	made := make(map[ast.Value]*ast.Term, len(lists))
	for s, list := range lists {
		made[s] = ast.ArrayTerm(list...)
	}
	return made
}

// member is what a reference with a string leads to, nil if to nothing.
func member(t, name *ast.Term) *ast.Term {
	switch v := t.Value.(type) {
	case ast.Object:
		return v.Get(name)
	case ast.Set:
		if v.Contains(name) {
			return name
		}
	}
	return nil
}
