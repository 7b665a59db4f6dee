package control

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// shape is the form of a value in a generated document.
type shape struct {
	fields map[string]*shape // of an object
	names  []string          // of its fields, sorted
	elem   *shape            // of an array
	set    bool              // made by a rule: a set
}

func (s *shape) scalar() bool { return s.fields == nil && s.elem == nil }

func scalar() *shape { return &shape{} }

func object1(names string, of ...*shape) *shape {
	s := &shape{fields: map[string]*shape{}, names: strings.Fields(names)}
	for i, n := range s.names {
		s.fields[n] = of[i]
	}
	return s
}

func list(of *shape) *shape { return &shape{elem: of} }

// subjectShape and factShape are what generated rules are about.
func subjectShape() *shape {
	leaf := object1("p q", scalar(), scalar())
	return object1("a b c list owners refs rows wire",
		scalar(), scalar(), scalar(), list(scalar()),
		list(object1("deep exe tags user", leaf, scalar(), list(scalar()), scalar())),
		list(scalar()), list(list(leaf)),
		object1("deep name opts", leaf, scalar(), list(scalar())))
}

func factShape() *shape {
	return object1("back m n parts", list(scalar()), scalar(), scalar(), list(object1("x y", scalar(), scalar())))
}

// generator writes random policies: rules over locals, some, every,
// comprehensions, helpers, negation, comparisons, counts and nested arrays.
type generator struct {
	*rand.Rand
	next    int
	helpers []string
	// rules without arguments that may be used, and what they yield
	aliases map[string]*shape
}

type local struct {
	name  string
	shape *shape
}

// expression is a term with what it evaluates to.
type expression struct {
	text  string
	shape *shape
}

// env is what a body may use. In a function the input may be out of bounds, so
// that arguments matter.
type env struct {
	locals []local
	depth  int
	inner  bool // no iteration by bare references, as under not
}

func (e env) with(name string, s *shape) env {
	e.locals = append(append([]local{}, e.locals...), local{name, s})
	return e
}

func (g *generator) name() string {
	g.next++
	return fmt.Sprintf("v%d", g.next)
}

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

func (g *generator) literal() string {
	return pick(g, []string{`"a"`, `"b"`, `0`, `1`, `true`, `false`})
}

// start is where a path may begin.
func (g *generator) start(e env) expression {
	for range 8 {
		switch g.IntN(5) {
		case 0:
			return expression{"input.subject", subjectShape()}
		case 1, 2:
			if len(e.locals) > 0 {
				l := pick(g, e.locals)
				return expression{l.name, l.shape}
			}
		case 3:
			for _, name := range []string{"alias0", "alias1", "alias2", "member0"} {
				if s := g.aliases[name]; s != nil && g.IntN(2) == 0 {
					return expression{name, s}
				}
			}
		case 4:
			if e.inner {
				continue
			}
			ref := `input.subject.refs[_]`
			if g.IntN(3) == 0 {
				ref = `"t#1"`
			}
			return expression{`input.facts["k"][` + ref + `]`, factShape()}
		}
	}
	return expression{"input.subject", subjectShape()}
}

// path walks from a start to something that fits.
func (g *generator) path(e env, fits func(*shape) bool) expression {
	for range 30 {
		x := g.start(e)
		for range 4 {
			if fits(x.shape) && g.IntN(2) == 0 {
				return x
			}
			switch {
			case x.shape.fields != nil:
				n := pick(g, x.shape.names)
				x = expression{x.text + "." + n, x.shape.fields[n]}
			case x.shape.elem != nil && !x.shape.set && (e.inner || g.IntN(2) == 0):
				x = expression{x.text + "[" + fmt.Sprint(g.IntN(2)) + "]", x.shape.elem}
			case x.shape.elem != nil && !e.inner:
				x = expression{x.text + "[_]", x.shape.elem}
			}
		}
		if fits(x.shape) {
			return x
		}
	}
	if s := (&shape{}); fits(s) {
		return expression{pick(g, []string{"input.subject.a", "input.subject.wire.name"}), s}
	}
	return expression{"input.subject.owners", subjectShape().fields["owners"]}
}

