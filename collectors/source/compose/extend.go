package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
)

// extend fills in, for each service of a file, what it extends.
func (p *loading) extend(cfg *Value, file, dir string, vars *environment) *Value {
	services := cfg.Get("services")
	if services == nil || services.Kind != object || !slices.ContainsFunc(services.Elems, func(s *Value) bool { return s.Get("extends") != nil }) {
		return cfg
	}
	out := *services
	out.Elems = make([]*Value, len(services.Elems))
	e := &extending{loading: p, vars: vars, files: map[string]*Value{}, done: map[string]*Value{}}
	for i, key := range services.Keys {
		out.Elems[i] = e.service(key.Name, services, file, dir, nil)
	}
	return cfg.with(Key{"services", services.Pos}, &out)
}

// extending resolves the services of one file.
type extending struct {
	*loading
	vars  *environment
	files map[string]*Value // services of files, before anything is filled in
	done  map[string]*Value // services that are resolved
}

// service returns a service of a file with what it extends: the base first, then
// the service over it. What it extends in turn is relative to the base's file.
func (e *extending) service(name string, services *Value, file, dir string, chain []string) *Value {
	s := services.Get(name)
	if s == nil || s.Kind != object {
		return s
	}
	ext := s.Get("extends")
	if ext == nil {
		return s
	}
	id := file + "#" + name
	if v := e.done[id]; v != nil {
		return v
	}
	own := s.without("extends")
	if slices.Contains(chain, id) || len(chain) == maxChain {
		e.doubt(ext, "a service extends itself", strings.Join(append(chain, id), " extends "))
		return own
	}
	base := e.base(name, ext, services, file, dir, append(slices.Clone(chain), id))
	if base != nil && base.Kind == object {
		own = merge(base, own, []string{"services", name})
	}
	e.done[id] = own
	return own
}

// base returns the service that a service extends, nil if it cannot be had.
func (e *extending) base(name string, ext, services *Value, file, dir string, chain []string) *Value {
	const problem = "what a service extends is not known"
	ref, from := ext, (*Value)(nil)
	if ext.Kind == object {
		ref, from = ext.Get("service"), ext.Get("file")
	}
	if !ref.Scalar() {
		e.doubt(ext, problem, name+": "+ref.why("no service is named"))
		return nil
	}
	if !from.IsNull() {
		if !from.Scalar() {
			e.doubt(ext, problem, name+": "+from.why("the file is not a path"))
			return nil
		}
		resolved, reason := resolve(dir, from.Text)
		if reason != "" {
			e.doubt(from, problem, name+": "+from.Text+": "+reason)
			return nil
		}
		file, dir = resolved, path.Dir(resolved)
		if services = e.servicesOf(file); services == nil {
			e.doubt(from, problem, name+": "+file+" cannot be read, or declares no services")
			return nil
		}
		if e.extended[file] == nil {
			e.extended[file] = map[string]bool{}
		}
		e.extended[file][ref.Text] = true
	}
	base := e.service(ref.Text, services, file, dir, chain)
	if base == nil {
		e.doubt(ref, problem, name+": no service "+ref.Text+" is declared in "+file)
	}
	if base != nil && base.Kind == opaque {
		e.doubt(ref, problem, base.Reason)
	}
	return base
}

// servicesOf returns the services of a file that is read for one of them.
func (e *extending) servicesOf(file string) *Value {
	if v, known := e.files[file]; known {
		return v
	}
	f := e.take(file)
	if f == nil {
		return nil
	}
	dict := &Value{Kind: object}
	c := &conversion{loader: e.loader, file: f, vars: e.vars, done: map[*node.Node]*Value{}}
	for _, d := range f.Docs {
		if cfg := c.value(d.Root); cfg.Kind == object {
			dict = merge(dict, cfg, nil)
		}
	}
	services := dict.Get("services")
	if services != nil && services.Kind != object {
		services = nil
	}
	e.files[file] = services
	return services
}
