// Command logs measures what writ sees of the logs of a host against logrotate -d and
// find, as a ratio of one run: a tree of 10,000 log files that 500 stanzas rotate is made,
// and each program is run in turn, A B A B. The median of the ratios of CPU time counts,
// and the most memory that writ took.
//
//	go run ./testdata/bench/logs            builds writ, then measures
//	go run ./testdata/bench/logs -files 2000 -stanzas 100 -runs 3
//
// It needs logrotate and find. It prints a table and exits 1 if a bar is missed.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Bars: the share of CPU time, and memory in MiB.
const (
	barShare  = 0.5
	barMemory = 100
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("logs: ")
	files := flag.Int("files", 10000, "log files")
	stanzas := flag.Int("stanzas", 500, "stanzas that rotate them")
	runs := flag.Int("runs", 7, "runs of each program")
	writ := flag.String("writ", "", "writ binary; built if empty")
	flag.Parse()
	dir, err := os.MkdirTemp("", "writ-logs-")
	must(err)
	defer os.RemoveAll(dir)
	if *writ == "" {
		*writ = filepath.Join(dir, "writ")
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", *writ, "./cmd/writ")
		build.Stderr = os.Stderr
		must(build.Run())
	}
	root := filepath.Join(dir, "host")
	plant(root, *files, *stanzas)
	var shares []float64
	var most int64
	for range *runs {
		rotate, _ := run("logrotate", "-d", "-s", filepath.Join(dir, "state"), filepath.Join(dir, "logrotate.conf"))
		find, _ := run("find", filepath.Join(root, "var/log"), "-printf", "%p %s %m %u %g %T@\n")
		own, memory := run(*writ, "collect", "-q", "--kind", "log.*", "--root", root, "host:")
		shares = append(shares, own.Seconds()/(rotate+find).Seconds())
		most = max(most, memory)
		fmt.Printf("logrotate -d %6.0f ms   find %4.0f ms   writ %6.0f ms   %d MiB\n", milli(rotate), milli(find), milli(own), memory>>20)
	}
	slices.Sort(shares)
	share := shares[len(shares)/2]
	fmt.Printf("CPU: %.2f of logrotate and find (bar %.2f); memory: %d MiB (bar %d)\n", share, barShare, most>>20, barMemory)
	if share > barShare || most>>20 > barMemory {
		os.RemoveAll(dir)
		os.Exit(1)
	}
}

func milli(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// run returns the CPU time of a program and the most memory that it took.
func run(name string, args ...string) (time.Duration, int64) {
	c := exec.Command(name, args...)
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Run(); err != nil && name != "logrotate" { // which complains of each file that is not as it likes
		log.Fatalf("%s: %v\n%s", name, err, said.Bytes())
	}
	use := c.ProcessState.SysUsage().(*syscall.Rusage)
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime(), use.Maxrss << 10
}

// plant makes the tree: for each stanza a folder with one log that is written, one that
// was rotated and others that are packed. logrotate reads the same stanzas, with the
// folder's own name before the paths.
func plant(root string, files, stanzas int) {
	each := files / stanzas
	now := time.Now()
	var inside, outside bytes.Buffer
	inside.WriteString("weekly\nrotate 20\ncreate\ninclude /etc/logrotate.d\n")
	outside.WriteString("weekly\nrotate 20\ncreate\n")
	for i := range stanzas {
		folder := fmt.Sprintf("/var/log/app%03d", i)
		at := filepath.Join(root, folder)
		must(os.MkdirAll(at, 0o755))
		for n := range each {
			day := now.AddDate(0, 0, -7*n-1)
			line := []byte(day.UTC().Format(time.RFC3339) + " db1 synthetic record\n")
			text := bytes.Repeat(line, 40)
			name := filepath.Join(at, "app.log")
			switch {
			case n == 1:
				name += ".1"
			case n > 1:
				name += fmt.Sprintf(".%d.gz", n)
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				z.Write(text)
				must(z.Close())
				text = b.Bytes()
			}
			must(os.WriteFile(name, text, 0o640))
			must(os.Chtimes(name, day.AddDate(0, 0, 1), day.AddDate(0, 0, 1)))
		}
		stanza := "%s/app.log {\n\tdaily\n\trotate 20\n\tcompress\n\tdelaycompress\n\tmissingok\n\tnotifempty\n}\n"
		must(os.MkdirAll(filepath.Join(root, "etc/logrotate.d"), 0o755))
		must(os.WriteFile(filepath.Join(root, fmt.Sprintf("etc/logrotate.d/app%03d", i)), fmt.Appendf(nil, stanza, folder), 0o644))
		fmt.Fprintf(&outside, stanza, at)
	}
	must(os.WriteFile(filepath.Join(root, "etc/logrotate.conf"), inside.Bytes(), 0o644))
	must(os.WriteFile(filepath.Join(filepath.Dir(root), "logrotate.conf"), outside.Bytes(), 0o644))
}
