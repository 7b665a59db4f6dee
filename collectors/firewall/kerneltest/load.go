//go:build linux

package kerneltest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// load replaces all rules and lists them.
func (h *host) load(r Ruleset) (Listing, error) {
	h.translates = false
	for _, text := range r {
		for _, word := range []string{"dnat", "redirect", "DNAT", "REDIRECT", "NETMAP"} {
			h.translates = h.translates || strings.Contains(text, word)
		}
	}
	if err := h.clear(r); err != nil {
		return nil, err
	}
	// Sets of ipset are there before rules name them, and tables of iptables-nft
	// before native rules are put into them.
	for _, part := range Parts() {
		text := r[part]
		if strings.TrimSpace(text) == "" || part == NFT {
			continue
		}
		if err := h.loadPart(part, text); err != nil {
			return nil, err
		}
	}
	if err := h.run(nil, observer+r[NFT], "nft", "-f", "-"); err != nil {
		return nil, err
	}
	return h.list()
}

// clear takes away what is there.
func (h *host) clear(r Ruleset) error {
	if err := h.run(nil, "flush ruleset", "nft", "-f", "-"); err != nil {
		return err
	}
	for _, part := range []string{IPTablesLegacy, IP6TablesLegacy} {
		var b strings.Builder
		for name := range h.used {
			if table, ok := strings.CutPrefix(name, part+" "); ok {
				fmt.Fprintf(&b, "*%s\nCOMMIT\n", table)
			}
		}
		if b.Len() > 0 {
			text := b.String()
			for table, chains := range map[string]string{"filter": "INPUT FORWARD OUTPUT", "mangle": "PREROUTING INPUT FORWARD OUTPUT POSTROUTING", "raw": "PREROUTING OUTPUT", "nat": "PREROUTING INPUT OUTPUT POSTROUTING", "security": "INPUT FORWARD OUTPUT"} {
				var empty string
				for _, c := range strings.Fields(chains) {
					empty += ":" + c + " ACCEPT [0:0]\n"
				}
				text = strings.ReplaceAll(text, "*"+table+"\n", "*"+table+"\n"+empty)
			}
			if err := h.run(nil, text, part+"-restore"); err != nil {
				return err
			}
		}
	}
	if h.used[IPSet] {
		h.used[IPSet] = false
		if err := h.run(nil, "destroy\n", "ipset", "restore"); err != nil {
			return err
		}
	}
	if h.used[Container] || len(h.used) == 0 {
		h.used[Container] = false
		return h.run(h.box, "flush ruleset\n"+observer, "nft", "-f", "-")
	}
	return nil
}

func (h *host) loadPart(part, text string) error {
	switch part {
	case Container:
		h.used[Container] = true
		return h.run(h.box, "flush ruleset\n"+observer+text, "nft", "-f", "-")
	case IPSet:
		h.used[IPSet] = true
		return h.run(nil, text, "ipset", "restore")
	case IPTablesLegacy, IP6TablesLegacy:
		for _, line := range strings.Split(text, "\n") {
			if table, ok := strings.CutPrefix(line, "*"); ok {
				h.used[part+" "+strings.TrimSpace(table)] = true
			}
		}
	}
	return h.run(nil, text, part+"-restore")
}

// list asks every program for what it shows.
func (h *host) list() (Listing, error) {
	out := Listing{}
	ask := func(where *place, part, name string, args ...string) error {
		text, err := h.output(where, "", name, args...)
		if err != nil {
			return err
		}
		out[part] = string(text)
		return nil
	}
	if err := ask(nil, NFT, "nft", "-j", "list", "ruleset"); err != nil {
		return nil, err
	}
	for _, part := range []string{IPTablesNFT, IP6TablesNFT, IPTablesLegacy, IP6TablesLegacy} {
		if strings.HasSuffix(part, "legacy") && !h.hasTables(part) {
			continue // and without root it could not be listed
		}
		if err := ask(nil, part, part+"-save", "-c"); err != nil {
			return nil, err
		}
	}
	if h.used[IPSet] {
		if err := ask(nil, IPSet, "ipset", "save"); err != nil {
			return nil, err
		}
	}
	if h.used[Container] {
		return out, ask(h.box, Container, "nft", "-j", "list", "ruleset")
	}
	return out, nil
}

// hasTables reports whether tables of iptables-legacy were ever loaded.
func (h *host) hasTables(part string) bool {
	for name := range h.used {
		if strings.HasPrefix(name, part+" ") {
			return true
		}
	}
	return false
}

func (h *host) run(where *place, text, name string, args ...string) error {
	_, err := h.output(where, text, name, args...)
	return err
}

// inBox says in an error that it was in the container's namespace.
const inBox = " (box)"

// output runs a program in the host's namespace, or another.
func (h *host) output(where *place, text, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(program(name), args...)
	cmd.Stdin = strings.NewReader(text)
	cmd.Env = append(os.Environ(), "XTABLES_LOCKFILE="+filepath.Join(h.dir, "lock"), "LC_ALL=C")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	run := cmd.Run
	var err error
	if where == nil {
		err = run()
	} else {
		err = where.do(run)
	}
	if err != nil {
		if where != nil {
			name += inBox
		}
		return nil, fmt.Errorf("%w: %s: %v: %s", ErrRules, name, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}
