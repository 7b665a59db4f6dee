package ports

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
)

func TestCompose(t *testing.T) {
	sourcetest.Compose.Golden(t, "testdata/compose/*.txtar", *update, Collector{})
}

func FuzzCompose(f *testing.F) {
	sourcetest.Compose.Fuzz(f, "testdata/compose/*.txtar", Collector{})
}

// What is not known never becomes a default.
func TestComposeUnknowns(t *testing.T) {
	sourcetest.Compose.Unknowns(t, "testdata/compose/*.txtar", Collector{})
}
