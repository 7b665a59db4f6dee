package fact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Problem is a violation of a document's contract. Pointer is the place in the
// document.
type Problem struct {
	Pointer string
	Message string
}

func (p Problem) Error() string {
	if p.Pointer == "" {
		return p.Message
	}
	return p.Pointer + ": " + p.Message
}

// Validate checks a document as collected, before annotation: the envelope, each
// item against its kind's schema, ids unique, positions and gaps that point at
// something, and that null and unobserved are one-to-one. Problems are in the
// order of the document; none means it is valid.
func Validate(d *Document) []Problem { return validate(d, true) }

// ValidateAnnotated checks a document that has been annotated.
func ValidateAnnotated(d *Document) []Problem { return validate(d, false) }

func validate(d *Document, collected bool) []Problem {
	var problems []Problem
	report := func(pointer, format string, args ...any) {
		problems = append(problems, Problem{pointer, fmt.Sprintf(format, args...)})
	}
	if d.Schema != Schema {
		report("/schema", "is %q, want %q", d.Schema, Schema)
	}
	if d.Target.ID == "" {
		report("/target/id", "is empty")
	}
	if d.CollectedAt.IsZero() {
		report("/collected_at", "is missing")
	}
	k := LookupKind(d.Kind)
	if k == nil {
		report("/kind", "%q is not a kind%s", d.Kind, Suggest(d.Kind, kindNames()))
		return problems
	}
	schema, quick := k.annotate, k.shapes[1]()
	if collected {
		schema, quick = k.collect, k.shapes[0]()
	}
	seen := map[string]int{}
	nulls := 0
	for i, item := range d.Items {
		pointer := "/items/" + strconv.Itoa(i)
		if !quick.accepts(map[string]any(item)) {
			if err := schema().Validate(map[string]any(item)); err != nil {
				problems = append(problems, violations(pointer, err)...)
			}
		}
		id := item.ID()
		if first, dup := seen[id]; dup && id != "" {
			report(pointer+"/id", "%q is also the id of item %d", id, first)
		}
		seen[id] = i
		nulls += countNulls(map[string]any(item))
	}
	problems = append(problems, checkGaps(d, nulls)...)
	problems = append(problems, checkPositions(d)...)
	return problems
}

// findNulls collects the pointers of all nulls below a value. The path is the way
// to it, joined only where a null is found.
func findNulls(path []string, v any, into map[string]bool) {
	switch v := v.(type) {
	case nil:
		into[Pointer(path...)] = true
	case map[string]any:
		for name, m := range v {
			switch m.(type) {
			case nil, map[string]any, []any:
				findNulls(append(path, name), m, into)
			}
		}
	case []any:
		for i, m := range v {
			switch m.(type) {
			case nil, map[string]any, []any:
				findNulls(append(path, strconv.Itoa(i)), m, into)
			}
		}
	}
}

// countNulls counts the nulls below a value.
func countNulls(v any) int {
	n := 0
	switch v := v.(type) {
	case nil:
		return 1
	case map[string]any:
		for _, m := range v {
			switch m.(type) {
			case nil, map[string]any, []any:
				n += countNulls(m)
			}
		}
	case []any:
		for _, m := range v {
			switch m.(type) {
			case nil, map[string]any, []any:
				n += countNulls(m)
			}
		}
	}
	return n
}

// isNull reports whether a pointer into the items leads to a null.
func isNull(d *Document, pointer string) bool {
	rest, ok := strings.CutPrefix(pointer, "/items/")
	if !ok || strings.Contains(rest, "~") {
		return false
	}
	segment, rest, more := strings.Cut(rest, "/")
	n, ok := index(segment, len(d.Items))
	if !ok {
		return false
	}
	var v any = map[string]any(d.Items[n])
	for more {
		segment, rest, more = strings.Cut(rest, "/")
		switch x := v.(type) {
		case map[string]any:
			if v, ok = x[segment]; !ok {
				return false
			}
		case []any:
			if n, ok = index(segment, len(x)); !ok {
				return false
			}
			v = x[n]
		default:
			return false
		}
	}
	return v == nil
}

