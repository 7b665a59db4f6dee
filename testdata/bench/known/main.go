// Command known prints reads.json for the embedded controls of this build, so that
// a benchmark with a padded set starts as a shipped one would.
package main

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/policies"
)

func main() {
	log.SetFlags(0)
	params, err := control.ReadParameters(policies.FS)
	if err != nil {
		log.Fatal(err)
	}
	if err := params.ReadTables(policies.FS, time.Now()); err != nil {
		log.Fatal(err)
	}
	set, diagnostics := control.Load([]control.Source{{FS: policies.FS, Embedded: true}}, control.Options{Params: params})
	for _, d := range diagnostics {
		log.Fatal(d)
	}
	data, err := set.Known()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprint(os.Stdout, string(data))
}
