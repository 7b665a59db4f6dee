package logs

import (
	"flag"
	"testing"

	"github.com/writ-policy/writ/collectors/source/aws/awstest"
)

var update = flag.Bool("update", false, "write want.txt anew")

func TestGolden(t *testing.T) {
	awstest.Golden(t, "testdata/*.txtar", *update, Collector{}, nil)
}
