package fact

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// How much was searched is part of what a document says: it is saved, read again, and
// another count is another document.
func TestSearched(t *testing.T) {
	build := func(n int) *Document {
		b := NewBuilder("secret.match", Target{ID: "config/x"}, Collector{Name: "secrets", Version: "1", Method: "files", Privileges: "user"}, time.Unix(0, 0))
		for range n {
			b.Searched()
		}
		return b.Document()
	}
	d := build(412)
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := Read(bytes.NewReader(data))
	if err != nil || len(docs) != 1 || docs[0].Searched != 412 || docs[0].Digest() != d.Digest() {
		t.Errorf("read again: %v %v", docs, err)
	}
	if d.Digest() == build(411).Digest() || d.Digest() == build(0).Digest() {
		t.Error("the digest does not depend on the count")
	}
	if data, _ := json.Marshal(build(0)); bytes.Contains(data, []byte("searched")) {
		t.Errorf("a collector that does not count says %s", data)
	}
}