func anything(*shape) bool     { return true }
func isScalar(s *shape) bool   { return s.scalar() }
func isList(s *shape) bool     { return s.elem != nil }
func isObject(s *shape) bool   { return s.fields != nil }
func isRecords(s *shape) bool  { return s.elem != nil && s.elem.fields != nil }
func scalarList(s *shape) bool { return s.elem != nil && s.elem.scalar() }
func isArray(s *shape) bool    { return s.elem != nil && !s.set }

// condition is one expression that binds nothing.
func (g *generator) condition(e env) string {
	e.depth++
	n := g.IntN(20)
	if n > 16 && g.aliases["lookup0"] != nil && g.IntN(2) == 0 {
		n = 15
	}
	switch {
	case n == 18:
		v := g.name()
		return fmt.Sprintf("{%[1]s | some %[1]s in %[2]s}[%[3]s]", v, g.path(e, scalarList).text, g.path(e, isScalar).text)
	case n == 19:
		v := g.name()
		return fmt.Sprintf("{%[1]s | some %[1]s in %[2]s}[%[2]s[0]]", v, g.path(e, isArray).text)
	case n == 16: // equal elements are one
		v, w, x := g.name(), g.name(), g.path(e, isArray)
		return fmt.Sprintf(pick(g, []string{
			"count({%[1]s | some %[1]s in %[3]s}) %[4]s %[5]d",
			"count([1 | some %[2]s in {%[1]s | some %[1]s in %[3]s}]) %[4]s %[5]d",
		}), v, w, x.text, pick(g, []string{"==", "<", ">"}), 1+g.IntN(2))
	case n == 17: // two values of one key are an error
		v := g.name()
		return fmt.Sprintf(`count({%[1]s.user: %[1]s | some %[1]s in input.subject.owners}) >= 0`, v)
	case n < 3:
		return g.path(e, isScalar).text + pick(g, []string{" == ", " != "}) + g.literal()
	case n == 3:
		return g.path(e, anything).text + pick(g, []string{" == ", " != ", " < "}) + g.path(e, anything).text
	case n == 4:
		return fmt.Sprintf("count(%s) %s %d", g.path(e, isList).text, pick(g, []string{"==", ">", "<"}), g.IntN(3))
	case n == 5:
		return g.path(e, anything).text
	case n == 6:
		return g.path(e, isScalar).text + " in " + g.path(e, scalarList).text
	case n == 7:
		return pick(g, []string{`"a" in `, `1 in `}) + g.path(e, scalarList).text
	case n == 8 && e.depth < 4 && !e.inner:
		inner := e
		inner.inner = true
		return "not " + g.condition(inner)
	case n == 9 && e.depth < 4 && !e.inner:
		v := g.name()
		x := g.path(e, isList)
		inner := e.with(v, x.shape.elem)
		inner.depth += 2
		return "every " + v + " in " + x.text + " {\n" + g.conditions(inner, 2) + "\n}"
	case n == 10 && e.depth < 4:
		x := g.comprehension(e)
		return fmt.Sprintf("count(%s) %s %d", x.text, pick(g, []string{"==", ">", "<"}), g.IntN(3))
	case n == 11 && len(g.helpers) > 0:
		return pick(g, g.helpers) + "(" + g.path(e, isObject).text + ")"
	case n == 12:
		return fmt.Sprintf("object.get(%s, %s, 0) == %s", g.path(e, isObject).text, pick(g, []string{`"a"`, `"exe"`, `"m"`, `"p"`}), g.literal())
	case n == 13:
		x := g.path(e, isObject)
		return x.text + "[" + pick(g, []string{`concat("", ["ex", "e"])`, `"a"`, `"user"`, `"p"`, "input.subject.a"}) + "] == " + g.literal()
	case n == 14 && g.aliases["member0"] != nil:
		of := g.aliases["member0"].elem
		return "member0[" + g.path(e, func(s *shape) bool { return s.scalar() == of.scalar() && isList(s) == isList(of) }).text + "]"
	case n == 15 && g.aliases["lookup0"] != nil:
		if g.IntN(2) == 0 {
			return "count(lookup0) >= 0"
		}
		return "lookup0[" + g.path(e, isScalar).text + pick(g, []string{"] == " + g.path(e, anything).text, "]"})
	}
	return g.path(e, isScalar).text + " == " + g.literal()
}

