package logs

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
)

// What a host says of its logs.
func TestHost(t *testing.T) {
	sourcetest.Hosts(t, "testdata/host/*.txtar", *update, Collector{})
}
