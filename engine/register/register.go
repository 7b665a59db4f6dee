package register

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/writ-policy/writ/engine/fact"
)

// Target is the target of the register's own facts.
const Target = "register"

// File is a register file, by its name relative to the repository root. Names
// ending in ".json" are HCL's JSON syntax.
type File struct {
	Name string
	Data []byte
}

// Register is the documented plan. Lists are sorted by name. The zero Register
// is the empty one. It is not changed after [Read], and safe for concurrent use.
type Register struct {
	Controllers []*Controller
	Networks    []*Network
	Services    []*Service
	Ports       []*Port // of all services
	Datasets    []*Dataset
	Processors  []*Processor
	Waivers     []*Waiver
	Changes     []*Change
	Allowances  []*Allowance

	// Digest is "sha256:…" over the files' names and contents, "" without files.
	Digest string
	// Errors say what could not be used; the register.* facts are incomplete then.
	Errors []string

	files  []File
	reason string // of the gaps that the first error leaves, "" without errors
	lost   string // why services may be missing or not be where they should
}

// Read decodes register files, in the order of their names. What is wrong with
// them is in the diagnostics, in the order of files and lines; what remains
// usable is in the register, whose Errors then say that it is not whole.
func Read(files []File) (*Register, []fact.Diagnostic) {
	r := &Register{files: slices.SortedFunc(slices.Values(files), func(a, b File) int { return strings.Compare(a.Name, b.Name) })}
	r.Digest = digest(r.files)
	d := newDecoder()
	whole := true
	for _, f := range r.files {
		body := d.parse(f)
		if body == nil {
			whole, r.lost = false, f.Name+" cannot be read"
			continue
		}
		r.decode(d, f.Name, body)
	}
	r.sort()
	r.check(d, whole)
	slices.SortStableFunc(d.diagnostics, byPosition)
	for _, x := range d.diagnostics {
		if x.Severity != "error" {
			continue
		}
		if len(r.Errors) == 0 {
			r.reason = "the register is not valid: " + x.Pos.String() + ": " + x.Summary
		}
		r.Errors = append(r.Errors, x.Error())
	}
	return r, d.diagnostics
}

func digest(files []File) string {
	if len(files) == 0 {
		return ""
	}
	all := sha256.New()
	for _, f := range files {
		one := sha256.Sum256(f.Data)
		fmt.Fprintf(all, "%q %x\n", f.Name, one)
	}
	return "sha256:" + hex.EncodeToString(all.Sum(nil))
}

func byPosition(a, b fact.Diagnostic) int {
	return cmp.Or(strings.Compare(a.Pos.Source, b.Pos.Source), a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
}

func (r *Register) decode(d *decoder, name string, body hcl.Body) {
	top := d.open("A register", body, fact.Position{Source: name, Line: 1}, map[string]int{
		"controller": 1, "network": 1, "service": 1, "dataset": 1, "processor": 1, "waiver": 1, "change": 1, "allow": 1,
	})
	top.close()
	if top.broken || len(top.attrs) > 0 {
		r.lost = name + " has blocks that cannot be read"
	}
	for _, b := range top.nested["controller"] {
		r.Controllers = append(r.Controllers, d.controller(b))
	}
	for _, b := range top.nested["network"] {
		r.Networks = append(r.Networks, d.network(b))
	}
	for _, b := range top.nested["service"] {
		s := d.service(b)
		r.Services, r.Ports = append(r.Services, s), append(r.Ports, s.Ports...)
	}
	for _, b := range top.nested["dataset"] {
		r.Datasets = append(r.Datasets, d.dataset(b))
	}
	for _, b := range top.nested["processor"] {
		r.Processors = append(r.Processors, d.processor(b))
	}
	for _, b := range top.nested["waiver"] {
		r.Waivers = append(r.Waivers, d.waiver(b))
	}
	for _, b := range top.nested["change"] {
		r.Changes = append(r.Changes, d.change(b))
	}
	for _, b := range top.nested["allow"] {
		r.Allowances = append(r.Allowances, d.allowance(b))
	}
}

// sort orders every list by name, and equal names by position.
func (r *Register) sort() {
	slices.SortStableFunc(r.Controllers, func(a, b *Controller) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(r.Networks, func(a, b *Network) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(r.Services, func(a, b *Service) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(r.Ports, func(a, b *Port) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.Datasets, func(a, b *Dataset) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(r.Processors, func(a, b *Processor) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(r.Waivers, func(a, b *Waiver) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.Allowances, func(a, b *Allowance) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), slices.Compare(a.Files, b.Files))
	})
	slices.SortStableFunc(r.Changes, func(a, b *Change) int { return strings.Compare(a.Name, b.Name) })
}

// blockAt is the position of a block, down to its last line where that is known.
func blockAt(b *hcl.Block) fact.Position {
	at := position(b.DefRange)
	if body, ok := b.Body.(*hclsyntax.Body); ok {
		at.EndLine = max(at.EndLine, body.EndRange.End.Line)
	}
	return at
}

// label checks a block's name.
func (b *block) label(h *hcl.Block) string {
	name := h.Labels[0]
	if name == "" || strings.TrimSpace(name) != name || strings.ContainsAny(name, "#/*") || strings.ContainsFunc(name, unicode.IsControl) {
		b.d.problem(position(h.LabelRanges[0]), "Invalid name", quote(name)+` is not a name: it must not be empty, begin or end with a blank, or hold "/", "#" or "*".`, "")
		b.entry.invalid["name"] = "not valid in the register (" + b.entry.Pos.String() + ")"
	}
	return name
}
