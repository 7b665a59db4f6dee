package register

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"

	"github.com/writ-policy/writ/engine/fact"
)

// decoder reads HCL files and gathers what is wrong with them.
type decoder struct {
	lines       map[string][]string // by file name
	diagnostics []fact.Diagnostic
}

func newDecoder() *decoder { return &decoder{lines: map[string][]string{}} }

// parse returns the body of a file in native syntax, or in JSON if the name ends
// in ".json"; nil if it does not parse.
func (d *decoder) parse(f File) hcl.Body {
	d.remember(f)
	if i := invalidUTF8(f.Data); i >= 0 {
		at := fact.Position{Source: f.Name, Line: 1 + bytes.Count(f.Data[:i], []byte("\n"))}
		d.problem(at, "Not UTF-8", "The file holds bytes that are no UTF-8 text.", "")
		return nil
	}
	json := strings.HasSuffix(f.Name, ".json")
	deep := tooDeep
	if json {
		deep = tooDeepJSON
	}
	if at, yes := deep(f); yes {
		d.problem(at, "Nested too deep", fmt.Sprintf("More than %d levels cannot be read.", maxDepth), "")
		return nil
	}
	var file *hcl.File
	var diags hcl.Diagnostics
	if json {
		file, diags = hcljson.Parse(f.Data, f.Name)
	} else {
		file, diags = hclsyntax.ParseConfig(f.Data, f.Name, hcl.InitialPos)
	}
	d.diagnose(diags)
	if diags.HasErrors() || file == nil {
		return nil
	}
	return file.Body
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

func (d *decoder) problem(at fact.Position, summary, detail, hint string) {
	d.report("error", at, summary, detail, hint)
}

func (d *decoder) report(severity string, at fact.Position, summary, detail, hint string) {
	x := fact.Diagnostic{Severity: severity, Summary: summary, Detail: detail, Hint: hint, Pos: at, Fatal: severity == "error"}
	if lines := d.lines[at.Source]; at.Line >= 1 && at.Line <= len(lines) {
		x.Line = strings.ToValidUTF8(strings.TrimSuffix(lines[at.Line-1], "\r"), "\uFFFD")
	}
	d.diagnostics = append(d.diagnostics, x)
}

// diagnose takes over what the HCL library found.
func (d *decoder) diagnose(diags hcl.Diagnostics) {
	for _, x := range diags {
		severity, at := "error", fact.Position{}
		if x.Severity == hcl.DiagWarning {
			severity = "warning"
		}
		if x.Subject != nil {
			at = position(*x.Subject)
		}
		d.report(severity, at, x.Summary, x.Detail, "")
	}
}

// failed counts the errors so far.
func (d *decoder) failed() int {
	n := 0
	for _, x := range d.diagnostics {
		if x.Severity == "error" {
			n++
		}
	}
	return n
}

// block reads the attributes of one block by name; what nobody asked for is
// unknown, which close reports.
type block struct {
	d      *decoder
	kind   string // as it is called in a diagnostic
	entry  *Entry
	attrs  hcl.Attributes
	asked  []string
	nested map[string][]*hcl.Block
	types  []string // of nested blocks
	native *hclsyntax.Body
	broken bool // a nested block could not be told what it is
}

// open starts reading a body. Nested lists the block types it may hold with
// their number of labels (0 or 1).
func (d *decoder) open(kind string, body hcl.Body, at fact.Position, nested map[string]int) *block {
	schema := &hcl.BodySchema{}
	for _, name := range fact.SortedKeys(nested) {
		header := hcl.BlockHeaderSchema{Type: name}
		if nested[name] == 1 {
			header.LabelNames = []string{"name"}
		}
		schema.Blocks = append(schema.Blocks, header)
	}
	content, remain, diags := body.PartialContent(schema)
	d.diagnose(diags)
	b := &block{
		d: d, kind: kind, nested: map[string][]*hcl.Block{}, types: fact.SortedKeys(nested),
		entry: &Entry{Pos: at, at: map[string]fact.Position{}, invalid: map[string]string{}},
	}
	b.broken = diags.HasErrors()
	for _, each := range content.Blocks {
		if len(each.Labels) > 0 && strings.ContainsFunc(each.Labels[0], unicode.IsControl) {
			d.problem(position(each.LabelRanges[0]), "Control character", "A name holds text alone.", "")
		}
		b.nested[each.Type] = append(b.nested[each.Type], each)
	}
	if native, ok := body.(*hclsyntax.Body); ok {
		b.native = native
		b.attrs = hcl.Attributes{}
		for name, a := range native.Attributes {
			b.attrs[name] = a.AsHCLAttribute()
		}
		return b
	}
	b.attrs, diags = remain.JustAttributes()
	d.diagnose(diags)
	return b
}

// close reports the attributes that nobody asked for, and blocks of other types.
func (b *block) close() {
	for _, name := range fact.SortedKeys(b.attrs) {
		if slices.Contains(b.asked, name) {
			continue
		}
		at, hint := position(b.attrs[name].NameRange), suggest(name, b.asked)
		if slices.Contains(b.types, name) {
			hint = "Write it as a block."
		}
		b.d.problem(at, "Unknown attribute", fmt.Sprintf("%s has no attribute %q.", b.kind, name), hint)
	}
	if b.native == nil {
		return
	}
	for _, each := range b.native.Blocks {
		if slices.Contains(b.types, each.Type) {
			continue
		}
		b.broken = true
		hint := suggest(each.Type, b.types)
		if slices.Contains(b.asked, each.Type) {
			hint = "Write it as an attribute: " + each.Type + " = …"
		}
		b.d.problem(position(each.TypeRange), "Unknown block", fmt.Sprintf("%s has no block %q.", b.kind, each.Type), hint)
	}
}

// literal returns an attribute's value; ok is false if it is absent or not
// usable, and in the second case the entry notes that it is not known.
func (b *block) literal(name string) (literal, bool) {
	b.asked = append(b.asked, name)
	a, there := b.attrs[name]
	if !there {
		return literal{}, false
	}
	at := position(a.Range)
	b.entry.at[name] = at
	l, ok := b.d.literal(a.Expr)
	if !ok {
		b.spoil(name)
	}
	return l, ok
}

// spoil notes that an attribute was given but cannot be used.
func (b *block) spoil(name string) {
	b.entry.invalid[name] = "not valid in the register (" + b.entry.at[name].String() + ")"
}

// refuse reports a bad value of an attribute.
func (b *block) refuse(name string, at fact.Position, detail, hint string) {
	b.d.problem(at, "Invalid "+name, detail, hint)
	b.spoil(name)
}

// has reports whether an attribute was given, usable or not.
func (b *block) has(name string) bool { return b.attrs[name] != nil }

// inherits reports whether an attribute is not given and so follows from an
// enclosing entry, whose position it then has.
func (b *block) inherits(name string, from *Entry) bool {
	if b.has(name) {
		return false
	}
	b.entry.inherit(name, from)
	return true
}

// require reports attributes that are missing.
func (b *block) require(names ...string) {
	for _, name := range names {
		if !b.has(name) {
			b.d.problem(b.entry.Pos, "Missing attribute", fmt.Sprintf("%s needs %s.", b.kind, name), "")
			b.entry.invalid[name] = "missing in the register (" + b.entry.Pos.String() + ")"
		}
	}
}

func quote(s string) string { return strconv.Quote(s) }

// suggest turns the nearest candidate to a hint of its own.
func suggest(name string, candidates []string) string {
	s := strings.TrimPrefix(fact.Suggest(name, candidates), "; ")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// remember keeps the lines of a file for diagnostics.
func (d *decoder) remember(f File) { d.lines[f.Name] = strings.Split(string(f.Data), "\n") }
