//go:build linux

package kerneltest

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// tuple is what connections are told apart by. Where rules translate, two to different
// places may become the same: then the destination is left out.
type tuple struct {
	protocol     uint8
	source, dest netip.Addr
	from, to     uint16
}

// most packets that are sent before connections are forgotten.
const most = 4096

// send puts packets on the wires. Connections are forgotten before two of the same
// tuple meet.
func (h *host) send(list []Probe) ([]Fate, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer h.pin()()
	var flights [][]int
	next := map[tuple]int{}
	for i, p := range list {
		t := tuple{p.Protocol, p.Source, p.Dest, p.SourcePort, p.DestPort}
		if h.translates {
			t.dest, t.to = netip.Addr{}, 0
		}
		n := next[t]
		for n < len(flights) && len(flights[n]) >= most {
			n++
		}
		if n == len(flights) {
			flights = append(flights, nil)
		}
		flights[n] = append(flights[n], i)
		next[t] = n + 1
	}
	fates := make([]Fate, len(list))
	for _, f := range flights {
		some := make([]Probe, len(f))
		for i, at := range f {
			some[i] = list[at]
		}
		got, err := h.flight(some, 64)
		if errors.Is(err, errLost) {
			got, err = h.flight(some, 2)
		}
		if err != nil {
			return nil, err
		}
		for i, at := range f {
			fates[at] = got[i]
		}
	}
	return fates, nil
}

// pin keeps the thread on one processor, where packets are taken in in the order they
// were sent in, until what it returns is called.
func (h *host) pin() (release func()) {
	var all, one unix.CPUSet
	if unix.SchedGetaffinity(0, &all) != nil || all.Count() < 2 {
		return func() {}
	}
	n := os.Getpid() % all.Count()
	for i := 0; i < 1024; i++ {
		if all.IsSet(i) {
			if n == 0 {
				one.Set(i)
				break
			}
			n--
		}
	}
	unix.SchedSetaffinity(0, &one)
	return func() { unix.SchedSetaffinity(0, &all) }
}

// flight sends packets whose connections do not meet, a few at a time.
func (h *host) flight(list []Probe, atOnce int) ([]Fate, error) {
	for i, f := range h.conntrack {
		if i > 0 && !h.used[Container] {
			break
		}
		if err := f.flush(); err != nil {
			return nil, err
		}
	}
	fates := make([]Fate, len(list))
	first := h.serial + 1
	h.serial += uint32(len(list)) + 2
	marks := 0
	note := func(space string) func(event) {
		return func(e event) {
			if e.prefix == 'S' && e.group == observeGroup {
				marks++
				return
			}
			if !e.known || e.number-first >= uint32(len(list)) {
				return
			}
			f := &fates[e.number-first]
			switch {
			case e.group == LogGroup:
				f.Logged = true
			case e.prefix == 'I':
				f.Delivered, f.Space, f.Dest, f.DestPort = true, space, e.dest, e.port
			case e.prefix == 'P' && !f.Delivered && !h.isBox(e.seen):
				f.Delivered, f.Space, f.Dest, f.DestPort = true, "out", e.dest, e.port
			}
		}
	}
	drain := func() error {
		if err := h.watches[0].read(note("")); err != nil {
			return err
		}
		return h.watches[1].read(note("box"))
	}
	links := linkNames()
	for i := range list {
		p := &list[i]
		link := slices.Index(links, p.In)
		w := h.wires[p.In]
		if w == nil || link < 0 {
			return nil, fmt.Errorf("no packet comes in by %q", p.In)
		}
		if err := w.put(p.frame(link, first+uint32(i))); err != nil {
			return nil, fmt.Errorf("send a packet by %s: %w", p.In, err)
		}
		if i%atOnce == atOnce-1 {
			if err := h.settle(&marks, drain); err != nil {
				return nil, err
			}
		}
	}
	return fates, h.settle(&marks, drain)
}

func (h *host) isBox(s seen) bool {
	return slices.ContainsFunc(Box, func(p netip.Prefix) bool { return p.Addr() == s.dest })
}

// settle waits until all packets are done with: a packet sent after them has come in,
// and another one sent after what the first ones were sent on as.
func (h *host) settle(marks *int, drain func() error) error {
	mark := Probe{Protocol: unix.IPPROTO_UDP, Source: Gateways[0], Dest: Links()[0].Addresses[0].Addr(), SourcePort: 1, DestPort: 1}
	frame := mark.frame(len(Links()), 0)
	for range 2 {
		before := *marks
		if err := h.wires[marker].put(frame); err != nil {
			return fmt.Errorf("send a mark: %w", err)
		}
		for start := time.Now(); ; {
			if err := drain(); err != nil {
				return err
			}
			if *marks > before {
				break
			}
			if time.Since(start) > 20*time.Second {
				return errors.New("a packet that marks the end did not come back")
			}
			unix.Poll([]unix.PollFd{{Fd: int32(h.watches[0].fd), Events: unix.POLLIN}}, 100)
		}
	}
	return drain()
}
