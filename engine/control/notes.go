package control

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// notes is what a follower comes across that the checks of a control look at. A
// nil *notes takes nothing: at run time only the reads count.
type notes struct {
	steps   []stepNote
	lookups []lookupNote
	meets   []meetNote
	wholes  []placeNote
	eachs   []placeNote
	withs   []withNote
	losses  []lossNote
	absent  []refNote
}

// stepNote is a member selected by name, "*" for one that is computed.
type stepNote struct {
	at   *ast.Location
	from place
	name string
}

// lookupNote is input.facts[kind][key].
type lookupNote struct {
	at   *ast.Location
	kind string
	key  value
}

// meetNote is a comparison.
type meetNote struct {
	at   *ast.Location
	a, b value
}

// placeNote is a place that is read whole, or iterated.
type placeNote struct {
	at *ast.Location
	of place
}

type withNote struct {
	at     *ast.Location
	target *ast.Term
}

// refNote is a reference to data at which nothing is defined.
type refNote struct {
	at  *ast.Location
	ref ast.Ref
}

type lossNote struct {
	at  *ast.Location
	why string
}

func (n *notes) step(at *ast.Location, from place, name string) {
	if n != nil {
		n.steps = append(n.steps, stepNote{at, from, name})
	}
}

func (n *notes) lookup(at *ast.Location, kind string, key value) {
	if n != nil {
		n.lookups = append(n.lookups, lookupNote{at, kind, key})
	}
}

func (n *notes) compare(at *ast.Location, a, b value) {
	if n != nil {
		n.meets = append(n.meets, meetNote{at, a, b})
	}
}

// member notes x in collection: a comparison with its elements.
func (n *notes) member(at *ast.Location, x, collection value) {
	if n == nil {
		return
	}
	var element value
	for _, p := range collection.places {
		element.places = append(element.places, p.member("*"))
	}
	if collection.elements != nil {
		element = join(element, *collection.elements)
	}
	n.meets = append(n.meets, meetNote{at, x, element})
}

func (n *notes) whole(at *ast.Location, of place) {
	if n != nil {
		n.wholes = append(n.wholes, placeNote{at, of})
	}
}

func (n *notes) each(at *ast.Location, of place) {
	if n != nil {
		n.eachs = append(n.eachs, placeNote{at, of})
	}
}

func (n *notes) with(at *ast.Location, target *ast.Term) {
	if n != nil {
		n.withs = append(n.withs, withNote{at, target})
	}
}

func (n *notes) lost(at *ast.Location, why string) {
	if n != nil {
		n.losses = append(n.losses, lossNote{at, why})
	}
}

func (n *notes) nothing(at *ast.Location, ref ast.Ref) {
	if n != nil {
		n.absent = append(n.absent, refNote{at, ref})
	}
}
