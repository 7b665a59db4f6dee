// Package compose reads the files of Docker Compose, and of Docker Swarm stacks, by
// the Compose specification, once for all collectors.
//
// What a project is:
//
//   - A folder's project is its compose.yaml, compose.yml, docker-compose.yml or
//     docker-compose.yaml, the first of them, with the first of the files named
//     compose.override.yml, compose.override.yaml, docker-compose.override.yml and
//     docker-compose.override.yaml merged over it; or the files that COMPOSE_FILE of
//     its .env lists.
//   - Any other file is a project of its own: one with a name such as
//     docker-compose.prod.yml or docker-stack.yml, and one of any name whose content
//     is clear, where services have an image or a build. One with services that have
//     neither is an overlay: it is merged over the folder's project, and tells what
//     stands in itself alone.
//   - What another project includes is told there, and what one extends is no service
//     of its own.
//
// The target of a project is its folder. Services that only start with a profile are
// declared like any other, since whoever starts them gets what stands there.
//
// Variables come from the .env beside the project and, for what is included, from the
// .env beside that. The environment of the process is not read: the same files
// give the same facts everywhere. A variable without value and default is not known.
//
// The reference implementation, compose-go, loses the place of every value when it
// decodes a file and reads the file system and the environment itself, so merging
// is done here, on trees that keep the place and the file of each value. The test of
// the package compares it with what that implementation answered.
package compose

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Project is what a list of files declares together.
type Project struct {
	// Files are those that were read, in the order of reading.
	Files    []*File
	Services []*Service
	// Volumes, Networks, Secrets and Configs are the sections of that name; nil if
	// there is none.
	Volumes, Networks, Secrets, Configs *Value
	// Missing says what may be declared and was not read.
	Missing []string
	// Stack is set if something in it has a meaning for Docker Swarm alone.
	Stack bool

	prefix   string          // of ids, for what is not the folder's own project
	base     map[string]bool // files that another project tells of
	included map[string]bool
	extended map[string]map[string]bool // services that were extended, by file
	doubts   map[string]bool
	// variables are the files that its variables come from.
	variables []string
}

// ID is the id of a part of the project: "services/db/tcp/5432".
func (p *Project) ID(parts ...string) string { return p.prefix + strings.Join(parts, "/") }

// Tells reports whether what stands at a place is told as part of this project.
func (p *Project) Tells(at fact.Position) bool { return !p.base[at.Source] }

// TellsAny reports whether anything in a value is told as part of this project.
func (p *Project) TellsAny(v *Value) bool {
	return v != nil && (p.Tells(v.Pos) || slices.ContainsFunc(v.Elems, p.TellsAny))
}

// miss notes what was not read.
func (p *Project) miss(reason string) {
	if !p.doubts[reason] {
		p.doubts[reason] = true
		p.Missing = append(p.Missing, reason)
	}
}

// Target is a folder with projects.
type Target struct {
	fact.Target
	Projects []*Project
	// Files are those of the projects that no target before this one has.
	Files []*File
}

// Targets reads the projects of a source, once, in the order of their targets.
func Targets(env *collectors.Env) []*Target {
	if env.Tree == nil {
		return nil
	}
	return env.Once("compose", func() any { return discover(env) }).([]*Target)
}

// Documents returns one document of a kind for each target. What fill adds to it is
// completed by the files that were read, and by what was not.
func Documents(env *collectors.Env, collector, kind string, fill func(*fact.Builder, *Target)) []*fact.Document {
	var docs []*fact.Document
	for _, t := range Targets(env) {
		b := fact.NewBuilder(kind, t.Target, env.Envelope(collector, "compose"), env.Now)
		for _, p := range t.Projects {
			for _, f := range p.Files {
				b.Source(f.Name, f.digest)
			}
			for _, name := range p.variables {
				b.Source(name, "")
			}
			for _, reason := range p.Missing {
				b.Incomplete(reason)
			}
		}
		fill(b, t)
		docs = append(docs, b.Document())
	}
	return docs
}

// assemble makes a project of a model.
func (p *Project) assemble(root *Value, skip map[string]bool) {
	p.Volumes, p.Networks, p.Secrets, p.Configs = root.Get("volumes"), root.Get("networks"), root.Get("secrets"), root.Get("configs")
	services := root.Get("services")
	switch {
	case services.IsNull():
	case services.Kind != object:
		p.miss("the services of " + p.Files[0].Name + ": " + services.why("they are not a mapping"))
	default:
		for i, key := range services.Keys {
			body := services.Elems[i]
			switch {
			case skip[key.Name] && len(p.base) == 0:
			case body.Kind != object && !body.IsNull():
				p.miss("the service " + key.Name + ": " + body.why("it is not a mapping"))
			default:
				p.Services = append(p.Services, &Service{Name: key.Name, Pos: key.Pos, Root: body, project: p})
			}
		}
	}
	p.Stack = slices.ContainsFunc(p.Services, (*Service).swarm)
}
