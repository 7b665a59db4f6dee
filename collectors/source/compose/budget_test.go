package compose_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
)

// TestBudgets holds that small files that stand for something huge are read no
// further than the limits, and what is left out has its reason.
func TestBudgets(t *testing.T) {
	var doubling strings.Builder
	doubling.WriteString("V0=aaaaaaaaaaaaaaaa\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&doubling, "V%d=${V%d}${V%d}\n", i, i-1, i-1)
	}
	deep := strings.Repeat("${A:-", 5000) + "x" + strings.Repeat("}", 5000)
	files := map[string]string{
		".env":         doubling.String(),
		"compose.yaml": "services:\n  a:\n    image: ${V59}\n    command: '" + deep + "'\n",
	}
	targets := compose.Targets(sourcetest.Env(files))
	s := targets[0].Projects[0].Services[0]
	if image := s.Image(); image.Known() {
		t.Errorf("an image of %d bytes", len(image.Value))
	}
	if v := s.Get("command"); v.Scalar() {
		t.Errorf("a command of %d bytes", len(v.Text))
	}
}
