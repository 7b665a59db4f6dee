package terraform

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// yamlEncodeFunction writes YAML as yamlencode does: block style, strings and
// keys in double quotes, text of several lines as a literal block.
func yamlEncodeFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{
			Name: "value", Type: cty.DynamicPseudoType,
			AllowNull: true, AllowDynamicType: true, AllowUnknown: true,
		}},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() {
				return cty.UnknownVal(cty.String).RefineNotNull(), nil
			}
			var w yamlWriter
			w.node(args[0], 0, 0)
			if w.err != nil {
				return unknownBecause(cty.String, w.err.Error()), nil
			}
			w.b.WriteByte('\n')
			if isPlainYAML(args[0]) {
				w.b.WriteString("...\n")
			}
			return cty.StringVal(w.b.String()), nil
		},
	})
}

// yamlWriter writes nodes; err is set where the exact text is not modelled.
type yamlWriter struct {
	b   strings.Builder
	err error
}

func (w *yamlWriter) refuse(what string) {
	w.err = errors.Join(w.err, fmt.Errorf("yamlencode: %s", what))
}

func isPlainYAML(v cty.Value) bool {
	return v.IsNull() || v.Type() == cty.Number || v.Type() == cty.Bool
}

// node writes a value whose first line stands at the given column; its further
// lines get the indent.
func (w *yamlWriter) node(v cty.Value, indent, column int) {
	if w.err != nil {
		return
	}
	switch t := v.Type(); {
	case v.IsNull():
		w.b.WriteString("null")
	case t == cty.Bool:
		fmt.Fprint(&w.b, v.True())
	case t == cty.Number:
		if v.AsBigFloat().IsInf() {
			w.refuse("infinity")
			return
		}
		w.b.WriteString(decimal(v.AsBigFloat()))
	case t == cty.String:
		w.text(v.AsString(), indent, column)
	case t.IsObjectType() || t.IsMapType():
		w.mapping(v, indent)
	default:
		w.sequence(v, indent)
	}
}

func (w *yamlWriter) newline(indent int) {
	w.b.WriteByte('\n')
	w.b.WriteString(strings.Repeat(" ", indent))
}

func (w *yamlWriter) mapping(v cty.Value, indent int) {
	if v.LengthInt() == 0 {
		w.b.WriteString("{}")
		return
	}
	first := true
	for it := v.ElementIterator(); it.Next(); {
		k, member := it.Element()
		if !first {
			w.newline(indent)
		}
		first = false
		key := quotedYAML(k.AsString())
		if key == "" || len(key) > 100 || strings.Contains(k.AsString(), "\n") {
			w.refuse("a key that is not simple")
			return
		}
		w.b.WriteString(key + ":")
		t := member.Type()
		switch {
		case member.IsNull() || t.IsPrimitiveType() || member.LengthInt() == 0:
			w.b.WriteByte(' ')
			w.node(member, indent, indent+len(key)+2)
		case t.IsObjectType() || t.IsMapType():
			w.newline(indent + 2)
			w.node(member, indent+2, indent+2)
		default:
			w.newline(indent)
			w.node(member, indent, indent)
		}
	}
}

func (w *yamlWriter) sequence(v cty.Value, indent int) {
	if v.LengthInt() == 0 {
		w.b.WriteString("[]")
		return
	}
	first := true
	for it := v.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		if !first {
			w.newline(indent)
		}
		first = false
		w.b.WriteString("- ")
		inner := indent
		if !elem.IsNull() && !elem.Type().IsPrimitiveType() {
			inner += 2
		}
		w.node(elem, inner, indent+2)
	}
}

// yamlWidth is the column from which the emitter folds quoted text at spaces.
const yamlWidth = 80

func (w *yamlWriter) text(s string, indent, column int) {
	if literalYAML(s) {
		w.literal(s, indent+2)
		return
	}
	q := quotedYAML(s)
	switch {
	case q == "":
		w.refuse("a character that is not modelled")
	case column+len(q) > yamlWidth && strings.Contains(s, " "):
		w.refuse("long text, which is folded")
	default:
		w.b.WriteString(q)
	}
}

// literalYAML reports whether a string is written as a literal block: it has
// several lines, no special character, and no space at the end of a line.
func literalYAML(s string) bool {
	if !strings.Contains(s, "\n") || strings.Contains(s, " \n") || strings.HasSuffix(s, " ") {
		return false
	}
	for _, r := range s {
		if r != '\n' && (!printableYAML(r) || r == '\u0085' || r == '\u2028' || r == '\u2029') {
			return false
		}
	}
	return true
}

func (w *yamlWriter) literal(s string, indent int) {
	w.b.WriteByte('|')
	if s[0] == ' ' || s[0] == '\n' {
		w.b.WriteByte('2')
	}
	switch {
	case !strings.HasSuffix(s, "\n"):
		w.b.WriteByte('-')
	case s == "\n" || strings.HasSuffix(s, "\n\n"):
		w.b.WriteByte('+')
	}
	body := strings.TrimSuffix(s, "\n")
	for line := range strings.SplitSeq(body, "\n") {
		if line == "" {
			w.b.WriteByte('\n')
		} else {
			w.newline(indent)
			w.b.WriteString(line)
		}
	}
}

// printableYAML is what the emitter leaves as it is.
func printableYAML(r rune) bool {
	return r >= 0x20 && r <= 0x7e || r >= 0xa0 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd && r != 0xfeff
}

// quotedYAML writes s in double quotes; "" if a character is not modelled.
func quotedYAML(s string) string {
	short := map[rune]string{
		0: `\0`, '\a': `\a`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\v': `\v`, '\f': `\f`, '\r': `\r`, 0x1b: `\e`,
		'"': `\"`, '\\': `\\`, 0x85: `\N`, 0x2028: `\L`, 0x2029: `\P`,
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch e, escaped := short[r]; {
		case r == 0xfeff:
			return ""
		case escaped:
			b.WriteString(e)
		case printableYAML(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02X`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
