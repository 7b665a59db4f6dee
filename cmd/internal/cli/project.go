package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
	supplied    []finding.Supply
	diagnostics []fact.Diagnostic
	trusted     bool            // the project file comes from --config
	used        map[string]bool // waivers that covered something
}

// project finds and reads the plan: --config, else writ.hcl of the first source,
// from the named folder upwards.
func (s *session) project(f *flags) (*project, error) {
	p := &project{used: map[string]bool{}, gate: "low", register: &register.Register{}}
	data, name, fsys := s.ownProject()
	if f.config != "" {
		if _, err := os.Stat(f.config); err != nil {
			return nil, fmt.Errorf("read --config: %w", err)
		}
		if data != nil {
			p.inert(data, name)
		}
		p.trusted = true
		fsys, name = os.DirFS(f.config), projectFile
		var err error
		if data, err = fs.ReadFile(fsys, projectFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read --config: %w", err)
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
		files = p.take(fsys, path.Dir(name))
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

// ownProject looks for writ.hcl from the first named folder up to its root.
func (s *session) ownProject() (data []byte, name string, fsys fs.FS) {
	if len(s.sources) == 0 || s.sources[0].input != nil {
		return nil, "", nil
	}
	tree := s.sources[0].env.Tree
	dir := tree.Dir
	if info, err := fs.Stat(tree.FS, dir); err != nil || !info.IsDir() {
		dir = path.Dir(dir)
	}
	for {
		name := path.Join(dir, projectFile)
		if data, err := fs.ReadFile(tree.FS, name); err == nil {
			s.sources[0].env.MarkRead(name, "")
			return data, name, tree.FS
		}
		if dir == "." || dir == "/" {
			return nil, "", nil
		}
		dir = path.Dir(dir)
	}
}

// inert lists what the checked tree's own project file would have supplied.
func (p *project) inert(data []byte, name string) {
	file, _ := register.ReadProject(data, name)
	dir := path.Dir(name)
	note := func(what, name string, at fact.Position) {
		p.supplied = append(p.supplied, finding.Supply{What: what, Name: name, Source: at.String(), Inert: true})
	}
	if file.Gate.Value != "" {
		note("gate", file.Gate.Value, file.Gate.Pos)
	}
	for _, each := range file.Policies {
		note("policy", path.Join(dir, each.Value), each.Pos)
	}
	for _, each := range file.Registers {
		note("register", path.Join(dir, each.Value), each.Pos)
	}
	for _, each := range file.Params {
		note("parameter", each.Key, each.Pos)
	}
}

// take applies the project file: its register files are returned, its policies
// opened, its gate set.
func (p *project) take(fsys fs.FS, dir string) []register.File {
	own := p.file
	supply := func(what, name string, at fact.Position, weaker bool) {
		if !p.trusted {
			p.supplied = append(p.supplied, finding.Supply{What: what, Name: name, Source: at.String(), Weaker: weaker})
		}
	}
	if g := own.Gate; g.Value != "" {
		p.gate = g.Value
		supply("gate", g.Value, g.Pos, g.Value != "low")
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
		supply("policy", path.Join(dir, each.Value), each.Pos, false)
	}
	var files []register.File
	for _, each := range own.Registers {
		found, err := treeFiles(fsys, path.Join(dir, each.Value))
		if err != nil {
			p.diagnostics = append(p.diagnostics, missing("register", each.Value, each.Pos))
			continue
		}
		files = append(files, found...)
		supply("register", path.Join(dir, each.Value), each.Pos, false)
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
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		if len(data) > maxRegister {
			return fmt.Errorf("%s is larger than %d MiB", p, maxRegister>>20)
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

// join adds the register and what it says to the session's documents, derives,
// and returns the systems.
func (s *session) join(ctx context.Context, p *project, set *control.Set) map[string]string {
	var targets []string
	for _, d := range s.docs {
		targets = append(targets, d.Target.ID)
	}
	systems := p.register.Systems(targets)
	collected := slices.Clone(s.docs)
	options := register.Options{Now: s.now, Params: set.Params.Tree()}
	planned := p.register.Documents(s.now)
	for _, d := range planned {
		for _, item := range d.Items {
			s.redactor.LearnValue(map[string]any(item))
		}
	}
	s.docs = append(s.docs, planned...)
	s.diagnostics = append(s.diagnostics, p.register.Annotate(s.valid(s.docs), options)...)
	made := s.derive(ctx, systems)
	first := len(s.docs)
	s.add(made, "what was derived")
	run := runDocument(s, p, set, collected)
	s.docs = append(s.docs, run)
	s.diagnostics = append(s.diagnostics, p.register.Annotate(s.valid(s.docs[first:]), options)...)
	p.register.Link(s.valid(s.docs))
	for _, kind := range []string{"run", "register.change", "register.dataset", "register.network", "register.port", "register.processor", "register.service", "register.waiver"} {
		s.yields[kind] = true
	}
	return systems
}

// valid leaves out documents that broke their contract.
func (s *session) valid(docs []*fact.Document) []*fact.Document {
	return slices.DeleteFunc(slices.Clone(docs), func(d *fact.Document) bool { return len(s.invalid[d]) > 0 })
}

// known reads --baseline.
func (f *flags) known() (register.Baseline, error) {
	if f.baseline == "" {
		return nil, nil
	}
	data, err := os.ReadFile(f.baseline)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
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
		return nil, fmt.Errorf("read register: %w", err)
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
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxRegister {
		return nil, fmt.Errorf("%s is not a regular file of at most %d MiB", name, maxRegister>>20)
	}
	return os.ReadFile(name)
}
