package fact

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var at = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// Every kind compiles, describes each of its fields, and has an example that is
// a valid collected item.
func TestKinds(t *testing.T) {
	for _, k := range Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			k.collect()
			k.annotate()
			if k.Description == "" || k.raw["title"] != k.Name {
				t.Error("needs a description, and its name as title")
			}
			for _, f := range k.Fields {
				if f.Description == "" && f.Path != "id" {
					t.Errorf("field %s has no description", f.Path)
				}
				if f.Ref != "" && LookupKind(f.Ref) == nil && !planned[f.Ref] {
					t.Errorf("field %s refers to %s, which is not a kind", f.Path, f.Ref)
				}
				if f.Inverse != "" && k.refField(f) == "" {
					t.Errorf("field %s: %s has no reference field %s", f.Path, f.Ref, f.Inverse)
				}
				for _, from := range []string{f.Derived.From, f.Derived.Until} {
					prefix := f.Path[:strings.LastIndexByte(f.Path, '.')+1]
					if from != "" && k.Field(prefix+from) == nil {
						t.Errorf("field %s is measured from %s, which is not there", f.Path, from)
					}
				}
			}
			d := &Document{Schema: Schema, Kind: k.Name, Target: Target{ID: "config/x"}, CollectedAt: at, Complete: true, Items: []Item{clone(k.Example)}}
			if problems := Validate(d); len(problems) > 0 {
				t.Errorf("the example is not valid: %v", problems)
			}
		})
	}
}

// planned kinds are referred to before a collector for them exists.
var planned = map[string]bool{"port.scanned": true, "data.table": true, "data.column": true, "access.role": true}

func (k *Kind) refField(f Field) string {
	other := LookupKind(f.Ref)
	if other == nil {
		return "planned"
	}
	if g := other.Field(f.Inverse); g != nil && g.Ref != "" {
		return g.Path
	}
	return ""
}

// The quick check accepts nothing that the schema library refuses: the examples,
// and thousands of items made from them by one change each. Their canonical form is
// the same with and without it.
func TestShape(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	accepted, refused := 0, 0
	for _, k := range Kinds() {
		for _, collected := range []bool{true, false} {
			quick, schema := k.shapes[1](), k.annotate()
			if collected {
				quick, schema = k.shapes[0](), k.collect()
			}
			for range 300 {
				item := clone(k.Example)
				if r.IntN(10) > 0 {
					mutate(r, map[string]any(item))
				}
				want := AppendCanonical(nil, map[string]any(item))
				if got := quick.appendCanonical(nil, map[string]any(item)); string(got) != string(want) {
					t.Fatalf("%s: canonical form %s, want %s", k.Name, got, want)
				}
				err := schema.Validate(map[string]any(item))
				switch ok := quick.accepts(map[string]any(item)); {
				case ok && err != nil:
					data, _ := json.Marshal(item)
					t.Fatalf("%s: accepted, though %v\n%s", k.Name, err, data)
				case ok:
					accepted++
				case err != nil:
					refused++
				}
			}
		}
	}
	if accepted < 500 || refused < 500 {
		t.Errorf("%d accepted and %d refused: the test has no bite", accepted, refused)
	}
}

// mutate changes one value somewhere below an object.
func mutate(r *rand.Rand, m map[string]any) {
	names := slices.Sorted(maps.Keys(m))
	if len(names) == 0 {
		return
	}
	name := names[r.IntN(len(names))]
	switch v := m[name].(type) {
	case map[string]any:
		if r.IntN(2) == 0 {
			mutate(r, v)
			return
		}
	case []any:
		if len(v) > 0 && r.IntN(2) == 0 {
			if o, ok := v[r.IntN(len(v))].(map[string]any); ok {
				mutate(r, o)
				return
			}
		}
	}
	values := []any{nil, true, "", "x", 7, 7.5, json.Number("7"), json.Number("7.0"), []any{}, []any{nil}, []any{1}, map[string]any{}, int64(3)}
	switch r.IntN(8) {
	case 0:
		delete(m, name)
	case 1:
		m["surplus"] = "x"
	default:
		m[name] = values[r.IntN(len(values))]
	}
}

// The digest is over canonical JSON that anyone can make: decode, drop
// duration_ms and positions, encode with sorted keys and no blanks.
func TestDigest(t *testing.T) {
	b := NewBuilder("log.store", Target{ID: "config/x"}, Collector{Name: "logs", Version: "1"}, at)
	b.Source("a.tf", "00")
	it := b.Add("aws_x.y", "declared", Position{Source: "a.tf", Line: 3})
	it.Set("name", "ü<\"&\u2028", Position{}).Gap("type", "because", Position{Source: "b.tf", Line: 1, Column: 2})
	it.Object("declared", Position{}).Set("max_days", json.Number("1e3"), Position{}).Set("conditions", []any{"b", "a"}, Position{})
	b.Incomplete("cut")
	d := b.Document()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var plain map[string]any
	if err := dec.Decode(&plain); err != nil {
		t.Fatal(err)
	}
	delete(plain, "duration_ms")
	delete(plain, "positions")
	want, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	d.canonical(&got)
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("canonical form (-want +got):\n%s", diff)
	}
	if again, err := Read(strings.NewReader(string(data))); err != nil || again[0].Digest() != d.Digest() {
		t.Errorf("read back: %v, or another digest", err)
	}
}

