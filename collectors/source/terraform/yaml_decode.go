package terraform

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"go.yaml.in/yaml/v3"
)

// yamlDecodeFunction reads one YAML document with the rules of yamldecode: the
// words of YAML 1.1 for true and false, the numbers of YAML 1.2, mappings as
// objects, sequences as tuples.
func yamlDecodeFunction() function.Function {
	decode := func(args []cty.Value) (cty.Value, error) {
		v, err := decodeYAML(args[0].AsString())
		if errors.Is(err, errYAML) {
			return unknownBecause(cty.DynamicPseudoType, err.Error()), nil
		}
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		return v, nil
	}
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("src", cty.String)},
		Type: func(args []cty.Value) (cty.Type, error) {
			if !args[0].IsKnown() {
				return cty.DynamicPseudoType, nil
			}
			v, err := decode(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return decode(args) },
	})
}

// errYAML says that a document holds something that is not modelled.
var errYAML = errors.New("yamldecode")

// yamlNodes and yamlDepth bound what a document expands to through its aliases.
const (
	yamlNodes = 200_000
	yamlDepth = 200
)

type yamlReader struct {
	nodes int
	open  map[*yaml.Node]bool // aliases being expanded
}

func decodeYAML(text string) (cty.Value, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.HasPrefix(text, "%") {
		return cty.NilVal, fmt.Errorf("%w: directives are not read", errYAML)
	}
	if yamlBareTag.MatchString(text) {
		return cty.NilVal, fmt.Errorf("%w: a tag without a name", errYAML)
	}
	if yamlTooDeep(text) {
		return cty.NilVal, fmt.Errorf("%w: nested too deeply", errYAML)
	}
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if err == io.EOF {
			err = errors.New("missing document")
		}
		return cty.NilVal, err
	}
	if err := dec.Decode(&next); err != io.EOF {
		return cty.NilVal, errors.New("only a single document is allowed")
	}
	r := &yamlReader{open: map[*yaml.Node]bool{}}
	return r.value(doc.Content[0], 0)
}

// yamlTooDeep bounds what the parser recurses into: brackets, and indentation
// or dashes in a line.
func yamlTooDeep(text string) bool {
	open := 0
	for line := range strings.Lines(text) {
		open += strings.Count(line, "[") + strings.Count(line, "{")
		if strings.Count(line, "- ")+strings.Count(line, "? ") > yamlDepth {
			return true
		}
	}
	if open <= yamlDepth {
		return false
	}
	depth := 0
	for _, c := range text {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if depth > yamlDepth {
			return true
		}
	}
	return false
}

func (r *yamlReader) value(n *yaml.Node, depth int) (cty.Value, error) {
	if r.nodes++; r.nodes > yamlNodes || depth > yamlDepth {
		return cty.NilVal, fmt.Errorf("%w: larger or deeper than the limit", errYAML)
	}
	switch n.Kind {
	case yaml.AliasNode:
		if r.open[n.Alias] {
			return cty.NilVal, fmt.Errorf("on line %d: cannot refer to anchor %q from inside its own definition", n.Line, n.Value)
		}
		return r.value(n.Alias, depth+1)
	case yaml.SequenceNode, yaml.MappingNode:
		r.open[n] = true
		defer delete(r.open, n)
	}
	switch n.Kind {
	case yaml.SequenceNode:
		if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != "!!seq" {
			return cty.NilVal, fmt.Errorf("on line %d: unsupported tag %q", n.Line, n.Tag)
		}
		elems := make([]cty.Value, len(n.Content))
		for i, c := range n.Content {
			v, err := r.value(c, depth+1)
			if err != nil {
				return cty.NilVal, err
			}
			elems[i] = v
		}
		return cty.TupleVal(elems), nil
	case yaml.MappingNode:
		return r.mapping(n, depth)
	}
	return scalarYAML(n)
}

