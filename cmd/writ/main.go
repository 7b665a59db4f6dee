// Command writ checks hosts, endpoints and infrastructure files against GDPR
// controls written in Rego. Called by the name conftest, it is "writ conftest".
package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/writ-policy/writ/cmd/internal/cli"
)

func main() {
	args := os.Args[1:]
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "conftest" {
		args = append([]string{"conftest"}, args...)
	}
	os.Exit(cli.Main(args, os.Stdin, os.Stdout, os.Stderr))
}
