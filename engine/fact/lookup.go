package fact

import "strings"

// lookup indexes a document's gaps and sources for those who read one item after
// another.
type lookup struct {
	gaps, sources int // how many were indexed
	reasons       map[string]string
	uris          map[string]string
}

// Reason returns why the value at a pointer is not known; ok is false if it is
// not a gap. Not safe for concurrent use.
func (d *Document) Reason(pointer string) (reason string, ok bool) {
	if d.lookup.reasons == nil || d.lookup.gaps != len(d.Unobserved) {
		d.lookup.gaps, d.lookup.reasons = len(d.Unobserved), make(map[string]string, len(d.Unobserved))
		for _, g := range d.Unobserved {
			if _, again := d.lookup.reasons[g.Pointer]; !again {
				d.lookup.reasons[g.Pointer] = g.Reason
			}
		}
	}
	reason, ok = d.lookup.reasons[pointer]
	return reason, ok
}

// Place returns where the value at a pointer was read, or else what encloses it;
// its source is named by URI, as readers and [Builder] have it. The zero Position
// if nothing is known. Not safe for concurrent use.
func (d *Document) Place(pointer string) Position {
	if d.lookup.uris == nil || d.lookup.sources != len(d.Sources) {
		d.lookup.sources, d.lookup.uris = len(d.Sources), make(map[string]string, len(d.Sources))
		for _, s := range d.Sources {
			d.lookup.uris[s.ID] = s.URI
		}
	}
	for strings.Count(pointer, "/") >= 2 {
		if p, ok := d.Positions[pointer]; ok {
			p.Source = d.lookup.uris[p.Source]
			return p
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
	return Position{}
}
