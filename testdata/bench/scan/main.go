// Command scan measures writ's port scan and identification against nmap's, as ratios
// of one run: median of five, one after the other, on loopback in a network namespace
// of its own. It needs root, ip and nmap; without them it says so and measures nothing.
//
//	go run ./testdata/bench/scan
package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bars: writ's time as a share of nmap's.
const (
	scanBar     = 0.35
	identifyBar = 0.15
	rounds      = 5
	services    = 30
	firstPort   = 21001
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		serve()
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench-scan:", err)
		os.Exit(1)
	}
}

func run() error {
	for _, tool := range []string{"ip", "nmap"} {
		if _, err := exec.LookPath(tool); err != nil {
			fmt.Println("not measured:", tool, "is not installed")
			return nil
		}
	}
	space := fmt.Sprintf("writ-bench-%d", os.Getpid())
	if out, err := exec.Command("ip", "netns", "add", space).CombinedOutput(); err != nil {
		fmt.Printf("not measured: no network namespace: %s\n", bytes.TrimSpace(out))
		return nil
	}
	defer exec.Command("ip", "netns", "delete", space).Run()
	within := func(args ...string) *exec.Cmd {
		return exec.Command("ip", append([]string{"netns", "exec", space}, args...)...)
	}
	if err := within("ip", "link", "set", "lo", "up").Run(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "writ-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	writ := filepath.Join(dir, "writ")
	if out, err := exec.Command("go", "build", "-o", writ, "./cmd/writ").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	server := within(self, "serve")
	ready, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	defer func() { server.Process.Kill(); server.Wait() }()
	if _, err := ready.Read(make([]byte, 1)); err != nil {
		return fmt.Errorf("servers did not start: %w", err)
	}
	ports := fmt.Sprintf("%d-%d", firstPort, firstPort+services-1)
	scanned, err := compare(within,
		[]string{"nmap", "-sT", "-p-", "-n", "-Pn", "-oX", "-", "127.0.0.1"},
		[]string{writ, "collect", "--kind", "port.scanned", "scan://127.0.0.1:all"})
	if err != nil {
		return err
	}
	identified, err := compare(within,
		[]string{"nmap", "-sT", "-sV", "-p", ports, "-n", "-Pn", "-oX", "-", "127.0.0.1"},
		[]string{writ, "collect", "--kind", "port.scanned", "--probe", "scan://127.0.0.1:" + ports})
	if err != nil {
		return err
	}
	theirs, ours := rightOfNmap(identified.theirs), rightOfWrit(identified.ours)
	fmt.Printf("full range: nmap %.2fs, writ %.2fs, ratio %.2f (bar %.2f); CPU ratio %.2f; open: %d of %d\n",
		scanned.nmap.wall, scanned.writ.wall, scanned.ratio(), scanBar, scanned.writ.cpu/scanned.nmap.cpu, openOfWrit(scanned.ours), services)
	fmt.Printf("%d services: nmap %.2fs, writ %.2fs, ratio %.3f (bar %.2f); right: nmap %d, writ %d\n",
		services, identified.nmap.wall, identified.writ.wall, identified.ratio(), identifyBar, theirs, ours)
	switch {
	case openOfWrit(scanned.ours) != services:
		return fmt.Errorf("%d ports are open, %d were found", services, openOfWrit(scanned.ours))
	case ours < theirs:
		return fmt.Errorf("nmap names %d services, writ %d", theirs, ours)
	case scanned.ratio() > scanBar || identified.ratio() > identifyBar:
		return fmt.Errorf("slower than the bar")
	}
	return nil
}

type cost struct{ wall, cpu float64 }

type compared struct {
	nmap, writ   cost
	theirs, ours []byte
}

func (c compared) ratio() float64 { return c.writ.wall / c.nmap.wall }

// compare runs both in turns.
func compare(within func(...string) *exec.Cmd, theirs, ours []string) (c compared, err error) {
	var a, b []cost
	for range rounds {
		one, out, err := measure(within(theirs...))
		if err != nil {
			return c, err
		}
		a, c.theirs = append(a, one), out
		if one, out, err = measure(within(ours...)); err != nil {
			return c, err
		}
		b, c.ours = append(b, one), out
	}
	c.nmap, c.writ = median(a), median(b)
	return c, nil
}

func measure(cmd *exec.Cmd) (cost, []byte, error) {
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	began := time.Now()
	err := cmd.Run()
	if err != nil {
		return cost{}, nil, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, problems.Bytes())
	}
	state := cmd.ProcessState
	return cost{time.Since(began).Seconds(), (state.UserTime() + state.SystemTime()).Seconds()}, out.Bytes(), nil
}

func median(list []cost) cost {
	var wall, cpu []float64
	for _, c := range list {
		wall, cpu = append(wall, c.wall), append(cpu, c.cpu)
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	return cost{wall[len(wall)/2], cpu[len(cpu)/2]}
}

// speaks is what the server of a port speaks.
func speaks(port int) string { return []string{"ssh", "http", "smtp"}[port%3] }

func rightOfNmap(report []byte) (n int) {
	var run struct {
		Ports []struct {
			Number  int `xml:"portid,attr"`
			Service struct {
				Name string `xml:"name,attr"`
			} `xml:"service"`
		} `xml:"host>ports>port"`
	}
	xml.Unmarshal(report, &run)
	for _, p := range run.Ports {
		if p.Service.Name == speaks(p.Number) {
			n++
		}
	}
	return n
}

type item struct {
	Port  int
	State string
	Wire  struct{ Name string }
}

func items(facts []byte) (all []item) {
	dec := json.NewDecoder(bytes.NewReader(facts))
	for {
		var d struct{ Items []item }
		if dec.Decode(&d) != nil {
			return all
		}
		all = append(all, d.Items...)
	}
}

func rightOfWrit(facts []byte) (n int) {
	for _, i := range items(facts) {
		if i.State == "open" && i.Wire.Name == speaks(i.Port) {
			n++
		}
	}
	return n
}

func openOfWrit(facts []byte) (n int) {
	for _, i := range items(facts) {
		if i.State == "open" {
			n++
		}
	}
	return n
}

// serve speaks on the ports until it is ended.
func serve() {
	for p := firstPort; p < firstPort+services; p++ {
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(p))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go talk(c, speaks(p))
			}
		}()
	}
	fmt.Println("ready")
	time.Sleep(time.Hour)
}

func talk(c net.Conn, protocol string) {
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	buffer := make([]byte, 4096)
	switch protocol {
	case "ssh":
		io.WriteString(c, "SSH-2.0-OpenSSH_9.2p1\r\n")
		io.Copy(io.Discard, c)
	case "smtp":
		io.WriteString(c, "220 mail.example.org ESMTP Postfix\r\n")
		for {
			n, err := c.Read(buffer)
			if err != nil {
				return
			}
			io.WriteString(c, map[bool]string{true: "250 mail.example.org\r\n", false: "221 bye\r\n"}[!bytes.HasPrefix(buffer[:n], []byte("QUIT"))])
		}
	case "http":
		for {
			n, err := c.Read(buffer)
			if err != nil {
				return
			}
			if !bytes.Contains(buffer[:n], []byte(" HTTP/1.")) {
				return
			}
			io.WriteString(c, "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\n\r\nok")
		}
	}
}