func (g *generator) conditions(e env, most int) string {
	var lines []string
	for range 1 + g.IntN(most) {
		lines = append(lines, g.condition(e))
	}
	return strings.Join(lines, "\n")
}

func (g *generator) comprehension(e env) expression {
	e.depth++
	e.inner = false
	body, inner := g.body(e, 2)
	head := g.path(inner, anything)
	switch g.IntN(4) {
	case 0:
		return expression{"{" + head.text + " | " + body + "}", &shape{elem: head.shape, set: true}}
	case 1:
		return expression{"{" + g.path(inner, isScalar).text + ": " + head.text + " | " + body + "}", &shape{elem: head.shape, set: true}}
	}
	return expression{"[" + head.text + " | " + body + "]", list(head.shape)}
}

// statement may bind locals.
func (g *generator) statement(e env) (string, env) {
	v := g.name()
	switch n := g.IntN(15); {
	case n < 3:
		x := g.path(e, isList)
		return "some " + v + " in " + x.text, e.with(v, x.shape.elem)
	case n == 3:
		x := g.path(e, isRecords)
		i := g.name()
		return "some " + i + ", " + v + " in " + x.text, e.with(v, x.shape.elem).with(i, &shape{})
	case n < 6:
		x := g.path(e, anything)
		return v + " := " + x.text, e.with(v, x.shape)
	case n == 6 && e.depth < 3:
		x := g.comprehension(e)
		return v + " := " + x.text, e.with(v, x.shape)
	case n == 7:
		x, y, w := g.path(e, anything), g.path(e, anything), g.name()
		return fmt.Sprintf("[%s, %s] := [%s, %s]", v, w, x.text, y.text), e.with(v, x.shape).with(w, y.shape)
	case n == 8:
		w := g.name()
		leaf := g.path(e, func(s *shape) bool { return len(s.names) == 2 && s.names[0] == "p" })
		if len(leaf.shape.names) != 2 {
			break
		}
		return fmt.Sprintf(`{"p": %s, "q": %s} = %s`, v, w, leaf.text), e.with(v, &shape{}).with(w, &shape{})
	case n == 9 && g.aliases["value0"] != nil:
		return v + " := value0(" + g.path(e, isObject).text + ")", e.with(v, g.aliases["value0"])
	case n == 10 && g.aliases["value1"] != nil:
		return v + " := value1(" + g.path(e, isObject).text + ", " + g.path(e, anything).text + ")", e.with(v, g.aliases["value1"])
	case n == 11:
		x := g.path(e, isArray)
		i := g.name()
		return "some " + i + "\n" + x.text + "[" + i + "] == " + g.path(e, anything).text, e.with(i, &shape{})
	case n == 12:
		x, y := g.path(e, isScalar), g.path(e, isObject)
		if g.IntN(2) == 0 {
			key := pick(g, []string{`["p"]`, `["a"]`, "[_]"})
			return fmt.Sprintf(`%s := {%s: %s}%s`, v, x.text, y.text, key), e.with(v, y.shape)
		}
		return fmt.Sprintf(`%s := {"p": %s, "q": %s}`, v, x.text, y.text), e.with(v, object1("p q", x.shape, y.shape))
	case n == 13 && g.aliases["member0"] != nil:
		return "some " + v + "\nmember0[" + v + "]", e.with(v, g.aliases["member0"].elem)
	case n == 14:
		x := g.path(e, isArray)
		return v + " := " + pick(g, []string{"array.concat", "array.concat"}) + "(" + x.text + ", [" + g.path(e, isScalar).text + "])", e.with(v, x.shape)
	}
	return g.condition(e), e
}

func (g *generator) body(e env, most int) (string, env) {
	var lines []string
	for range 1 + g.IntN(most) {
		var line string
		line, e = g.statement(e)
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), e
}

