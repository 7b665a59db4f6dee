// Command fuzz runs every fuzz target of the module for a time each: go test
// takes only one target of one package at once.
//
//	go run ./testdata/fuzz -time 60s
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fuzz: ")
	each := flag.Duration("time", time.Minute, "time for each target")
	flag.Parse()
	targets, err := list()
	if err != nil {
		log.Fatal(err)
	}
	if len(targets) == 0 {
		log.Fatal("no fuzz target found")
	}
	failed := 0
	for _, t := range targets {
		fmt.Printf("== %s %s for %s\n", t.pkg, t.name, *each)
		c := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", each.String(), t.pkg)
		c.Stdout, c.Stderr = os.Stdout, os.Stderr
		if err := c.Run(); err != nil {
			failed++
		}
	}
	if failed > 0 {
		log.Fatalf("%d of %d targets failed", failed, len(targets))
	}
}

type target struct{ pkg, name string }

// list asks go test: names come first, then a line "ok  PACKAGE …".
func list() ([]target, error) {
	out, err := exec.Command("go", "test", "-list", "^Fuzz", "./...").Output()
	if err != nil {
		return nil, fmt.Errorf("list fuzz targets: %w", err)
	}
	var targets []target
	var names []string
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		switch fields := strings.Fields(lines.Text()); {
		case len(fields) == 0:
		case strings.HasPrefix(fields[0], "Fuzz"):
			names = append(names, fields[0])
		case fields[0] == "ok" && len(fields) > 1:
			for _, n := range names {
				targets = append(targets, target{fields[1], n})
			}
			names = nil
		}
	}
	return targets, lines.Err()
}
