package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// tooDeep returns the place where brackets, templates and operators within
// each other exceed the limit. The parser and the evaluator recurse into each
// of them, and a Go stack that overflows cannot be recovered from, so this is
// asked before parsing. Nearly every file is cleared by counting alone.
func tooDeep(text []byte, path string, limit int) (hcl.Range, bool) {
	if countNesting(text) <= limit {
		return hcl.Range{}, false
	}
	tokens, _ := hclsyntax.LexConfig(text, path, hcl.InitialPos)
	return deepToken(tokens, limit)
}

// templateTooDeep is tooDeep for the text of a template.
func templateTooDeep(text []byte, path string, limit int) (hcl.Range, bool) {
	if countNesting(text) <= limit {
		return hcl.Range{}, false
	}
	tokens, _ := hclsyntax.LexTemplate(text, path, hcl.InitialPos)
	return deepToken(tokens, limit)
}

// countNesting is an upper bound of the depth: every byte that may open
// something or be part of an operator.
func countNesting(text []byte) int {
	n := 0
	for _, c := range text {
		switch c {
		case '(', '[', '{', '!', '?', '-', '+', '*', '/', '%', '&', '|', '<', '>', '=':
			n++
		}
	}
	return n
}

// level is one open bracket: how deep the item at hand has become in it, and
// whether a newline ends the item.
type level struct {
	depth int
	lines bool
}

// deepToken walks the tokens with a stack of open brackets. Each bracket counts
// one, and so does each operator, index and call since the last separator at
// its level, because those nest without brackets.
func deepToken(tokens hclsyntax.Tokens, limit int) (hcl.Range, bool) {
	levels := []level{{lines: true}}
	total := 0
	add := func(n int) {
		levels[len(levels)-1].depth += n
		total += n
	}
	for i, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen,
			hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl,
			hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			if t.Type == hclsyntax.TokenTemplateControl && i+1 < len(tokens) {
				// Directives nest in each other without a bracket around both.
				switch string(tokens[i+1].Bytes) {
				case "if", "for":
					add(1)
				case "endif", "endfor":
					add(-1)
				}
			}
			levels = append(levels, level{lines: t.Type == hclsyntax.TokenOBrace})
			total++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen,
			hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if len(levels) > 1 {
				total -= levels[len(levels)-1].depth + 1
				levels = levels[:len(levels)-1]
			}
			if t.Type == hclsyntax.TokenCBrack || t.Type == hclsyntax.TokenCParen {
				add(1)
			}
		case hclsyntax.TokenComma:
			add(-levels[len(levels)-1].depth)
		case hclsyntax.TokenNewline:
			if top := levels[len(levels)-1]; top.lines {
				add(-top.depth)
			}
		case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenPlus, hclsyntax.TokenStar,
			hclsyntax.TokenSlash, hclsyntax.TokenPercent, hclsyntax.TokenAnd, hclsyntax.TokenOr,
			hclsyntax.TokenQuestion, hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual,
			hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq:
			add(1)
		}
		if total > limit {
			return t.Range, true
		}
	}
	return hcl.Range{}, false
}
