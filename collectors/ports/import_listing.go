package ports

import (
	"fmt"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/listing"
	"github.com/writ-policy/writ/collectors/source/wire"
	"github.com/writ-policy/writ/engine/fact"
)

// maxListing bounds a listing or description that is read whole.
const maxListing = 64 << 20

// listing reads a listing of sockets or a description of containers; nil if the file is
// neither.
func (x *importer) listing(name string, head []byte) []*fact.Document {
	format := listing.Recognise(head)
	if format == listing.None {
		return x.containers(name, head)
	}
	data, err := collectors.ReadFile(x.env.Tree.FS, name, maxListing)
	if err != nil {
		x.fault(name, 0, 0, "cannot read listing", err)
		return nil
	}
	x.env.MarkRead(name, "")
	sockets, bad := listing.Read(format, data)
	w := &listingWriter{host: hostOfFile(name), file: name, taken: map[string]int{}}
	w.b = fact.NewBuilder("port.listener", fact.Target{ID: "host/" + w.host}, x.env.Envelope("ports", string(format)), x.env.Now)
	w.b.Source(name, "")
	for _, p := range bad {
		x.env.Diagnose(fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read listing", Detail: p.What, Pos: fact.Position{Source: name, Line: p.Line, Column: 1}})
		w.b.Incomplete(fmt.Sprintf("%s:%d: %s", name, p.Line, p.What))
	}
	w.b.Incomplete("a listing does not say which sockets it was asked for, nor in which network namespaces")
	for _, s := range sockets {
		w.write(s)
		if s.Both != nil && *s.Both && s.Address.IsUnspecified() {
			s.Address = netip.IPv4Unspecified()
			w.write(s)
		}
	}
	return []*fact.Document{w.b.Document()}
}

// hostOfFile is the host that a listing is of, which it does not say itself: the name of
// its file up to the first dot.
func hostOfFile(name string) string {
	base, _, _ := strings.Cut(path.Base(name), ".")
	if !plainHost(base) {
		return "unnamed"
	}
	return base
}

type listingWriter struct {
	b          *fact.Builder
	host, file string
	taken      map[string]int
}

func (w *listingWriter) write(s listing.Socket) {
	at := fact.Position{Source: w.file, Line: s.Line, Column: 1}
	text := s.Address.String()
	if s.Interface != "" && !plainHost(s.Interface) {
		w.b.Incomplete(fmt.Sprintf("%s:%d: the name of an interface cannot be read", w.file, s.Line))
		return
	}
	if s.Interface != "" {
		text += "%" + s.Interface
	}
	if s.Address.Is6() {
		text = "[" + text + "]"
	}
	id := s.Protocol + "/" + text + ":" + strconv.Itoa(int(s.Port))
	w.taken[id]++
	if n := w.taken[id]; n > 1 {
		return // the same address again: sockets that share it
	}
	const unsaid = "the listing does not say"
	it := w.b.Add(id, "observed", at)
	it.Set("host", w.host, at).Gap("netns", unsaid, at).Set("protocol", s.Protocol, at).Set("address", s.Address.String(), at).Set("port", int(s.Port), at)
	it.Set("interface", s.Interface, at).Gap("sockets", unsaid, at)
	if s.Both == nil && s.Address.Is6() && s.Address.IsUnspecified() {
		it.Gap("families", "whether it serves IPv4 too is not said (ss -e says it)", at).Gap("dual_stack", unsaid, at)
	} else {
		it.Set("families", []any{family(s.Address)}, at).Set("dual_stack", s.Both != nil && *s.Both, at)
	}
	switch {
	case s.Address.IsLoopback():
		it.Set("scope", "loopback", at)
	case s.Address.IsUnspecified():
		it.Gap("scope", "which addresses the host has is not said", at)
	default:
		it.Set("scope", scopeOfAddress(s.Address), at)
	}
	it.Gap("owners", "the listing does not name executables", at).Gap("owners_complete", unsaid, at)
	it.Gap("opened_by", unsaid, at).Gap("activation", unsaid, at)
	if s.Held {
		it.Set("attribution", "process", at)
	} else {
		it.Gap("attribution", "the listing names no process (it needs privileges)", at)
	}
	r := wire.Guess(wire.Target{Address: netip.AddrPortFrom(s.Address, s.Port), UDP: s.Protocol == "udp"})
	writeWire(it, r, "a listing asks nobody", at)
	if s.Protocol == "udp" {
		it.Gap("ephemeral", "which ports clients get is not said", at)
	} else {
		it.Set("ephemeral", false, at)
	}
}
