package ports

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/scan"
	"github.com/writ-policy/writ/engine/fact"
)

// A scan yields what it asked and what it saw, of each host; who serves is asked only
// with --probe. Silent addresses of a block are one item.
func TestScan(t *testing.T) {
	l, err := net.Listen("tcp", "127.77.1.1:0")
	if err != nil {
		t.Skipf("nothing can listen on 127.77.1.1, so nothing was scanned: %v", err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, "SSH-2.0-OpenSSH_9.2p1\r\n")
			time.AfterFunc(time.Second, func() { c.Close() })
		}
	}()
	port := int(netip.MustParseAddrPort(l.Addr().String()).Port())
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	for _, probe := range []bool{false, true} {
		env := &collectors.Env{Address: fmt.Sprintf("127.77.1.1:%d,1-2", port), Probe: probe, Now: now}
		docs, err := Collector{}.Collect(t.Context(), env)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range docs {
			for _, p := range fact.Validate(d) {
				t.Errorf("%s: %s", d.Kind, p)
			}
			for _, i := range d.Items {
				v := i["vantage"].(map[string]any)
				if d.Kind == "port.scan" {
					got = append(got, fmt.Sprint(d.Target.ID, " ", i.ID(), " ", d.Complete, " ", v["scope"], " ", i["ports"], " ", i["results"], " ", i["finished_at"]))
					continue
				}
				w := i["wire"].(map[string]any)
				if w["confidence"] == "port_table" { // by the number that the kernel chose
					w = map[string]any{"name": "", "confidence": "none", "product": "", "version": ""}
				}
				got = append(got, fmt.Sprint(i.ID(), " ", i["state"], " ", i["reason"], " ", w["name"], " ", w["confidence"], " ", w["product"], "/", w["version"], " ", i["tls"], " ", i["authentication"]))
			}
		}
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], fmt.Sprint(port), "PORT")
		}
		want := []string{
			"host/127.77.1.1 tcp/127.77.1.1 true loopback [map[from:1 to:2] map[from:PORT to:PORT]] [map[from:1 reason:refused state:closed to:2] map[from:PORT reason:syn_ack state:open to:PORT]] 2026-11-22T02:00:00Z",
			"tcp/127.77.1.1:1 closed refused  none / none none",
			"tcp/127.77.1.1:2 closed refused  none / none none",
			map[bool]string{
				false: "tcp/127.77.1.1:PORT open syn_ack  none / <nil> <nil>",
				true:  "tcp/127.77.1.1:PORT open syn_ack ssh banner OpenSSH/9.2p1 none <nil>",
			}[probe],
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("probe %v (-want +got):\n%s", probe, diff)
		}
	}
}

// Silent addresses of a block are one item, about the block: nothing tells that there
// is a host. A lossy or unfinished scan, and what could not be asked, is not complete.
func TestScanDocuments(t *testing.T) {
	at := func(a, block string, answers ...scan.Answer) *scan.Found {
		f := &scan.Found{Address: scan.Address{Addr: netip.MustParseAddr(a), Host: a, Block: block}, Asked: true}
		for i, answer := range answers {
			state := map[scan.Answer]scan.State{scan.SynAck: scan.Open, scan.Refused: scan.Closed, scan.Timeout: scan.Filtered, scan.NotSent: scan.Unknown, scan.Unasked: scan.Unknown}[answer]
			f.Ports = append(f.Ports, scan.Port{Number: uint16(80 + i), Answer: answer, State: state})
		}
		return f
	}
	lossy, ended := at("10.0.0.9", "", scan.SynAck), at("10.0.0.10", "", scan.Refused, scan.Unasked)
	lossy.Lossy, lossy.Probes, ended.Asked = true, scan.Probes{Answered: 10, Late: 3}, false
	s := &surveyed{env: &collectors.Env{Now: time.Unix(1763776800, 0)}, spec: &scan.Spec{}}
	docs := s.documents([]*scan.Found{
		at("10.0.0.1", "10.0.0.0/29", scan.Timeout), at("10.0.0.2", "10.0.0.0/29", scan.SynAck), at("10.0.0.3", "10.0.0.0/29", scan.Timeout),
		at("10.0.0.8", "", scan.Timeout), at("192.0.2.1", "", scan.NotSent), lossy, ended,
	})
	var got []string
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Errorf("%s of %s: %s", d.Kind, d.Target.ID, p)
		}
		for _, i := range d.Items {
			got = append(got, fmt.Sprint(d.Target.ID, " ", d.Kind, " ", i.ID(), " ", i["addresses"], " ", i["state"], " ", i["vantage"].(map[string]any)["scope"], " ", strings.Join(d.Reasons, "; ")))
		}
	}
	want := []string{
		"network/10.0.0.0/29 port.scan tcp/10.0.0.0/29 2 <nil> internal ",
		"host/10.0.0.2 port.scan tcp/10.0.0.2 1 <nil> internal ",
		"host/10.0.0.2 port.scanned tcp/10.0.0.2:80 <nil> open internal ",
		"host/10.0.0.8 port.scan tcp/10.0.0.8 1 <nil> internal ",
		"host/10.0.0.8 port.scanned tcp/10.0.0.8:80 <nil> filtered internal ",
		"host/192.0.2.1 port.scan tcp/192.0.2.1 1 <nil> <nil> 1 ports could not be asked from here (no route, or a filter of this machine): tcp of 192.0.2.1",
		"host/192.0.2.1 port.scanned tcp/192.0.2.1:80 <nil> unknown <nil> 1 ports could not be asked from here (no route, or a filter of this machine): tcp of 192.0.2.1",
		"host/10.0.0.9 port.scan tcp/10.0.0.9 1 <nil> internal answers are likely to be lost, about 30 % of them: tcp of 10.0.0.9; a lower rate or more retries may bring them",
		"host/10.0.0.9 port.scanned tcp/10.0.0.9:80 <nil> open internal answers are likely to be lost, about 30 % of them: tcp of 10.0.0.9; a lower rate or more retries may bring them",
		"host/10.0.0.10 port.scan tcp/10.0.0.10 1 <nil> internal the scan ended before every port was asked: tcp of 10.0.0.10",
		"host/10.0.0.10 port.scanned tcp/10.0.0.10:80 <nil> closed internal the scan ended before every port was asked: tcp of 10.0.0.10",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
}

// What cannot be asked is an error, and nothing is sent.
func TestScanRefused(t *testing.T) {
	for address, want := range map[string]string{
		"10.0.0.0/8:all":        "more than 1048576",
		"127.0.0.1:1?speed=1":   "no parameter of a scan",
		"no such host:1":        "no host name",
		"127.0.0.1:1?vantage=x": "is none of",
	} {
		_, err := Collector{}.Collect(context.Background(), &collectors.Env{Address: address})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
