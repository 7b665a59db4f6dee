package terraform

import (
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// TestMarksChangeNothing calls every function with and without marks on the
// arguments: the result is the same, and what the marks say is not lost.
func TestMarksChangeNothing(t *testing.T) {
	fsys := fstest.MapFS{}
	for name, content := range functionFiles {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	ev := newEvaluation(fsys, ".", Options{})
	mark := cause{Ref: Ref{Address: "aws_x.y", Path: "z"}}
	compared := 0
	for _, call := range functionCases() {
		expr, diags := hclsyntax.ParseExpression([]byte(call), "call", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%s: %v", call, diags)
		}
		e, ok := expr.(*hclsyntax.FunctionCallExpr)
		if !ok || e.Name == "try" || e.Name == "can" || e.Name == "templatestring" || len(e.Args) == 0 || e.ExpandFinal {
			continue // these take expressions, not values
		}
		f, ok := ev.functionTable()[e.Name]
		if !ok {
			continue
		}
		plain, marked := make([]cty.Value, len(e.Args)), make([]cty.Value, len(e.Args))
		usable := true
		for i, a := range e.Args {
			v, diags := a.Value(&hcl.EvalContext{Functions: ev.functionTable()})
			usable = usable && !diags.HasErrors()
			plain[i], marked[i] = v, v.Mark(mark)
		}
		if !usable {
			continue
		}
		want, wantErr := f.Call(plain)
		got, gotErr := f.Call(marked)
		compared++
		if (wantErr == nil) != (gotErr == nil) {
			t.Errorf("%s: error %v, with marks %v", call, wantErr, gotErr)
			continue
		}
		if wantErr != nil {
			continue
		}
		gotPlain, _ := got.UnmarkDeep()
		wantPlain, _ := want.UnmarkDeep()
		if !gotPlain.RawEquals(wantPlain) {
			t.Errorf("%s is %#v, with marks %#v", call, want, got)
		}
		// issensitive is about the marks, and merge ignores null and its marks.
		left := 1000
		marks := cty.ValueMarks{}
		deepMarks(got, marks, &left)
		if _, kept := marks[mark]; !kept && e.Name != "issensitive" && call != "merge(null)" {
			t.Errorf("%s loses the marks of its arguments", call)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d calls compared", compared)
	}
}
