// Command listeners measures the inventory of listeners against ss and lsof, as ratios of
// one run: in a network namespace of its own, 10,000 sockets of 20 processes listen, and
// each program is run in turn, A B C A B C. The median of the ratios counts.
//
//	go run ./testdata/bench/listeners            builds writ, then measures
//	go run ./testdata/bench/listeners -sockets 1000 -runs 3
//
// It needs root, ss and lsof. It prints a table and exits 1 if a bar is missed.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// program is one that lists sockets; bar is what writ may take of its time, 0 for none.
type program struct {
	name string
	args []string
	bar  float64
}

// spent is what one run took.
type spent struct{ wall, cpu time.Duration }

func main() {
	log.SetFlags(0)
	log.SetPrefix("listeners: ")
	sockets := flag.Int("sockets", 10000, "sockets that listen")
	processes := flag.Int("processes", 20, "processes that hold them")
	runs := flag.Int("runs", 5, "runs of each program")
	role := flag.String("role", "", "for its own use")
	writ := flag.String("writ", "", "writ binary; built if empty")
	list := flag.String("list", "", "test binary of collectors/source/socket; built if empty")
	collector := flag.String("collector", "", "test binary of collectors/ports; built if empty")
	flag.Parse()
	switch *role {
	case "hold":
		hold(*sockets)
		return
	case "measure":
		if !measure(*sockets, *processes, *runs, *writ, *list, *collector) {
			os.Exit(1)
		}
		return
	}
	dir, err := os.MkdirTemp("", "writ-listeners-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if *writ == "" {
		*writ = filepath.Join(dir, "writ")
		must("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", *writ, "./cmd/writ")
	}
	if *list == "" {
		*list = filepath.Join(dir, "socket.test")
		must("go", "test", "-c", "-trimpath", "-o", *list, "./collectors/source/socket")
	}
	if *collector == "" {
		*collector = filepath.Join(dir, "ports.test")
		must("go", "test", "-c", "-trimpath", "-o", *collector, "./collectors/ports")
	}
	inside := self("measure", *sockets, "-processes", fmt.Sprint(*processes), "-runs", fmt.Sprint(*runs), "-writ", *writ, "-list", *list, "-collector", *collector)
	inside.Stdout, inside.Stderr = os.Stdout, os.Stderr
	inside.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if err := inside.Run(); err != nil {
		os.RemoveAll(dir)
		log.Fatal(err)
	}
}

func must(name string, args ...string) {
	c := exec.Command(name, args...)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
}

func self(role string, sockets int, more ...string) *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	return exec.Command(exe, append([]string{"-role", role, "-sockets", fmt.Sprint(sockets)}, more...)...)
}

// hold listens at as many ports as it is told until its standard input ends.
func hold(count int) {
	var open []net.Listener
	for range count {
		network := "tcp4"
		if len(open)%2 == 1 {
			network = "tcp6"
		}
		l, err := net.Listen(network, ":0")
		if err != nil {
			log.Fatal(err)
		}
		open = append(open, l)
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
}

// measure starts the processes and runs the programs in turn.
func measure(sockets, processes, runs int, writ, list, collector string) bool {
	for range processes {
		c := self("hold", sockets/processes)
		in, err := c.StdinPipe()
		if err != nil {
			log.Fatal(err)
		}
		defer in.Close()
		out, err := c.StdoutPipe()
		if err != nil {
			log.Fatal(err)
		}
		if err := c.Start(); err != nil {
			log.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			log.Fatalf("a process that holds sockets: %q, %v", line, err)
		}
	}
	// The last three are compared with the first two.
	programs := []program{
		{"ss -tlnpH", []string{"ss", "-tlnpH"}, 0.7},
		{"lsof", []string{"lsof", "-nP", "-iTCP", "-sTCP:LISTEN"}, 0.35},
		{"sockets and owners", benchmark(list, "List"), 0},
		{"the same as facts", benchmark(collector, "Listeners"), 0},
		{"writ collect host:", []string{writ, "collect", "host:", "--kind", "port.listener"}, 0},
	}
	took := make([][]spent, len(programs))
	for range runs {
		for i, p := range programs {
			s, out := run(p)
			took[i] = append(took[i], s)
			if n := found(p.name, out); n < sockets {
				log.Fatalf("%s found %d of %d sockets", p.name, n, sockets)
			}
		}
	}
	ok := true
	fmt.Printf("%d sockets, %d processes, median of %d\n", sockets, processes, runs)
	for i, p := range programs {
		fmt.Printf("%-20s wall %6.1f ms  cpu %6.1f ms\n", p.name, milliseconds(took[i], wall), milliseconds(took[i], cpu))
	}
	for i := 2; i < len(programs); i++ {
		for j := range 2 {
			w, c := ratio(took[i], took[j], wall), ratio(took[i], took[j], cpu)
			verdict := "met"
			switch {
			case i > 2:
				verdict = "shown" // packages, facts, starting up and writing are no part of what ss does
			case c > programs[j].bar: // what a loaded machine does not change
				verdict, ok = "MISSED", false
			}
			fmt.Printf("%-20s to %-10s wall %.2f  cpu %.2f  bar %.2f  %s\n", programs[i].name, programs[j].name, w, c, programs[j].bar, verdict)
		}
	}
	return ok
}

func wall(s spent) time.Duration { return s.wall }
func cpu(s spent) time.Duration  { return s.cpu }

// benchmark is one run of a benchmark, with nothing before it.
func benchmark(binary, name string) []string {
	return []string{binary, "-test.run", "^$", "-test.bench", "^Benchmark" + name + "$", "-test.benchtime", "1x"}
}

// run runs a program and returns what it took and printed. A benchmark says itself
// what it took, without starting up.
func run(p program) (spent, []byte) {
	c := exec.Command(p.args[0], p.args[1:]...)
	var out bytes.Buffer
	c.Stdout = &out
	start := time.Now()
	err := c.Run()
	s := spent{wall: time.Since(start)}
	if err != nil && p.name != "lsof" { // which exits 1 where a name was not found
		log.Fatalf("%s: %v\n%s", p.name, err, out.Bytes())
	}
	s.cpu = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	if strings.HasSuffix(p.args[0], ".test") {
		s = spent{reported(out.String(), "ns/op"), reported(out.String(), "cpu-ns/op")}
	}
	return s, out.Bytes()
}

// reported reads "  1234 unit" of a benchmark's line.
func reported(text, unit string) time.Duration {
	f := strings.Fields(text)
	i := slices.Index(f, unit)
	var n float64
	if i > 0 {
		fmt.Sscan(f[i-1], &n)
	}
	return time.Duration(n)
}

// found counts the sockets that a program tells of.
func found(name string, out []byte) int {
	switch name {
	case "sockets and owners", "the same as facts":
		return int(reported(string(out), "listeners"))
	case "writ collect host:":
		return bytes.Count(out, []byte(`"basis":"observed"`))
	}
	return bytes.Count(out, []byte("LISTEN"))
}

// milliseconds is the median.
func milliseconds(all []spent, of func(spent) time.Duration) float64 {
	var list []float64
	for _, s := range all {
		list = append(list, float64(of(s).Microseconds())/1000)
	}
	return median(list)
}

// ratio is the median of pairwise ratios.
func ratio(a, b []spent, of func(spent) time.Duration) float64 {
	var list []float64
	for i := range a {
		list = append(list, float64(of(a[i]))/float64(max(1, of(b[i]))))
	}
	return median(list)
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
