package report

import (
	"bytes"
	"strings"
	"testing"
)

// A column is as wide as its widest cell, except for cells that are too wide to
// count; those are set apart all the same. A column without text has no width.
func TestTable(t *testing.T) {
	long := strings.Repeat("x", widest+1)
	var b bytes.Buffer
	p := newPrinter(&b, Options{})
	p.table(text("- "), [][]span{
		{text("a"), text(long), text(""), text("end")},
		{text("bcd"), text(long), text(""), text("end")},
	})
	if err := p.w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "- a    " + long + "  end\n- bcd  " + long + "  end\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