func TestValidate(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Document)
		want   string
	}{
		{"valid", func(*Document) {}, ""},
		{"null without unobserved", func(d *Document) { d.Items[0]["name"] = nil },
			"/items/0/name: is null but not listed in unobserved: null means only that a value is not known"},
		{"unobserved without null", func(d *Document) { d.Unobserved = []Gap{{Pointer: "/items/0/name", Reason: "x"}} },
			"/unobserved/0: /items/0/name is not null in the document"},
		{"null with unobserved", func(d *Document) {
			d.Items[0]["name"] = nil
			d.Unobserved = []Gap{{Pointer: "/items/0/name", Reason: "denied"}}
		}, ""},
		{"gap without a reason", func(d *Document) {
			d.Items[0]["name"] = nil
			d.Unobserved = []Gap{{Pointer: "/items/0/name"}}
		}, "/unobserved/0/reason: is empty"},
		{"nested null", func(d *Document) { d.Items[0]["declared"].(map[string]any)["max_days"] = nil },
			"/items/0/declared/max_days: is null but not listed in unobserved: null means only that a value is not known"},
		{"missing property", func(d *Document) { delete(d.Items[0], "type") }, "/items/0: missing properties: 'type'"},
		{"surplus property", func(d *Document) { d.Items[0]["colour"] = "red" }, "/items/0: additionalProperties 'colour' not allowed"},
		{"annotated property in a collected document", func(d *Document) { d.Items[0]["class"] = "none" }, "/items/0: additionalProperties 'class' not allowed"},
		{"wrong type", func(d *Document) { d.Items[0]["name"] = 7 }, "/items/0/name: expected string or null, but got number"},
		{"two items of one id", func(d *Document) { d.Items = append(d.Items, clone(d.Items[0])) }, `/items/1/id: "aws_cloudwatch_log_group.app" is also the id of item 0`},
		{"unknown kind", func(d *Document) { d.Kind = "log.stores" }, `/kind: "log.stores" is not a kind; did you mean "log.store"?`},
		{"unknown source", func(d *Document) { d.Positions = map[string]Position{"/items/0": {Source: "s9", Line: 1}} },
			`/positions: /items/0 names source "s9", which is not in sources`},
		{"other envelope", func(d *Document) { d.Schema = "writ.fact/v2" }, `/schema: is "writ.fact/v2", want "writ.fact/v1"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := &Document{Schema: Schema, Kind: "log.store", Target: Target{ID: "config/x"}, CollectedAt: at, Complete: true, Items: []Item{clone(LookupKind("log.store").Example)}}
			row.change(d)
			var got []string
			for _, p := range Validate(d) {
				got = append(got, p.Error())
			}
			if diff := cmp.Diff(row.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFillDays(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		on   any
		want string // reviewed_days-like (from) and left_days-like (until)
	}{
		{"2026-11-22T11:00:00Z", "0 -1"},
		{"2026-11-20T12:00:00Z", "2 -2"},
		{"2026-11-22", "-1 0"}, // ends at its last second: half a day is left
		{"2026-11-21", "0 -1"}, // ended half a day ago
		{"2027-01-31", "-71 70"},
		{"", "999999 -999999"},
		{"soon", `"soon" is neither a date (2026-11-22) nor an RFC 3339 time`},
	} {
		from, err := span(row.on.(string), Derivation{From: "x"}, now)
		until, _ := span(row.on.(string), Derivation{Until: "x"}, now)
		got := fmt.Sprint(from, " ", until)
		if err != nil {
			got = err.Error()
		}
		if got != row.want {
			t.Errorf("%v: got %s, want %s", row.on, got, row.want)
		}
	}
}

func TestRedactor(t *testing.T) {
	r := NewRedactor()
	r.Add("hunter2")
	r.Add("hunter2-long")
	r.Add("abc") // too short to be told from chance
	r.Add("line one\nline two")
	for in, want := range map[string]string{
		"password=hunter2-long;": "password=(redacted);",
		"hunter2 and abc":        "(redacted) and abc",
		"x line two y":           "x (redacted) y",
	} {
		if got := r.Redact(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func clone(i Item) Item {
	data, err := json.Marshal(i)
	if err != nil {
		panic(err)
	}
	var out Item
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	return out
}
