package storage

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/compose/composetest"
)

func TestCompose(t *testing.T) {
	composetest.Golden(t, "testdata/compose/*.txtar", *update, Collector{})
}

func FuzzCompose(f *testing.F) {
	composetest.Fuzz(f, "testdata/compose/*.txtar", Collector{})
}

// What is not known never becomes a default.
func TestComposeUnknowns(t *testing.T) {
	composetest.Unknowns(t, "testdata/compose/*.txtar", Collector{}, func(kind, path string) bool {
		return path == "/name" // an entry that is not known may stand for another
	})
}
