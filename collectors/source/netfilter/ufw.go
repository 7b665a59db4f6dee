package netfilter

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// ReadUFW reads the rules that ufw keeps in /etc/ufw, with the chains and jumps that
// its start script makes around them, as iptables would show them; empty where it is
// switched off. read returns a file by its name without the first "/"; ok is false
// where there is none. What ufw says of a rule (comment=) is the rule's comment.
//
// The frame is that of ufw 0.36 (ufw-init-functions).
func ReadUFW(read func(name string) (data []byte, ok bool)) (*Ruleset, []fact.Diagnostic) {
	conf, ok := read("etc/ufw/ufw.conf")
	if !ok || !strings.EqualFold(shellValue(conf, "ENABLED"), "yes") {
		return &Ruleset{}, nil
	}
	defaults, _ := read("etc/default/ufw")
	u := &ufw{read: read, input: shellValue(defaults, "DEFAULT_INPUT_POLICY"), output: shellValue(defaults, "DEFAULT_OUTPUT_POLICY"), forward: shellValue(defaults, "DEFAULT_FORWARD_POLICY")}
	out := &Ruleset{}
	problems := u.family(out, IPv4, "")
	if strings.EqualFold(shellValue(defaults, "IPV6"), "yes") {
		problems = append(problems, u.family(out, IPv6, "6")...)
	} else {
		closed := "*filter\n:INPUT DROP\n:FORWARD DROP\n:OUTPUT DROP\n-A INPUT -i lo -j ACCEPT\n-A OUTPUT -o lo -j ACCEPT\nCOMMIT\n"
		r, _ := ReadSave("/etc/default/ufw", []byte(closed), Options{Backend: IPTablesNFT, Family: IPv6})
		out.Tables = append(out.Tables, r.Tables...)
	}
	identify(out.Tables)
	return out, problems
}

// shellValue reads NAME=value or NAME="value" of a file that a shell reads; the last
// one counts.
func shellValue(data []byte, name string) string {
	value := ""
	for _, line := range strings.Split(string(data), "\n") {
		if v, found := strings.CutPrefix(strings.TrimSpace(line), name+"="); found {
			value = strings.Trim(strings.TrimSpace(v), `"'`)
		}
	}
	return value
}

type ufw struct {
	read                   func(string) ([]byte, bool)
	input, output, forward string
}

// family reads the rules for one family.
func (u *ufw) family(out *Ruleset, f Family, six string) []fact.Diagnostic {
	s := &save{Options: Options{Backend: IPTablesNFT, Family: f}}
	texts := map[string][]ufwLine{}
	var tables []string
	add := func(source string, data []byte) {
		table := ""
		for i, line := range bytes.Split(data, []byte("\n")) {
			text := plain(strings.TrimRight(string(line), "\r"))
			if name, found := strings.CutPrefix(text, "*"); found {
				if table = strings.TrimSpace(name); !slices.Contains(tables, table) {
					tables = append(tables, table)
				}
				continue
			}
			if strings.TrimSpace(text) == "COMMIT" {
				table = ""
				continue
			}
			texts[table] = append(texts[table], ufwLine{source, i + 1, text})
		}
	}
	add("/etc/default/ufw", []byte(u.frame("ufw"+six+"-")))
	for _, name := range []string{"etc/ufw/before" + six + ".rules", "etc/ufw/after" + six + ".rules", "etc/ufw/user" + six + ".rules"} {
		data, ok := u.read(name)
		if !ok {
			s.source = "/" + name
			s.lost(0, name, "the file is not there or cannot be read")
			continue
		}
		add("/"+name, data)
	}
	add("/etc/default/ufw", []byte(hooks("ufw"+six+"-")))
	for _, line := range texts[""] {
		if t := strings.TrimSpace(line.text); t != "" && t[0] != '#' {
			s.source = line.source
			s.lost(line.number, line.text, "a line outside of a table")
		}
	}
	for _, table := range tables {
		s.source, s.beside = "/etc/default/ufw", ""
		s.table, s.chains, s.raw = &Table{Backend: IPTablesNFT, Family: f, Name: table, Pos: fact.Position{Source: s.source}}, map[string]*Chain{}, nil
		for _, line := range texts[table] {
			s.source = line.source
			s.ufwLine(line)
		}
		s.commit()
	}
	for _, name := range []string{"etc/ufw/before.init", "etc/ufw/after.init"} {
		if _, ok := u.read(name + "#executable"); ok && six == "" {
			s.source = "/" + name
			s.lost(0, name, "ufw runs the program, which may change anything")
		}
	}
	out.Tables = append(out.Tables, s.rules.Tables...)
	return s.all()
}

