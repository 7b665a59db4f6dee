package hcl

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/writ-policy/writ/collectors/source/text"
)

// nesting is every byte that may open something or be part of an operator.
const nesting = "([{!?-+*/%&|<>="

// tooDeep returns the offset at which brackets, templates and operators within each
// other exceed the budget, -1 if they do nowhere. The parser recurses into each of
// them, and a stack that overflows cannot be recovered from. Most files are cleared
// by counting.
func tooDeep(src []byte, source string, start hcl.Pos) int {
	n := 0
	for _, c := range src {
		if bytes.IndexByte([]byte(nesting), c) >= 0 {
			n++
		}
	}
	if n <= text.MaxDepth {
		return -1
	}
	tokens, _ := hclsyntax.LexConfig(src, source, start)
	// open has for each bracket that is open how many operators, indexes and calls
	// stand in the element at hand: those nest too.
	open := []level{{lines: true}}
	depth := 0
	count := func(n int) {
		open[len(open)-1].operators += n
		depth += n
	}
	for i, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenTemplateControl:
			// Directives nest without a bracket around them.
			if i+1 < len(tokens) {
				switch string(tokens[i+1].Bytes) {
				case "if", "for":
					count(1)
				case "endif", "endfor":
					count(-1)
				}
			}
			fallthrough
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			open = append(open, level{lines: t.Type == hclsyntax.TokenOBrace})
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if len(open) > 1 {
				depth -= open[len(open)-1].operators + 1
				open = open[:len(open)-1]
			}
			if t.Type == hclsyntax.TokenCBrack || t.Type == hclsyntax.TokenCParen {
				count(1)
			}
		case hclsyntax.TokenComma:
			count(-open[len(open)-1].operators)
		case hclsyntax.TokenNewline:
			if open[len(open)-1].lines {
				count(-open[len(open)-1].operators)
			}
		case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit, hclsyntax.TokenDot, hclsyntax.TokenColon, hclsyntax.TokenEqual, hclsyntax.TokenComment:
		default:
			count(1)
		}
		if depth > text.MaxDepth {
			return t.Range.Start.Byte
		}
	}
	return -1
}

// level is an open bracket; lines if a line break ends an element in it.
type level struct {
	operators int
	lines     bool
}
