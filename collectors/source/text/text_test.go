package text

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/node"
)

// A number keeps its value to the last digit, and becomes a JSON literal.
func TestDecimal(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "-0", "12": "12", "+12": "12", "007": "7", "1e3": "1000", "1.5E+3": "1500", "15e-1": "1.5", "-2.50": "-2.50",
		".5": "0.5", "5.": "5", "1.0e0": "1", "1e400": "1e400", "1E-400": "1e-400", "12345678901234567890.1": "12345678901234567890.1",
		"0e5": "0", "1e99999999999999999999": "1e99999999999999999999", "123e-5": "0.00123",
		"": "", "-": "", ".": "", "1e": "", "1e+": "", "e3": "", "1.2.3": "", "0x10": "", "1_000": "", "--1": "", "1e--3": "", "NaN": "", " 1": "",
	} {
		got, ok := Decimal(in)
		if got != want || ok != (want != "") {
			t.Errorf("Decimal(%q) = %q, %v; want %q", in, got, ok, want)
		}
		if ok && !json.Valid([]byte(got)) {
			t.Errorf("Decimal(%q) = %q is not JSON", in, got)
		}
	}
	for _, in := range []string{"1e3", "123.456e2", "0.001e-7", "10.10e1", "1e40", "9e-40"} {
		got, _ := Decimal(in)
		a, _ := new(big.Rat).SetString(in)
		b, ok := new(big.Rat).SetString(got)
		if !ok || a.Cmp(b) != 0 {
			t.Errorf("Decimal(%q) = %q is another number", in, got)
		}
	}
}

func TestInteger(t *testing.T) {
	for _, row := range []struct {
		digits string
		base   int
		want   string
	}{{"ff", 16, "255"}, {"0755", 8, "493"}, {"101", 2, "5"}, {"ffffffffffffffffffff", 16, "1208925819614629174706175"}, {"8", 8, ""}, {"", 16, ""}, {"-1", 16, ""}, {"1_0", 16, ""}} {
		if got, ok := Integer(row.digits, row.base); got != row.want || ok != (row.want != "") {
			t.Errorf("Integer(%q, %d) = %q, %v; want %q", row.digits, row.base, got, ok, row.want)
		}
	}
}

// Places are right in whatever order they are asked for, after a byte order mark
// and at the end.
func TestPlace(t *testing.T) {
	f, ok := Open("x", []byte("\xef\xbb\xbfab\n\ncd\r\ne"))
	if !ok {
		t.Fatal(f.Diagnostics)
	}
	want := map[int][2]int{3: {1, 1}, 4: {1, 2}, 5: {1, 3}, 6: {2, 1}, 7: {3, 1}, 9: {3, 3}, 11: {4, 1}, 12: {4, 2}}
	for _, order := range [][]int{{3, 4, 5, 6, 7, 9, 11, 12}, {12, 3, 11, 4, 9, 5, 7, 6}} {
		for _, at := range order {
			if line, column := f.Place(at); want[at] != [2]int{line, column} {
				t.Errorf("offset %d is at %d:%d, want %v", at, line, column, want[at])
			}
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, data := range map[string][]byte{"large": make([]byte, MaxSize+1), "UTF-16": []byte("\xff\xfea\x00")} {
		if f, ok := Open("x", data); ok || len(f.Diagnostics) != 1 || !f.Diagnostics[0].Fatal {
			t.Errorf("%s: %v, %v", name, ok, f.Diagnostics)
		}
	}
}

// A name is found in a small and a large object, and what stands twice is not
// known, however often.
func TestMembers(t *testing.T) {
	f, _ := Open("x", []byte("text"))
	m := &Members{Node: f.Node(node.Object, 0, 4)}
	for i := range 50 {
		name := strings.Repeat("k", i+1)
		if m.Find(name) >= 0 {
			t.Fatalf("%s is there already", name)
		}
		m.Once(f, f.Key(name, 0), f.String("v", 0, 1), 0)
		if m.Find(name) != i || m.Find("none") != -1 {
			t.Fatalf("%s is not found", name)
		}
	}
	for range 3 {
		m.Once(f, f.Key("kkk", 0), f.String("w", 0, 1), 0)
	}
	if len(m.Keys) != 50 || m.Get("kkk").Kind != node.Opaque || len(f.Diagnostics) != 3 || f.Failed() {
		t.Errorf("%d members, %+v, %v", len(m.Keys), m.Get("kkk"), f.Diagnostics)
	}
}
