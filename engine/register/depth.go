package register

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/writ-policy/writ/engine/fact"
)

// maxDepth is how deep a file may nest. The HCL parsers recurse without a bound
// of their own (about 9 KiB of stack for each bracket), and a stack overflow
// cannot be recovered from: a file of some 100 KiB would end the process.
const maxDepth = 100

// tooDeep returns the place where native syntax nests too deep: brackets,
// templates, signs in a row, or conditionals, since their branches nest too.
func tooDeep(f File) (fact.Position, bool) {
	tokens, _ := hclsyntax.LexConfig(f.Data, f.Name, hcl.InitialPos)
	depth, signs, conditionals := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp,
			hclsyntax.TokenTemplateControl, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd,
			hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			depth = max(depth-1, 0)
		case hclsyntax.TokenQuestion:
			conditionals++
		}
		if t.Type == hclsyntax.TokenBang || t.Type == hclsyntax.TokenMinus {
			signs++
		} else {
			signs = 0
		}
		if depth > maxDepth || signs > maxDepth || conditionals > maxDepth {
			return position(t.Range), true
		}
	}
	return fact.Position{}, false
}

// tooDeepJSON returns the place where JSON nests too deep.
func tooDeepJSON(f File) (fact.Position, bool) {
	depth, line, column, quoted := 0, 1, 0, false
	for i := 0; i < len(f.Data); i++ {
		column++
		switch c := f.Data[i]; {
		case c == '\n':
			line, column = line+1, 0
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
		if depth > maxDepth {
			return fact.Position{Source: f.Name, Line: line, Column: column}, true
		}
	}
	return fact.Position{}, false
}
