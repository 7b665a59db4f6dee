package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/register"
)

// projectFile is the name of the optional project file.
const projectFile = "writ.hcl"

// maxRegister bounds a register or project file.
const maxRegister = 16 << 20

// project is the plan in force: project file, register, policies, gate. What is
// checked is not trusted: what its own tree supplies is listed in every report,
// and inert where --config names a trusted folder.
type project struct {
	file        *register.Project
	register    *register.Register
	policies    []control.Source
	gate        string
	pinned      string // digest of the approved policies; what is checked cannot say it
	supplied    []finding.Supply
	diagnostics []fact.Diagnostic
	trusted     bool            // the project file comes from --config
	used        map[string]bool // waivers that covered something
}

// project finds and reads the plan: --config, else writ.hcl of the first source,
// from the named folder upwards.
func (s *session) project(f *flags) (*project, error) {
	p := &project{used: map[string]bool{}, gate: "low", register: &register.Register{}}
	data, name, fsys, unread := ownProject(s.sources[0])
	for _, src := range s.sources[1:] {
		if other, at, tree, _ := ownProject(src); other != nil && (tree != fsys || at != name) {
			p.inert(other, at, tree) // one plan decides a run: the first source's
		}
	}
	if f.config == "" && unread != nil {
		p.diagnostics = append(p.diagnostics, *unread)
	}
	if f.config != "" {
		if info, err := os.Stat(f.config); err != nil {
			return nil, fmt.Errorf("read --config %s: %w", f.config, unwrapPath(err))
		} else if !info.IsDir() {
			return nil, fmt.Errorf("read --config %s: it is not a folder", f.config)
		}
		if data != nil {
			p.inert(data, name, fsys)
		}
		p.trusted = true
		fsys, name = collectors.Regular{FS: os.DirFS(f.config)}, projectFile
		var err error
		if data, err = collectors.ReadFile(fsys, projectFile, maxRegister); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read --config %s: %s: %w", f.config, projectFile, err)
		}
	}
	var files []register.File
	var err error
	if data != nil {
		shown := name
		if p.trusted {
			shown = path.Join(filepath.ToSlash(f.config), name)
		}
		var diagnostics []fact.Diagnostic
		p.file, diagnostics = register.ReadProject(data, shown)
		p.diagnostics = append(p.diagnostics, fatally(diagnostics)...)
		files = p.take(fsys, path.Dir(name), f)
	}
	if len(f.registers) > 0 {
		if files, err = registerFiles(f.registers); err != nil {
			return nil, err
		}
	}
	r, diagnostics := register.Read(files)
	p.register = r
	p.diagnostics = append(p.diagnostics, fatally(diagnostics)...)
	p.listWaivers(len(f.registers) > 0)
	if f.gate != "" {
		if err := checkGate(f.gate, "--gate"); err != nil {
			return nil, err
		}
		p.gate = f.gate
	}
	return p, nil
}

// ownProject looks for writ.hcl from a source up to its root; for a host in the
// current folder.
func ownProject(src *source) (data []byte, name string, fsys fs.FS, unread *fact.Diagnostic) {
	if src.input != nil {
		return nil, "", nil, nil
	}
	tree := src.env.Tree
	if tree == nil {
		tree = src.plan
	}
	if tree == nil {
		return nil, "", nil, nil
	}
	dir := tree.Dir
	if info, err := fs.Stat(tree.FS, dir); err != nil || !info.IsDir() {
		dir = path.Dir(dir)
	}
	for {
		name := path.Join(dir, projectFile)
		data, err := collectors.ReadFile(tree.FS, name, maxRegister)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, "", nil, &fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read project file", Detail: err.Error(), Pos: fact.Position{Source: name}}
		}
		if err == nil {
			src.env.MarkRead(name, "")
			return data, name, tree.FS, nil
		}
		if dir == "." || dir == "/" {
			return nil, "", nil, nil
		}
		dir = path.Dir(dir)
	}
}

// inert lists what the checked tree's own project file would have supplied.
func (p *project) inert(data []byte, name string, fsys fs.FS) {
	file, _ := register.ReadProject(data, name)
	dir := path.Dir(name)
	note := func(what, name string, at fact.Position) {
		p.supplied = append(p.supplied, finding.Supply{What: what, Name: name, Source: at.String(), Inert: true})
	}
	if file.Gate.Value != "" {
		note("gate", file.Gate.Value, file.Gate.Pos)
	}
	if file.Pinned.Value != "" {
		note("pin", file.Pinned.Value, file.Pinned.Pos)
	}
	for _, each := range file.Policies {
		note("policy", path.Join(dir, each.Value), each.Pos)
	}
	for _, each := range file.Registers {
		note("register", path.Join(dir, each.Value), each.Pos)
		files, _ := treeFiles(fsys, path.Join(dir, each.Value))
		own, _ := register.Read(files)
		for _, w := range own.Waivers {
			note("waiver", w.ID, w.Pos)
		}
	}
	for _, each := range file.Params {
		note("parameter", each.Key, each.Pos)
	}
}

