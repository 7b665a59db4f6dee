package register

import (
	"fmt"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/fact"
)

// A register of 500 services with 2,000 ports, and 10,000 listeners on 100 hosts.
func large() (text string, listeners []brief) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "service \"s%03d\" {\n  targets = [\"host/h%02d\"]\n  data = [\"user.contact\"]\n", i, i%100)
		for p := range 4 {
			fmt.Fprintf(&b, "  port \"%d/tcp\" {\n    purpose = \"serves\"\n    sources = [\"10.0.0.0/8\"]\n  }\n", 1000+4*i+p)
		}
		b.WriteString("}\n")
	}
	for h := range 100 {
		x := brief{Kind: "port.listener", Target: fmt.Sprintf("host/h%02d", h)}
		for p := range 100 {
			x.Items = append(x.Items, map[string]any{"id": fmt.Sprint(p), "port": 1000 + 20*p})
		}
		listeners = append(listeners, x)
	}
	return b.String(), listeners
}

func BenchmarkRead(b *testing.B) {
	text, _ := large()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if r, diags := Read([]File{{"r.hcl", []byte(text)}}); len(r.Ports) != 2000 || len(diags) > 0 {
			b.Fatal(len(r.Ports), diags)
		}
	}
}

func BenchmarkAnnotate(b *testing.B) {
	text, listeners := large()
	r, _ := Read([]File{{"r.hcl", []byte(text)}})
	for b.Loop() {
		b.StopTimer()
		var docs []*fact.Document
		for _, l := range listeners {
			docs = append(docs, l.document())
		}
		docs = append(docs, r.Documents(now)...)
		b.StartTimer()
		r.Annotate(docs, Options{Now: now})
		r.Link(docs)
	}
}