// policy is a package with rules that are followed, and what they use.
func (g *generator) policy() string {
	var b strings.Builder
	b.WriteString("package p\n\n")
	g.aliases = map[string]*shape{}
	rule := func(chance int, write func()) {
		if g.IntN(100) < chance {
			write()
		}
	}
	rule(40, func() {
		x := g.path(env{}, anything)
		fmt.Fprintf(&b, "alias0 := %s\n", x.text)
		g.aliases["alias0"] = x.shape
	})
	rule(30, func() {
		body, e := g.body(env{}, 2)
		x := g.path(e, anything)
		fmt.Fprintf(&b, "alias1 := %s if {\n%s\n}\n", x.text, body)
		g.aliases["alias1"] = x.shape
		rule(30, func() { fmt.Fprintf(&b, "else := %s\n", g.path(env{}, anything).text) })
		rule(30, func() { fmt.Fprintf(&b, "default alias1 := %s\n", g.literal()) })
	})
	rule(30, func() { // agree only while both are equal
		x := pick(g, []string{"input.subject.owners[%d]", "input.subject.rows[%d]", "input.facts[\"k\"][\"t#1\"].parts[%d]"})
		fmt.Fprintf(&b, "alias2 := "+x+"\nalias2 := "+x+"\n", 0, 1)
		g.aliases["alias2"] = pick(g, []*shape{subjectShape().fields["owners"].elem, subjectShape().fields["rows"].elem, factShape().fields["parts"].elem})
	})
	rule(40, func() {
		body, e := g.body(env{}, 2)
		x := g.path(e, anything)
		fmt.Fprintf(&b, "member0 contains %s if {\n%s\n}\n", x.text, body)
		g.aliases["member0"] = &shape{elem: x.shape, set: true}
		rule(30, func() { fmt.Fprintf(&b, "member0 contains %s\n", g.path(env{}, anything).text) })
	})
	rule(25, func() { // two values of one key are an error
		b.WriteString("lookup0[o.user] := o if some o in input.subject.owners\n")
		g.aliases["lookup0"] = &shape{}
	})
	rule(25, func() {
		body, e := g.body(env{}, 2)
		fmt.Fprintf(&b, "lookup0[%s] := %s if {\n%s\n}\n", g.path(e, isScalar).text, g.path(e, anything).text, body)
		g.aliases["lookup0"] = &shape{}
	})
	rule(60, func() {
		for range 1 + g.IntN(2) {
			e := env{}.with("arg", pick(g, []*shape{subjectShape(), factShape(), subjectShape().fields["owners"].elem}))
			e.locals = append(e.locals, e.locals[0], e.locals[0])
			body, _ := g.body(e, 2)
			fmt.Fprintf(&b, "helper0(arg) if {\n%s\n}\n", body)
		}
		g.helpers = append(g.helpers, "helper0")
	})
	rule(40, func() {
		e := env{}.with("arg", pick(g, []*shape{subjectShape(), factShape(), subjectShape().fields["owners"].elem}))
		body, e := g.body(e, 2)
		x := g.path(e, anything)
		fmt.Fprintf(&b, "value0(arg) := %s if {\n%s\n}\n", x.text, body)
		rule(40, func() { fmt.Fprintf(&b, "else := arg\n") })
		rule(30, func() { fmt.Fprintf(&b, "value0(arg) := arg.%s\n", pick(g, subjectShape().names)) })
		g.aliases["value0"] = x.shape
	})
	rule(30, func() {
		e := env{}.with("one", subjectShape().fields["owners"].elem).with("two", &shape{})
		body, e := g.body(e, 2)
		x := g.path(e, anything)
		fmt.Fprintf(&b, "value1(one, two) := %s if {\n%s\n}\n", x.text, body)
		g.aliases["value1"] = x.shape
	})
	for n := range rules {
		body, e := g.body(env{}, 3)
		entry := `"x"`
		rule(40, func() { entry = g.path(e, anything).text })
		fmt.Fprintf(&b, "r%d contains %s if {\n%s\n}\n", n, entry, body)
	}
	return b.String()
}

// rules of a policy that are followed, r0 and on.
const rules = 6

// document is a random value of a shape, of few values so that conditions hold.
func (g *generator) document(s *shape) any {
	switch {
	case s.fields != nil:
		m := map[string]any{}
		for _, n := range s.names {
			m[n] = g.document(s.fields[n])
		}
		return m
	case s.elem != nil:
		list := []any{}
		for n := range g.IntN(4) {
			if n > 0 && g.IntN(2) == 0 {
				list = append(list, clone(list[n-1])) // equal, until one is changed
				continue
			}
			list = append(list, g.document(s.elem))
		}
		return list
	}
	return pick(g, []any{"a", "b", 0, 1, true, false})
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for n, e := range v {
			m[n] = clone(e)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = clone(e)
		}
		return list
	}
	return v
}
