// Command bare reads the HCL files below a folder one after the other with hcl/v2 and
// does nothing with them: what every reader of them that stands on hcl/v2 spends.
//
//	go run ./testdata/bench/bare DIR
package main

import (
	"io/fs"
	"log"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bare: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: bare DIR")
	}
	err := filepath.WalkDir(os.Args[1], func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, diags := hclsyntax.ParseConfig(data, path, hcl.Pos{Line: 1, Column: 1}); diags.HasErrors() {
			return diags
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
}
