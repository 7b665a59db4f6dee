package register

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

// Documents returns the register as facts, one document per register.* kind in
// the order of kinds, all of them also for an empty register. They are complete
// unless the register has errors; an attribute with an error is a gap.
func (r *Register) Documents(now time.Time) []*fact.Document {
	kinds := []struct {
		name string
		fill func(*fact.Builder)
	}{
		{"register.change", func(b *fact.Builder) { fill(b, r.Changes) }},
		{"register.dataset", func(b *fact.Builder) { fill(b, r.Datasets) }},
		{"register.network", func(b *fact.Builder) { fill(b, r.Networks) }},
		{"register.port", func(b *fact.Builder) { fill(b, r.Ports) }},
		{"register.processor", func(b *fact.Builder) { fill(b, r.Processors) }},
		{"register.service", func(b *fact.Builder) { fill(b, r.Services) }},
		{"register.waiver", func(b *fact.Builder) { fill(b, r.Waivers) }},
	}
	var docs []*fact.Document
	for _, k := range kinds {
		b := fact.NewBuilder(k.name, fact.Target{ID: Target}, fact.Collector{Name: "register", Method: "hcl", Privileges: "user"}, now)
		for _, f := range r.files {
			b.Source(f.Name, f.sha256())
		}
		for _, e := range r.Errors {
			b.Incomplete(e)
		}
		k.fill(b)
		docs = append(docs, b.Document())
	}
	return docs
}

func fill[T interface{ document(*fact.Builder) }](b *fact.Builder, list []T) {
	for _, e := range list {
		e.document(b)
	}
}

func (f File) sha256() string {
	sum := sha256.Sum256(f.Data)
	return hex.EncodeToString(sum[:])
}
