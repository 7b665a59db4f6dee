package input

import (
	"fmt"

	groovylang "github.com/albertocavalcante/groovy-parser-go"
	"github.com/albertocavalcante/groovy-parser-go/cst"
	groovyparser "github.com/albertocavalcante/groovy-parser-go/parser"
	"github.com/albertocavalcante/groovy-parser-go/source"
	"github.com/open-policy-agent/opa/v1/ast"
)

// Bounds of a syntax tree, conftest's own.
const (
	maxTreeDepth = 256
	maxTreeNodes = 100_000
)

// groovy makes objects of a syntax tree: kind, line, column, and text or children.
type groovy struct {
	file  *source.File
	nodes int
}

func parseGroovy(b *builder, _ string, data []byte) (*ast.Term, error) {
	file := source.New("", data)
	root, errs := groovyparser.New(file, groovylang.ParseOptions{Version: groovylang.Groovy2_4}).Parse()
	if len(errs) > 0 {
		return nil, fmt.Errorf("parse groovy at %s: %s", file.Position(errs[0].Offset), errs[0].Message)
	}
	g := &groovy{file: file}
	tree, err := g.node(cst.NewTree(root), 1)
	if err != nil {
		return nil, fmt.Errorf("parse groovy: %w", err)
	}
	return b.value(tree)
}

func (g *groovy) node(n *cst.Node, depth int) (map[string]any, error) {
	if g.nodes++; g.nodes > maxTreeNodes {
		return nil, fmt.Errorf("syntax tree exceeds maximum node count of %d", maxTreeNodes)
	}
	if depth > maxTreeDepth {
		return nil, fmt.Errorf("syntax tree exceeds maximum depth of %d", maxTreeDepth)
	}
	if n.IsToken() {
		token := n.Token()
		at := g.file.Position(token.Offset)
		members := map[string]any{"kind": token.Kind.String(), "line": at.Line, "column": at.Column}
		if token.Text != "" {
			members["text"] = token.Text
		}
		return members, nil
	}
	var children []any
	for _, child := range n.Children() {
		if child.IsToken() && child.Token().Text == "" {
			continue
		}
		c, err := g.node(child, depth+1)
		if err != nil {
			return nil, err
		}
		if child.IsToken() && c["kind"] == "EOF" {
			continue
		}
		children = append(children, c)
	}
	at := g.file.Position(0)
	members := map[string]any{"kind": n.Kind().String(), "line": at.Line, "column": at.Column}
	if len(children) > 0 {
		first := children[0].(map[string]any)
		members["children"], members["line"], members["column"] = children, first["line"], first["column"]
	}
	return members, nil
}
