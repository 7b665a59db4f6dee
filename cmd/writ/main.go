// Command writ checks hosts, endpoints and infrastructure files against GDPR
// controls written in Rego.
package main

import (
	"os"

	"github.com/writ-policy/writ/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