// index reads the index of one of n elements, as a pointer writes it.
func index(segment string, n int) (int, bool) {
	i, err := strconv.Atoi(segment)
	return i, err == nil && i < n && ('1' <= segment[0] && segment[0] <= '9' || segment == "0")
}

// checkGaps holds that nulls and gaps are one-to-one: as many gaps as nulls, no two
// of them alike, each of a null.
func checkGaps(d *Document, nulls int) []Problem {
	if nulls == len(d.Unobserved) {
		seen := make(map[string]struct{}, nulls)
		whole := true
		for _, g := range d.Unobserved {
			seen[g.Pointer] = struct{}{}
			whole = whole && g.Reason != "" && isNull(d, g.Pointer)
		}
		if whole && len(seen) == nulls {
			return nil
		}
	}
	return gapProblems(d)
}

// gapProblems says what is wrong with the gaps.
func gapProblems(d *Document) []Problem {
	nulls := map[string]bool{}
	path := append(make([]string, 0, 16), "items")
	for i, item := range d.Items {
		findNulls(append(path, strconv.Itoa(i)), map[string]any(item), nulls)
	}
	var problems []Problem
	known := map[string]bool{}
	for i, g := range d.Unobserved {
		at := "/unobserved/" + strconv.Itoa(i)
		if g.Reason == "" {
			problems = append(problems, Problem{at + "/reason", "is empty"})
		}
		if known[g.Pointer] {
			problems = append(problems, Problem{at, fmt.Sprintf("%s is listed twice", g.Pointer)})
		}
		known[g.Pointer] = true
		if !nulls[g.Pointer] {
			problems = append(problems, Problem{at, fmt.Sprintf("%s is not null in the document", g.Pointer)})
		}
	}
	for _, p := range SortedKeys(nulls) {
		if !known[p] {
			problems = append(problems, Problem{p, "is null but not listed in unobserved: null means only that a value is not known"})
		}
	}
	return problems
}

func checkPositions(d *Document) []Problem {
	if len(d.Positions) == 0 {
		return nil
	}
	sources := map[string]bool{}
	for _, s := range d.Sources {
		sources[s.ID] = true
	}
	var problems []Problem
	last := "" // most stand beside one of the same source
	for pointer, p := range d.Positions {
		if p.Source == last {
			continue
		}
		if sources[p.Source] {
			last = p.Source
		} else if p.Source != "" {
			problems = append(problems, Problem{"/positions", fmt.Sprintf("%s names source %q, which is not in sources", pointer, p.Source)})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Message, b.Message) })
	return problems
}

// violations flattens a schema error to its leaves, without the values: a value
// may be personal.
func violations(prefix string, err error) []Problem {
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		return []Problem{{prefix, err.Error()}}
	}
	if len(v.Causes) == 0 {
		return []Problem{{prefix + v.InstanceLocation, v.Message}}
	}
	var out []Problem
	for _, c := range v.Causes {
		out = append(out, violations(prefix, c)...)
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return strings.Compare(a.Pointer, b.Pointer) })
	return out
}

func kindNames() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// ValidateJSON checks a JSON value against a schema that is not a kind's: the
// one door to the schema library for other packages.
func ValidateJSON(schema, value []byte) []Problem { return Validator(schema)(value) }

// Validator compiles a schema once, for many values.
func Validator(schema []byte) func(value []byte) []Problem {
	fail := func(err error) func([]byte) []Problem {
		return func([]byte) []Problem { return []Problem{{"", "invalid schema: " + err.Error()}} }
	}
	var s map[string]any
	if err := json.Unmarshal(schema, &s); err != nil {
		return fail(err)
	}
	compiled, err := compile("json", s)
	if err != nil {
		return fail(err)
	}
	return func(value []byte) []Problem {
		dec := json.NewDecoder(bytes.NewReader(value))
		dec.UseNumber()
		var v any
		if err := dec.Decode(&v); err != nil {
			return []Problem{{"", err.Error()}}
		}
		if err := compiled.Validate(v); err != nil {
			return violations("", err)
		}
		return nil
	}
}
