package register

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Project is the project file, writ.hcl:
//
//	registers = ["register"]
//	policies  = ["policy"]
//	gate      = "low"
//	pinned    = "sha256:…"              # digest of the policies that were approved
//	params    = { "log.regimes.own.security_audit.max_days" = 400 }
//
// Paths are relative to the file, with "/"; they stay below its folder.
type Project struct {
	Name      string // of the file
	Registers []Setting[string]
	Policies  []Setting[string]
	Gate      Setting[string]
	Pinned    Setting[string]
	Params    []Param // sorted by key
}

// Setting is a value and where it stands; the zero Position if it is not set.
type Setting[T any] struct {
	Value T
	Pos   fact.Position
}

// Param is a parameter by its dotted key. Value is a string, bool, json.Number,
// []any or map[string]any.
type Param struct {
	Key   string
	Value any
	Pos   fact.Position
}

// Gates are the values of gate.
var gates = [...]string{"low", "medium", "high", "critical", "none"}

// ReadProject decodes a project file. What is wrong with it is in the
// diagnostics, in the order of lines.
func ReadProject(data []byte, name string) (*Project, []fact.Diagnostic) {
	p, d := &Project{Name: name}, newDecoder()
	body := d.parse(File{name, data})
	if body == nil {
		return p, d.diagnostics
	}
	b := d.open("A project file", body, fact.Position{Source: name, Line: 1}, nil)
	p.Registers, p.Policies = b.paths("registers"), b.paths("policies")
	if gate := b.choice("gate", "", gates[:]...); gate != "" {
		p.Gate = Setting[string]{gate, b.entry.At("gate")}
	}
	if pinned := b.text("pinned"); pinned != "" {
		p.Pinned = Setting[string]{pinned, b.entry.At("pinned")}
		if !isDigest(pinned) {
			b.refuse("pinned", p.Pinned.Pos, quote(pinned)+" is no digest.", `Write "sha256:" and 64 digits, as a report has it under "run", "policies".`)
		}
	}
	p.Params = b.params("params")
	b.close()
	slices.SortStableFunc(d.diagnostics, byPosition)
	return p, d.diagnostics
}

// isDigest reports whether a text is a digest as reports write it.
func isDigest(s string) bool {
	digits, ok := strings.CutPrefix(s, "sha256:")
	_, err := hex.DecodeString(digits)
	return ok && err == nil && len(digits) == 64 && digits == strings.ToLower(digits)
}

func (b *block) paths(name string) []Setting[string] {
	var out []Setting[string]
	for _, l := range b.elements(name) {
		s := l.value.(string)
		if strings.HasPrefix(s, "/") || strings.Contains(s, `\`) || slices.Contains(strings.Split(s, "/"), "..") {
			b.refuse(name, l.at, quote(s)+" leads out of the project.", `Paths are relative to the project file, for example "register".`)
			continue
		}
		out = append(out, Setting[string]{s, l.at})
	}
	return out
}

func (b *block) params(name string) []Param {
	l, ok := b.literal(name)
	if !ok {
		return nil
	}
	members, ok := l.value.([]member)
	if !ok {
		b.refuse(name, l.at, "An object is needed, this is "+l.what()+".", `Write { "log.tolerance_days" = 3 }.`)
		return nil
	}
	var out []Param
	for _, m := range members {
		if slices.Contains(strings.Split(m.key, "."), "") {
			b.refuse(name, m.at, quote(m.key)+" is not the key of a parameter.", "")
			continue
		}
		out = append(out, Param{m.key, m.value.plain(), m.at})
	}
	slices.SortFunc(out, func(a, b Param) int { return strings.Compare(a.Key, b.Key) })
	for _, a := range out {
		for _, c := range out {
			if strings.HasPrefix(c.Key, a.Key+".") {
				b.refuse(name, c.Pos, quote(c.Key)+" is also a part of "+quote(a.Key)+".", "Write the one or the other.")
			}
		}
	}
	return out
}