// mapping makes an object. Of members with one name, merged ones included, the
// last in the text wins.
func (r *yamlReader) mapping(n *yaml.Node, depth int) (cty.Value, error) {
	if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != "!!map" {
		return cty.NilVal, fmt.Errorf("on line %d: unsupported tag %q", n.Line, n.Tag)
	}
	attrs := map[string]cty.Value{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, member := n.Content[i], n.Content[i+1]
		v, err := r.value(member, depth+1)
		if err != nil {
			return cty.NilVal, err
		}
		if key.Kind == yaml.ScalarNode && key.Value == "<<" && key.Style&yaml.TaggedStyle == 0 {
			if !v.Type().IsObjectType() || v.IsNull() {
				return cty.NilVal, fmt.Errorf("on line %d: cannot merge a value that is no mapping", key.Line)
			}
			for name, merged := range v.AsValueMap() {
				attrs[name] = merged
			}
			continue
		}
		k, err := r.value(key, depth+1)
		if err != nil {
			return cty.NilVal, err
		}
		name, err := convert.Convert(k, cty.String)
		if err != nil || name.IsNull() || !name.IsKnown() {
			return cty.NilVal, fmt.Errorf("on line %d: a mapping key has to be a string", key.Line)
		}
		attrs[name.AsString()] = v
	}
	return cty.ObjectVal(attrs), nil
}

var (
	yamlBareTag = regexp.MustCompile(`(^|[\s\[{,:-])!(\s|$)`)
	yamlDecimal = regexp.MustCompile(`^[-+]?[0-9]+$`)
	yamlHex     = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	yamlOctal   = regexp.MustCompile(`^0o[0-7]+$`)
	yamlFloat   = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?$`)
	yamlSpecial = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
	yamlDate    = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}`)
)

// scalarYAML resolves a scalar by its tag, or plain text by its look.
func scalarYAML(n *yaml.Node) (cty.Value, error) {
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if n.Style&yaml.TaggedStyle == 0 {
		if quoted {
			return cty.StringVal(n.Value), nil
		}
		return plainYAML(n.Value)
	}
	switch tag := n.ShortTag(); tag {
	case "!!str":
		return cty.StringVal(n.Value), nil
	case "!!binary":
		if _, err := base64.StdEncoding.DecodeString(n.Value); err != nil {
			return cty.NilVal, fmt.Errorf("on line %d: cannot parse %q as binary", n.Line, n.Value)
		}
		return cty.StringVal(n.Value), nil
	case "!!null":
		return cty.NullVal(cty.DynamicPseudoType), nil
	case "!!int", "!!float", "!!bool", "!!timestamp":
		if quoted {
			return cty.NilVal, fmt.Errorf("%w: %s on quoted text", errYAML, tag)
		}
		v, err := plainYAML(n.Value)
		want := map[string]cty.Type{"!!int": cty.Number, "!!float": cty.Number, "!!bool": cty.Bool, "!!timestamp": cty.String}[tag]
		if err != nil || v.IsNull() || v.Type() == want {
			return v, err
		}
		if tag == "!!timestamp" {
			return cty.NilVal, fmt.Errorf("%w: %s on %q", errYAML, tag, n.Value)
		}
		return cty.NilVal, fmt.Errorf("on line %d: cannot parse %q as %s", n.Line, n.Value, tag)
	default:
		return cty.NilVal, fmt.Errorf("on line %d: unsupported tag %q", n.Line, tag)
	}
}

func plainYAML(s string) (cty.Value, error) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return cty.NullVal(cty.DynamicPseudoType), nil
	case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return cty.True, nil
	case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return cty.False, nil
	}
	switch {
	case yamlSpecial.MatchString(s):
		return cty.NilVal, fmt.Errorf("%w: %s is not a finite number", errYAML, s)
	case yamlHex.MatchString(s), yamlOctal.MatchString(s):
		base := map[byte]int{'x': 16, 'o': 8}[s[1]]
		n, _ := new(big.Int).SetString(s[2:], base)
		return cty.NumberVal(new(big.Float).SetInt(n)), nil
	case yamlDecimal.MatchString(s), yamlFloat.MatchString(s):
		return cty.ParseNumberVal(strings.TrimPrefix(s, "+"))
	case yamlDate.MatchString(s):
		for _, layout := range []string{"2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00", "2006-1-2 15:4:5.999999999", "2006-1-2"} {
			if t, err := time.Parse(layout, s); err == nil {
				return cty.StringVal(t.Format(time.RFC3339)), nil
			}
		}
	}
	return cty.StringVal(s), nil
}
