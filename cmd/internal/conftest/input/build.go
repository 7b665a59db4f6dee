package input

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// maxKeys bounds the member names a builder keeps for reuse.
const maxKeys = 4096

// builder makes AST values. Every number is a float64, as in conftest, whose
// parsers all end in encoding/json: policies written for it know 1000000 as 1e+06.
type builder struct {
	keys map[string]*ast.Term
	json bool // numbers are spelled as JSON spells them, not as a converted float64

	protos *protos // of text messages; nil is none
	need   *Need   // of JSON; nil is everything
	env    bool    // references may be to variables of the environment
}

func (b *builder) key(name string) *ast.Term {
	if t := b.keys[name]; t != nil {
		return t
	}
	t := ast.StringTerm(strings.Clone(name))
	if len(b.keys) < maxKeys {
		b.keys[string(t.Value.(ast.String))] = t
	}
	return t
}

func (b *builder) float(f float64) *ast.Term {
	if i := int64(f); float64(i) == f && i > -1e6 && i < 1e6 && (i != 0 || !math.Signbit(f)) {
		return ast.InternedTerm(int(i))
	}
	if b.json {
		return ast.NewTerm(ast.Number(jsonNumber(f)))
	}
	return ast.NewTerm(ast.Number(strconv.FormatFloat(f, 'g', -1, 64)))
}

// jsonNumber spells a number as encoding/json does.
func jsonNumber(f float64) string {
	text, err := json.Marshal(f)
	if err != nil { // NaN and infinities do not come from any reader
		return "0"
	}
	return string(text)
}

func (b *builder) text(s string) *ast.Term { return ast.StringTerm(s) }

// few is the number of members up to which comparing each with each is faster.
const few = 12

// object makes an object of members of which names may stand several times; the
// last one holds. OPA's own constructor takes them to be distinct.
func (b *builder) object(pairs [][2]*ast.Term) *ast.Term {
	name := func(p [2]*ast.Term) ast.String { s, _ := p[0].Value.(ast.String); return s }
	kept := 0
	var index map[ast.String]int
	if len(pairs) > few {
		index = make(map[ast.String]int, len(pairs))
	}
next:
	for _, p := range pairs {
		if index != nil {
			if at, ok := index[name(p)]; ok {
				pairs[at] = p
				continue
			}
			index[name(p)] = kept
		} else {
			for at := range kept {
				if pairs[at][0] == p[0] || name(pairs[at]) == name(p) {
					pairs[at] = p
					continue next
				}
			}
		}
		pairs[kept] = p
		kept++
	}
	return ast.ObjectTerm(pairs[:kept]...)
}

// value converts what a decoder made: maps by string, slices, strings, booleans,
// numbers, nil.
func (b *builder) value(v any) (*ast.Term, error) {
	switch v := v.(type) {
	case nil:
		return ast.NullTerm(), nil
	case bool:
		return ast.InternedTerm(v), nil
	case string:
		return b.text(strings.ToValidUTF8(v, "\ufffd")), nil
	case int:
		return b.float(float64(v)), nil
	case int64:
		return b.float(float64(v)), nil
	case uint64:
		return b.float(float64(v)), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("json: unsupported value: %s", strconv.FormatFloat(v, 'g', -1, 64))
		}
		return b.float(v), nil
	case []string:
		terms := make([]*ast.Term, len(v))
		for i, s := range v {
			terms[i] = b.text(s)
		}
		return ast.ArrayTerm(terms...), nil
	case []any:
		terms := make([]*ast.Term, len(v))
		for i, e := range v {
			t, err := b.value(e)
			if err != nil {
				return nil, err
			}
			terms[i] = t
		}
		return ast.ArrayTerm(terms...), nil
	case []map[string]any:
		terms := make([]*ast.Term, len(v))
		for i, e := range v {
			t, err := b.value(e)
			if err != nil {
				return nil, err
			}
			terms[i] = t
		}
		return ast.ArrayTerm(terms...), nil
	case map[string]string:
		pairs := make([][2]*ast.Term, 0, len(v))
		for name, s := range v {
			pairs = append(pairs, [2]*ast.Term{b.key(name), b.text(strings.ToValidUTF8(s, "\ufffd"))})
		}
		return b.object(pairs), nil
	case map[string]any:
		pairs := make([][2]*ast.Term, 0, len(v))
		for name, e := range v {
			t, err := b.value(e)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, [2]*ast.Term{b.key(name), t})
		}
		return b.object(pairs), nil
	case map[any]any:
		return b.yamlObject(v)
	}
	return nil, fmt.Errorf("json: unsupported type: %T", v)
}

// yamlObject converts a mapping of YAML, whose keys become strings by the rules of
// sigs.k8s.io/yaml. Of two keys with one spelling (1 and "1") the string holds.
func (b *builder) yamlObject(v map[any]any) (*ast.Term, error) {
	pairs := make([][2]*ast.Term, 0, len(v))
	mixed := false
	for k, e := range v {
		name, ok := k.(string)
		if !ok {
			mixed = true
			var err error
			if name, err = yamlKey(k); err != nil {
				return nil, err
			}
		}
		t, err := b.value(e)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, [2]*ast.Term{b.key(name), t})
	}
	if mixed {
		strs := make(map[string]bool, len(v))
		for k := range v {
			if name, ok := k.(string); ok {
				strs[name] = true
			}
		}
		pairs = pairs[:0]
		for _, k := range sortedKeys(v) {
			name, isString := k.(string)
			if !isString {
				name, _ = yamlKey(k)
				if strs[name] {
					continue
				}
			}
			t, err := b.value(v[k])
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, [2]*ast.Term{b.key(name), t})
		}
	}
	return b.object(pairs), nil
}

func sortedKeys(v map[any]any) []any {
	keys := make([]any, 0, len(v))
	for k := range v {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return fmt.Sprintf("%T%v", keys[i], keys[i]) < fmt.Sprintf("%T%v", keys[j], keys[j])
	})
	return keys
}

func yamlKey(k any) (string, error) {
	switch k := k.(type) {
	case int:
		return strconv.Itoa(k), nil
	case int64:
		return strconv.FormatInt(k, 10), nil
	case bool:
		return strconv.FormatBool(k), nil
	case float64:
		switch {
		case math.IsInf(k, 1):
			return ".inf", nil
		case math.IsInf(k, -1):
			return "-.inf", nil
		case math.IsNaN(k):
			return ".nan", nil
		}
		return strconv.FormatFloat(k, 'g', -1, 32), nil
	}
	return "", fmt.Errorf("unsupported map key of type: %T", k)
}