type ufwLine struct {
	source string
	number int
	text   string
}

// ufwLine reads a line of a table: chains that are declared again are emptied.
func (s *save) ufwLine(line ufwLine) {
	text := strings.TrimSpace(line.text)
	if strings.HasPrefix(line.source, "/etc/default/") {
		s.beside = ""
	}
	switch {
	case strings.HasPrefix(text, "### tuple ###"):
		s.beside = ""
		for _, word := range strings.Fields(text) {
			if code, found := strings.CutPrefix(word, "comment="); found {
				if data, err := hex.DecodeString(code); err == nil {
					s.beside = plain(string(data))
				}
			}
		}
	case strings.HasPrefix(text, "###"):
		s.beside = ""
	case strings.HasPrefix(text, ":"):
		if name, _, found := strings.Cut(text[1:], " "); found && s.chains[name] != nil && s.chains[name].Hook == Regular {
			c := s.chains[name]
			s.raw = slices.DeleteFunc(s.raw, func(r rawRule) bool { return r.chain == c })
			return
		}
		s.declare(line.number, text)
	default:
		s.line(line.number, line.text)
	}
}

// frame is what ufw's start makes before it loads its files.
func (u *ufw) frame(prefix string) string {
	var b strings.Builder
	policy := func(p string) string {
		if p == "ACCEPT" {
			return "ACCEPT"
		}
		return "DROP"
	}
	directions := []struct{ chain, name, policy string }{{"INPUT", "input", u.input}, {"OUTPUT", "output", u.output}, {"FORWARD", "forward", u.forward}}
	b.WriteString("*filter\n")
	for _, d := range directions {
		fmt.Fprintf(&b, ":%s %s\n", d.chain, policy(d.policy))
	}
	for _, d := range directions {
		for _, stage := range []string{"before-logging", "before", "after", "after-logging", "reject", "track"} {
			fmt.Fprintf(&b, ":%s%s-%s -\n-A %s -j %s%s-%s\n", prefix, stage, d.name, d.chain, prefix, stage, d.name)
		}
		switch d.policy {
		case "REJECT":
			fmt.Fprintf(&b, "-A %sreject-%s -j REJECT\n", prefix, d.name)
		case "ACCEPT":
			for _, protocol := range []string{"tcp", "udp"} {
				fmt.Fprintf(&b, "-A %strack-%s -p %s -m conntrack --ctstate NEW -j ACCEPT\n", prefix, d.name, protocol)
			}
		}
	}
	fmt.Fprintf(&b, ":%slogging-deny -\n:%slogging-allow -\n", prefix, prefix)
	for _, d := range directions {
		fmt.Fprintf(&b, ":%sskip-to-policy-%s -\n-A %sskip-to-policy-%s -j %s\n", prefix, d.name, prefix, d.name, map[string]string{"ACCEPT": "ACCEPT", "REJECT": "REJECT"}[d.policy]+map[bool]string{true: "DROP"}[d.policy != "ACCEPT" && d.policy != "REJECT"])
	}
	for _, d := range directions {
		fmt.Fprintf(&b, ":%suser-%s -\n:%suser-logging-%s -\n", prefix, d.name, prefix, d.name)
	}
	fmt.Fprintf(&b, ":%suser-limit -\n:%suser-limit-accept -\n", prefix, prefix)
	b.WriteString("COMMIT\n")
	return b.String()
}

// hooks is what its start adds when the files are loaded.
func hooks(prefix string) string {
	var b strings.Builder
	b.WriteString("*filter\n")
	for _, d := range []string{"input", "output", "forward"} {
		fmt.Fprintf(&b, "-A %sbefore-%s -j %suser-%s\n", prefix, d, prefix, d)
	}
	b.WriteString("COMMIT\n")
	return b.String()
}