// take applies the project file: its register files are returned, its policies
// opened, its gate set. What a flag decides instead has no effect.
func (p *project) take(fsys fs.FS, dir string, f *flags) []register.File {
	own := p.file
	supply := func(what, name string, at fact.Position, weaker, beaten bool) {
		if !p.trusted {
			p.supplied = append(p.supplied, finding.Supply{What: what, Name: name, Source: at.String(), Weaker: weaker && !beaten, Inert: beaten})
		}
	}
	if g := own.Gate; g.Value != "" {
		p.gate = g.Value
		supply("gate", g.Value, g.Pos, g.Value != "low", f.gate != "")
	}
	if pin := own.Pinned; p.trusted {
		p.pinned = pin.Value
	} else if pin.Value != "" {
		supply("pin", pin.Value, pin.Pos, false, true)
	}
	for _, each := range own.Policies {
		sub, err := fs.Sub(fsys, path.Join(dir, each.Value))
		if err == nil {
			_, err = fs.Stat(sub, ".")
		}
		if err != nil {
			p.diagnostics = append(p.diagnostics, missing("policy folder", each.Value, each.Pos))
			continue
		}
		p.policies = append(p.policies, control.Source{Name: path.Join(dir, each.Value), FS: sub})
		supply("policy", path.Join(dir, each.Value), each.Pos, false, false)
	}
	var files []register.File
	for _, each := range own.Registers {
		found, err := treeFiles(fsys, path.Join(dir, each.Value))
		if err != nil {
			p.diagnostics = append(p.diagnostics, missing("register", each.Value, each.Pos))
			continue
		}
		files = append(files, found...)
		supply("register", path.Join(dir, each.Value), each.Pos, false, len(f.registers) > 0)
	}
	return files
}

func missing(what, name string, at fact.Position) fact.Diagnostic {
	return fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read " + what,
		Detail: fmt.Sprintf("%s is not there", name), Hint: "paths are relative to " + projectFile, Pos: at}
}

// treeFiles reads a register file, or those of a folder, from a file system.
func treeFiles(fsys fs.FS, name string) ([]register.File, error) {
	var out []register.File
	err := fs.WalkDir(fsys, name, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || !isRegister(p) && p != name {
			return nil
		}
		data, err := collectors.ReadFile(fsys, p, maxRegister)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		out = append(out, register.File{Name: p, Data: data})
		return nil
	})
	return out, err
}

func isRegister(name string) bool {
	return (strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".hcl.json")) && path.Base(name) != projectFile
}

// listWaivers lists waivers that the checked tree grants itself.
func (p *project) listWaivers(fromFlag bool) {
	if p.trusted || fromFlag {
		return
	}
	for _, w := range p.register.Waivers {
		p.supplied = append(p.supplied, finding.Supply{What: "waiver", Name: w.ID, Source: w.Pos.String(), Weaker: true})
	}
	for _, a := range p.register.Allowances {
		p.supplied = append(p.supplied, finding.Supply{What: "allowance", Name: a.Name(), Source: a.Pos.String(), Weaker: true})
	}
}

// apply sets the project file's parameters.
func (p *project) apply(params *control.Parameters) []fact.Diagnostic {
	if p.file == nil {
		return nil
	}
	var out []fact.Diagnostic
	for _, each := range p.file.Params {
		if err := params.Set(each.Key, each.Value, each.Pos.String()); err != nil {
			out = append(out, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "invalid parameter", Detail: err.Error(), Pos: each.Pos})
			continue
		}
		if !p.trusted {
			// Whether a value is weaker depends on the control: any change is marked.
			p.supplied = append(p.supplied, finding.Supply{What: "parameter", Name: each.Key, Source: each.Pos.String(), Weaker: true})
		}
	}
	return out
}

// waive covers failures; an evaluation asks from several workers.
func (p *project) waive(now time.Time) func(*finding.Finding) *finding.Waiver {
	return func(f *finding.Finding) *finding.Waiver {
		w, why := p.register.Waive(f, now)
		if w == nil && why != "" {
			f.Reasons = append(f.Reasons, why)
		}
		return w
	}
}

func (p *project) unmatched() []*register.Waiver { return p.register.Unmatched(p.used) }

// known reads --baseline.
func (f *flags) known() (register.Baseline, error) {
	if f.baseline == "" {
		return nil, nil
	}
	data, err := os.ReadFile(f.baseline)
	if err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", f.baseline, unwrapPath(err))
	}
	known, err := register.ReadBaseline(data)
	if err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", f.baseline, err)
	}
	return known, nil
}

// hclFiles lists the register files of a folder, or the one file named.
func hclFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read register %s: %w", name, unwrapPath(err))
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	var out []string
	err = filepath.WalkDir(name, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && isRegister(filepath.ToSlash(p)) {
			out = append(out, p)
		}
		return err
	})
	return out, err
}

func readBounded(name string) ([]byte, error) {
	return collectors.ReadFile(os.DirFS(filepath.Dir(name)), filepath.Base(name), maxRegister)
}
