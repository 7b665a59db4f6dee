package tls

import (
	"context"
	"slices"
	"strconv"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Endpoints derives what clients meet from server configurations: one declared
// tls.endpoint per tls.config of role server. A certificate without one makes the
// document incomplete, for somebody shows it.
type Endpoints struct{}

var _ collectors.Deriver = Endpoints{}

// Name returns "tls.endpoint".
func (Endpoints) Name() string { return "tls.endpoint" }

// Needs returns the kinds read.
func (Endpoints) Needs() []string { return []string{"tls.config"} }

// Yields returns the kinds derived.
func (Endpoints) Yields() []string { return []string{"tls.endpoint"} }

// Derive returns one document for each document of tls.config, in their order.
func (Endpoints) Derive(ctx context.Context, docs []*fact.Document) ([]*fact.Document, error) {
	var out []*fact.Document
	for _, d := range docs {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		if d.Kind == "tls.config" {
			out = append(out, endpoints(d))
		}
	}
	return out, nil
}

func endpoints(d *fact.Document) *fact.Document {
	by := d.Collector
	by.Name, by.Method = "tls.endpoint", "derived"
	target := fact.Target{ID: d.Target.ID}
	b := fact.NewBuilder("tls.endpoint", target, by, d.CollectedAt)
	for _, s := range d.Sources {
		b.Source(s.URI, s.SHA256)
	}
	for _, reason := range d.Reasons {
		b.Incomplete(reason)
	}
	if !d.Complete && len(d.Reasons) == 0 {
		b.Incomplete("tls.config of " + d.Target.ID + " is not complete")
	}
	for i, item := range d.Items {
		if item["role"] == nil {
			b.Incomplete(item.ID() + ": whether it is a server is not known")
		}
		switch r := (reader{d, "/items/" + strconv.Itoa(i), item}); item["role"] {
		case "server":
			endpoint(b, r)
		case "certificate":
			if r.ofServer() {
				b.Incomplete(item.ID() + ": which server shows the certificate is not known")
			}
		}
	}
	return b.Document()
}

func endpoint(b *fact.Builder, r reader) {
	basis, _ := r.item["basis"].(string)
	item := b.Add(r.item.ID(), basis, r.place(""))
	for _, name := range []string{"product", "serves", "protocol", "address", "port", "plaintext_allowed", "groups", "policy", "scope"} {
		r.copy(item, name, name)
	}
	tls, at := r.item["tls"], r.place("/tls")
	switch tls {
	case nil:
		item.Gap("encrypted", r.reason("tls"), at)
	case "off":
		item.Set("encrypted", "none", at)
	default:
		item.Set("encrypted", "tls", at)
	}
	r.versions(item, tls)
	r.copy(item, "suites", "suites")
	if r.item["suites"] == nil {
		item.Gap("suites_complete", r.reason("suites"), r.place("/suites"))
	} else {
		item.Set("suites_complete", true, r.place("/suites"))
	}
	r.certificates(item, tls)
	switch r.item["verify"] {
	case nil:
		item.Gap("client_auth", r.reason("verify"), r.place("/verify"))
	case "none":
		item.Set("client_auth", "none", r.place("/verify"))
	default:
		item.Set("client_auth", "required", r.place("/verify"))
	}
	http := item.Object("http", r.place("/redirects"))
	r.copy(http, "redirects", "redirect")
	r.copy(http, "hsts_seconds", "hsts_seconds")
	item.Set("config", []any{r.d.Target.ID + "#" + r.item.ID()}, fact.Position{})
}

// versions writes every version as offered or refused, none where no TLS is
// spoken.
func (r reader) versions(item *fact.ItemBuilder, tls any) {
	at := r.place("/protocols")
	list, known := r.item["protocols"].([]any)
	if tls == "off" {
		item.Set("versions", []any{}, at)
		return
	}
	if !known {
		item.Gap("versions", r.reason("protocols"), at)
		return
	}
	for _, v := range versions {
		offered := "refused"
		if slices.Contains(list, any(v)) {
			offered = "offered"
		}
		item.Append("versions", at).Set("name", v, fact.Position{}).Set("offered", offered, fact.Position{})
	}
}

// reader reads one item of a document with its positions and gaps.
type reader struct {
	d       *fact.Document
	pointer string // of the item
	item    fact.Item
}

// place returns where a member was read, else the item.
func (r reader) place(suffix string) fact.Position { return r.d.Place(r.pointer + suffix) }

func (r reader) reason(name string) string {
	if reason, ok := r.d.Reason(r.pointer + "/" + name); ok {
		return reason
	}
	return "not known"
}

// copy copies a member, or its gap.
func (r reader) copy(item *fact.ItemBuilder, from, to string) {
	at := r.place("/" + from)
	if v := r.item[from]; v != nil {
		item.Set(to, v, at)
		return
	}
	item.Gap(to, r.reason(from), at)
}
