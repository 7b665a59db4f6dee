package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Policy is an IAM policy document.
type Policy struct {
	Statements []Statement
	// Opaque is why statements may be missing or different; "" if all are read.
	Opaque string
	Pos    fact.Position
}

// ReadPolicy reads a policy argument: JSON text, a structure that is encoded
// somewhere in the configuration, or the json of an aws_iam_policy_document. An
// unset value is a policy without statements.
func (x *Index) ReadPolicy(v *terraform.Value) Policy { return x.readPolicy(v, 0) }

func (x *Index) readPolicy(v *terraform.Value, depth int) Policy {
	p := Policy{Pos: v.Pos}
	switch {
	case v.Unset(), v.Kind == terraform.String && v.Text == "":
		return p
	case v.Encodes != nil:
		p.document(v.Encodes)
		return p
	case v.Kind == terraform.Object:
		p.document(v)
		return p
	case v.Kind == terraform.String:
		doc, err := ParseJSON([]byte(v.Text), v.Pos)
		if err != nil {
			p.Opaque = "the policy cannot be read: " + err.Error()
			return p
		}
		p.document(doc)
		return p
	}
	if depth < hops && v.Direct && len(v.Refs) == 1 {
		if r := x.Resource(v.Refs[0].Address); r != nil {
			switch {
			case r.Type == "aws_iam_policy_document" && r.Mode == "data":
				return x.readDocument(r, depth)
			case r.Mode == "managed" && v.Refs[0].Path == "policy":
				return x.readPolicy(r.Body.Get("policy"), depth+1)
			}
		}
	}
	p.Opaque = orElse(v.Reason, "the policy is not text")
	return p
}

// ParseJSON turns JSON text into a value, every part at the same position.
// Numbers stay exact; a name that occurs twice, or anything after the value, is
// an error.
func ParseJSON(data []byte, at fact.Position) (*terraform.Value, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	v, err := parseValue(dec, at, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("text follows the JSON value")
	}
	return v, nil
}

// maxJSONDepth bounds the nesting of a document.
const maxJSONDepth = 64

func parseValue(dec *json.Decoder, at fact.Position, depth int) (*terraform.Value, error) {
	if depth > maxJSONDepth {
		return nil, fmt.Errorf("JSON is nested deeper than %d", maxJSONDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return parseObject(dec, at, depth)
		}
		return parseList(dec, at, depth)
	case string:
		return &terraform.Value{Kind: terraform.String, Text: token, Pos: at}, nil
	case json.Number:
		return &terraform.Value{Kind: terraform.Number, Number: token.String(), Pos: at}, nil
	case bool:
		return &terraform.Value{Kind: terraform.Bool, Bool: token, Pos: at}, nil
	}
	return &terraform.Value{Kind: terraform.Null, Pos: at}, nil
}

func parseObject(dec *json.Decoder, at fact.Position, depth int) (*terraform.Value, error) {
	v := &terraform.Value{Kind: terraform.Object, Pos: at}
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		name, ok := token.(string)
		if !ok || seen[name] {
			return nil, fmt.Errorf("name %s occurs twice", strconv.Quote(name))
		}
		seen[name] = true
		member, err := parseValue(dec, at, depth+1)
		if err != nil {
			return nil, err
		}
		v.Fields = append(v.Fields, terraform.Field{Name: name, Value: member})
	}
	_, err := dec.Token()
	return v, err
}

func parseList(dec *json.Decoder, at fact.Position, depth int) (*terraform.Value, error) {
	v := &terraform.Value{Kind: terraform.List, Pos: at}
	for dec.More() {
		element, err := parseValue(dec, at, depth+1)
		if err != nil {
			return nil, err
		}
		v.Elems = append(v.Elems, element)
	}
	_, err := dec.Token()
	return v, err
}

// document reads the statements of a document.
func (p *Policy) document(doc *terraform.Value) {
	if doc.Kind != terraform.Object {
		p.Opaque = "the policy is not an object"
		return
	}
	for _, f := range doc.Fields {
		switch f.Name {
		case "Version", "Id":
		case "Statement":
			p.statements(f.Value)
		default:
			p.Opaque = "the policy has a part named " + f.Name
		}
	}
}

func (p *Policy) statements(v *terraform.Value) {
	switch v.Kind {
	case terraform.Object:
		p.Statements = append(p.Statements, readStatement(v, len(p.Statements)))
	case terraform.List:
		for _, e := range v.Elems {
			if e.Kind != terraform.Object {
				p.Opaque = orElse(e.Reason, "a statement is not an object")
				continue
			}
			p.Statements = append(p.Statements, readStatement(e, len(p.Statements)))
		}
	default:
		p.Opaque = orElse(v.Reason, "the statements are not a list")
	}
}
