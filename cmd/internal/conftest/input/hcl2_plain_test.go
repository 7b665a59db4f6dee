package input

import (
	"strconv"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/open-policy-agent/opa/v1/ast"
)

const plainExample = `# a file as people write it
resource "aws_security_group" "a" {
  name   = "a"        // of one
  vpc_id = var.vpc_id
  tags   = { team = "shop", "cost-centre" : 7 }

  ingress {
    from_port   = 443
    cidr_blocks = ["10.0.0.0/8", aws_vpc.main[0].cidr,
      # more
      local.other,
    ]
  }
  ingress {}
}

terraform {
  required_version = ">= 1.5"
  x = -1.5
  y = [[], {}, null, true]
}
`

// TestPlainHCL holds that what most files are made of is read as plain.
func TestPlainHCL(t *testing.T) {
	b := &builder{keys: map[string]*ast.Term{}}
	if _, _, ok := readPlainHCL(b, []byte(plainExample), true); !ok {
		t.Error("a plain file is not read as one")
	}
}

// FuzzPlainHCL holds the reader of plain HCL against the library: what it takes the
// library takes, too, with the same value, and everything in it at the same place.
func FuzzPlainHCL(f *testing.F) {
	for _, seed := range []string{
		plainExample, "", "a = 1", "a = \"${b}\"\n", "a = [for x in y : x]\n", "a {\n}\nb \"c\" d {\n}\n", "a { b = 1 }\n", "a = b ? 1 : 2\n",
		"a = 1\na = 2\n", "a = 1\na {\n}\n", "a \"x\" {\n}\na {\n}\n", "a = {x = 1\ny = 2}\n", "a = {x = 1,\n y = 2,}\n", "a = b.*.c\n", "a = b[*].c\n",
		"a = \"$x %y\"\n", "a = \"$${x}\"\n", "a = 0.1\nb = -0\nc = 1e5\nd = 007\n", "a = -b\n", "a = [\n1,\n\n2]\n", "a = {}\n\n\n#", "a = <<E\nx\nE\n",
		"a = \"é\" # é\n", "# é\na=1\n", "a = {true = 1}\n", "a = {x = 1, x = 2}\n", "a = f(1)\n", "a = (1)\n", "a = b.0\n", "a = 1 b = 2\n", "a = {\"x\" = {y = [1]}}",
		"a-b = c-d\n_ = 1\n", "a = [1,,2]\n", "a = [,]\n", "a\n{\n}\n", "a \"b\" \"c\" {\n d {\n e = null\n}\n d {\n}\n}\n", "a = {x => 1}\n", "a = {x == 1}\n", "a = b\t\n",
		"a = /* c */ 1\n", "a = 1 /* c */\n", "a = b . c\n", "a = b[ 0 ]\n", "a = null.x\n", "a = true[0]\n", "a = {for x in y : x => x}\n", "a = {if = 1}\n", "a =\n1\n", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data := []byte(text)
		got, m, ok := readPlainHCL(&builder{keys: map[string]*ast.Term{}}, data, true)
		if !ok {
			return
		}
		file, diags := hclsyntax.ParseConfig(data, "", hcl.Pos{Line: 1, Column: 1})
		if diags.HasErrors() {
			t.Fatalf("%q is plain, and not HCL: %v", text, diags)
		}
		h := &hclReader{b: &builder{keys: map[string]*ast.Term{}}, text: text}
		body := file.Body.(*hclsyntax.Body)
		want, err := h.body(body)
		if err != nil {
			t.Fatalf("%q is plain, and has no shape: %v", text, err)
		}
		if got.Value.Compare(want.Value) != 0 || got.Value.String() != want.Value.String() {
			t.Fatalf("%q: %v, want %v", text, got.Value, want.Value)
		}
		eachPath(want, nil, func(path []string) {
			if len(path) == 0 {
				return // the library begins a file behind its comments
			}
			if p, w := m.place(data, path), h.place(body, path); p != w {
				t.Fatalf("%q: %v stands at %v, want %v", text, path, p, w)
			}
		})
	})
}

func eachPath(t *ast.Term, path []string, found func([]string)) {
	found(path)
	switch v := t.Value.(type) {
	case *ast.Array:
		for i := range v.Len() {
			eachPath(v.Elem(i), append(path[:len(path):len(path)], strconv.Itoa(i)), found)
		}
	case ast.Object:
		v.Foreach(func(k, e *ast.Term) {
			eachPath(e, append(path[:len(path):len(path)], string(k.Value.(ast.String))), found)
		})
	}
}
