package nginx

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// randomWord writes a parameter with quotes, escapes and characters that end words.
func randomWord(r *rand.Rand) string {
	parts := []string{"a", "b1", `\ `, `\;`, `"`, `'`, `\"`, `\'`, `\\`, "#", "${uri}", "}", "é", `\n`, ".", "x:y", ")"}
	n := 1 + r.IntN(4)
	var b strings.Builder
	quote := ""
	if r.IntN(3) == 0 {
		quote = []string{`"`, "'"}[r.IntN(2)]
	}
	b.WriteString(quote)
	for range n {
		p := parts[r.IntN(len(parts))]
		if r.IntN(3) > 0 {
			p = parts[r.IntN(2)]
		}
		b.WriteString(p)
	}
	b.WriteString(quote)
	if strings.HasPrefix(b.String(), "#") { // a comment: the pair would lack its value
		return "z" + b.String()
	}
	return b.String()
}

// randomConfig is a map block, in which any pair of words may stand.
func randomConfig(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("events { }\nhttp { map $uri $x {\n")
	for i := range 1 + r.IntN(5) {
		space := []string{" ", "\t", "\n", " # c {;}\n", "  "}[r.IntN(5)]
		fmt.Fprintf(&b, "k%d%s%s%s", i, space, randomWord(r), []string{";", " ;", ";#", ";\n", "\r\n;"}[r.IntN(5)])
		b.WriteString("\n")
	}
	b.WriteString("} }\n")
	switch r.IntN(8) {
	case 0:
		b.WriteString("}")
	case 1:
		b.WriteString(";")
	case 2:
		return strings.Replace(b.String(), "} }", "}", 1)
	}
	return b.String()
}

// What nginx takes is read, and what it refuses is refused.
func TestOracle(t *testing.T) {
	program, err := exec.LookPath("/usr/sbin/nginx")
	if err != nil {
		t.Skip("nginx is not installed (make oracles): nothing was compared")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "nginx.conf")
	taken := 0
	for seed := range uint64(250) {
		text := randomConfig(rand.New(rand.NewPCG(seed, 7)))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		said, err := exec.CommandContext(ctx, program, "-t", "-q", "-p", dir, "-e", filepath.Join(dir, "error"), "-c", name,
			"-g", "pid "+dir+"/pid; error_log "+dir+"/error;").CombinedOutput()
		cancel()
		_, diagnostics := Parse("nginx.conf", []byte(text))
		if (err == nil) != (len(diagnostics) == 0) {
			t.Errorf("seed %d: nginx says %v %s, we %v, of\n%s", seed, err, said, diagnostics, text)
		}
		if err == nil {
			taken++
		}
	}
	t.Logf("250 compared, nginx took %d", taken)
	if taken < 50 || taken > 230 {
		t.Errorf("nginx took %d of 250: the cases say little", taken)
	}
}
