//go:build linux

// Package kerneltest asks the kernel what becomes of packets: rules are loaded by
// nft, iptables-nft-restore and iptables-legacy-restore into network namespaces made
// for it, packets with any source are put on a wire there, and what got through is
// read from the kernel's own log of packets (NFLOG), which waits for nothing.
//
// A [Lab] is a process in a user namespace of its own, so that no privilege is needed
// and nothing of the machine is touched; what it made ends with it. A test binary that
// uses one calls [Main] first.
package kerneltest

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Names of the parts of a ruleset, by the program that loads them into the host's
// namespace; Container is for nft in the container's.
const (
	NFT             = "nft"
	IPTablesNFT     = "iptables-nft"
	IP6TablesNFT    = "ip6tables-nft"
	IPTablesLegacy  = "iptables-legacy"
	IP6TablesLegacy = "ip6tables-legacy"
	IPSet           = "ipset"
	Container       = "container"
)

// Parts lists them in the order in which they are loaded.
func Parts() []string {
	return []string{NFT, IPSet, IPTablesNFT, IP6TablesNFT, IPTablesLegacy, IP6TablesLegacy, Container}
}

// Ruleset is the text of each part; without one it is empty.
type Ruleset map[string]string

// Listing is what programs show of a ruleset that was loaded, by part.
type Listing map[string]string

// Probe is a first packet of a connection, as it comes in.
type Probe struct {
	In                   string // interface of the host
	Protocol             uint8  // 6 or 17
	Source, Dest         netip.Addr
	SourcePort, DestPort uint16
}

// Fate is what became of a packet.
type Fate struct {
	Delivered bool
	Space     string // "" is the host, "box" the container, "out" beyond the host
	Dest      netip.Addr
	DestPort  uint16
	Logged    bool // by a rule, to [LogGroup], in any namespace
}

// LogGroup is the group of NFLOG that rules log to.
const LogGroup = 1

// ErrRules is that a program did not take the rules; the text says which and why.
var ErrRules = errors.New("rules are not taken")

// role is the environment variable that makes a test binary a lab.
const role = "WRIT_KERNELTEST"

// Main runs the lab if the test binary was started as one, and does not return then.
func Main() {
	if os.Getenv(role) == "" {
		return
	}
	if err := serve(os.Stdin, os.Stdout); err != nil && err != io.EOF {
		fmt.Fprintln(os.Stderr, "kerneltest:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// request is either rules to load or packets to send.
type request struct {
	Rules  Ruleset
	Probes []Probe
}

type reply struct {
	Listing Listing
	Fates   []Fate
	Refused string // the rules
	Failed  string // the lab
}

// Lab is a host with three networks and a container, in namespaces of its own.
type Lab struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	enc *gob.Encoder
	dec *gob.Decoder
}

// Start makes a lab. An error says why namespaces are not to be had here.
func Start() (*Lab, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, p := range []string{"nft", "iptables-nft-restore", "iptables-legacy-restore", "ip", "ipset"} {
		if _, err := lookPath(p); err != nil {
			return nil, err
		}
	}
	l := &Lab{cmd: exec.Command(exe)}
	l.cmd.Env = append(os.Environ(), role+"=lab")
	l.cmd.Stderr = os.Stderr
	l.cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	if l.in, err = l.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := l.cmd.Start(); err != nil {
		return nil, fmt.Errorf("make namespaces: %w", err)
	}
	l.enc, l.dec = gob.NewEncoder(l.in), gob.NewDecoder(out)
	if _, err := l.Load(Ruleset{}); err != nil {
		l.Stop()
		return nil, fmt.Errorf("make a lab: %w", err)
	}
	return l, nil
}

// Stop ends the lab and its namespaces.
func (l *Lab) Stop() {
	l.in.Close()
	l.cmd.Wait()
}

// Load replaces all rules and returns what is listed of them then. Where they are not
// taken the error is [ErrRules], and which are loaded is not said.
func (l *Lab) Load(r Ruleset) (Listing, error) {
	answer, err := l.ask(request{Rules: r})
	return answer.Listing, err
}

// LoadMost loads rules as [Lab.Load] does, without the lines that programs do not
// take, and returns those that are left.
func (l *Lab) LoadMost(r Ruleset) (Ruleset, Listing, error) {
	for {
		listing, err := l.Load(r)
		if !errors.Is(err, ErrRules) {
			return r, listing, err
		}
		fewer := r.without(err.Error())
		if fewer == nil {
			return r, nil, err
		}
		r = fewer
	}
}

// Send sends packets one after the other and returns what became of each. None of them
// meets a connection that another one opened, as far as their source ports differ.
func (l *Lab) Send(list []Probe) ([]Fate, error) {
	answer, err := l.ask(request{Probes: list})
	return answer.Fates, err
}

func (l *Lab) ask(q request) (answer reply, err error) {
	if err := l.enc.Encode(q); err != nil {
		return answer, fmt.Errorf("ask the lab: %w", err)
	}
	if err := l.dec.Decode(&answer); err != nil {
		return answer, fmt.Errorf("ask the lab: %w", err)
	}
	switch {
	case answer.Failed != "":
		return answer, errors.New(answer.Failed)
	case answer.Refused != "":
		return answer, fmt.Errorf("%w%s", ErrRules, strings.TrimPrefix(answer.Refused, ErrRules.Error()))
	}
	return answer, nil
}

// serve is the lab's side.
func serve(in io.Reader, out io.Writer) error {
	dec, enc := gob.NewDecoder(in), gob.NewEncoder(out)
	h, err := newHost()
	if h != nil {
		defer os.RemoveAll(h.dir)
	}
	for {
		var q request
		if err := dec.Decode(&q); err != nil {
			return err
		}
		var answer reply
		switch {
		case err != nil:
			answer.Failed = err.Error()
		case q.Rules != nil || q.Probes == nil:
			listing, err := h.load(q.Rules)
			answer.Listing = listing
			if errors.Is(err, ErrRules) {
				answer.Refused = err.Error()
			} else if err != nil {
				answer.Failed = err.Error()
			}
		default:
			fates, err := h.send(q.Probes)
			answer.Fates = fates
			if err != nil {
				answer.Failed = err.Error()
			}
		}
		if err := enc.Encode(answer); err != nil {
			return err
		}
	}
}
