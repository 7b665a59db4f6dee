package yaml_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	upstream "go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
)

// plain is a tree as the library decodes it; false if it holds what is opaque.
func plain(n *node.Node) (any, bool) {
	switch n.Kind {
	case node.Null:
		return nil, true
	case node.Bool:
		return n.Text == "true", true
	case node.Number:
		return number(n.Text), true
	case node.String:
		return n.Text, true
	case node.Array:
		out := []any{}
		for _, e := range n.Elems {
			v, ok := plain(e)
			if !ok {
				return nil, false
			}
			out = append(out, v)
		}
		return out, true
	case node.Object:
		out := map[string]any{}
		for i, e := range n.Elems {
			v, ok := plain(e)
			if !ok {
				return nil, false
			}
			out[n.Keys[i].Name] = v
		}
		return out, true
	}
	return nil, false
}

// number is the value of a number, for comparison.
func number(text string) string {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return text
	}
	f, _ := r.Float64()
	return fmt.Sprint(f)
}

// same is what the library decoded, with the names of keys as strings.
func same(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = same(e)
		}
		return out
	case map[any]any:
		out := map[string]any{}
		for k, e := range v {
			out[fmt.Sprint(k)] = same(e)
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, same(e))
		}
		return out
	case int, int64, uint64, float64:
		text, _ := json.Marshal(v)
		return number(string(text))
	}
	return v
}

// TestLibrary holds that a stream means to this package what it means to the library,
// document by document. Dates, which the library turns into times, are left out.
func TestLibrary(t *testing.T) {
	for seed := range uint64(300) {
		text, _, _ := stream(seed)
		text = string(bytes.ReplaceAll([]byte(text), []byte("2024-01-01"), []byte("a date")))
		docs, _ := yaml.Read("f", []byte(text))
		dec := upstream.NewDecoder(bytes.NewReader([]byte(text)))
		for i, d := range docs {
			var theirs any
			if err := dec.Decode(&theirs); err != nil {
				t.Fatalf("seed %d, document %d: %v\n%s", seed, i, err, text)
			}
			ours, ok := plain(d.Root)
			if !ok {
				t.Fatalf("seed %d, document %d is opaque\n%s", seed, i, text)
			}
			if diff := cmp.Diff(same(theirs), ours); diff != "" {
				t.Fatalf("seed %d, document %d (-library +this):\n%s\n%s", seed, i, diff, text)
			}
		}
		var more any
		if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
			t.Fatalf("seed %d: the library reads more: %v, %v\n%s", seed, more, err, text)
		}
	}
}

// TestScalars holds the library's decisions about plain scalars against those of Go.
func TestScalars(t *testing.T) {
	for _, text := range []string{
		"yes", "on", "y", "n", "TRUE", "True", "tRue", "null", "~", "Null", "nULL", "0777", "-0777", "0o17", "-0o17", "0b11", "-0b11", "0x1f", "-0x1F", "+0x1f", "08", "089", "1_000", "1_", "_1", "0x_ff",
		"1e3", "1E3", "1e+3", "1e-3", ".5", "5.", ".", "-", "+", "+5", "-0", "1.5e", "0.1", "00.5", "123456789012345678901", "1:30", "1.2.3", "10.0.0.1", "0xg", "0o8", "e3", "1e400x", "1,000", "+.5", "-.5",
		"0b", "0o", "0x", "18446744073709551615", "18446744073709551616", "0xFFFFFFFFFFFFFFFFF", "- a", "a-b", "v1", "1Gi", "500m", "1d", "<<",
	} {
		var theirs any
		if err := upstream.Unmarshal([]byte("k: "+text), &theirs); err != nil {
			continue
		}
		docs, _ := yaml.Read("f", []byte("k: "+text))
		ours, ok := plain(docs[0].Root)
		if diff := cmp.Diff(same(theirs), ours); !ok || diff != "" {
			t.Errorf("%s (-library +this):\n%s", text, diff)
		}
	}
}
