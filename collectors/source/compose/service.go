package compose

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// Service is a service of a project.
type Service struct {
	Name string
	// Pos is where its name stands, in the first file that declares it.
	Pos fact.Position
	// Root is its mapping, or null.
	Root *Value

	project *Project
}

// ID is the id of the service or of a part of it.
func (s *Service) ID(parts ...string) string {
	return s.project.ID(append([]string{"services", s.Name}, parts...)...)
}

// Get returns an attribute.
func (s *Service) Get(names ...string) *Value { return s.Root.Get(names...) }

// Image is the name of the image that the service runs, "" for one that it builds
// without naming it.
func (s *Service) Image() aws.Answer[string] { return s.Get("image").String("", s.Pos) }

// Provided reports whether no container is run: another program provides the service.
func (s *Service) Provided() bool { return !s.Get("provider").IsNull() }

// NetworkMode is "" where the service has networks of its own.
func (s *Service) NetworkMode() aws.Answer[string] { return s.Get("network_mode").String("", s.Pos) }

// Network is the network mode after following the services whose network the service
// is in: "host" if it ends in the host's.
func (s *Service) Network() aws.Answer[string] {
	mode := s.NetworkMode()
	for range s.project.Services {
		name, shared := strings.CutPrefix(mode.Value, "service:")
		if !shared {
			return mode
		}
		i := slices.IndexFunc(s.project.Services, func(o *Service) bool { return o.Name == name })
		if i < 0 {
			return aws.NotKnown[string]("the service "+name+" is not declared", mode.Pos)
		}
		next := s.project.Services[i].NetworkMode()
		if next.Default {
			return mode
		}
		mode.Value, mode.Reason = next.Value, next.Reason
	}
	return aws.NotKnown[string]("the network is that of a service in a circle", mode.Pos)
}

// swarm reports whether the service says something that Docker Swarm alone does.
func (s *Service) swarm() bool {
	deploy := s.Get("deploy")
	if mode := deploy.Get("mode"); mode.Scalar() && strings.HasPrefix(mode.Text, "global") {
		return true
	}
	return slices.ContainsFunc([]string{"placement", "update_config", "rollback_config", "endpoint_mode"}, func(name string) bool { return !deploy.Get(name).IsNull() })
}

// Stack reports whether the service is for Docker Swarm, as far as the files say.
func (s *Service) Stack() bool { return s.project.Stack }

// Networks returns the networks that the service stands in by name, and their
// declarations, nil for one without; reason says why there may be others.
func (s *Service) Networks() (names []string, declared []*Value, reason string) {
	v := s.Get("networks")
	if v.IsNull() {
		return []string{"default"}, []*Value{s.project.Networks.Get("default")}, ""
	}
	m := keyed(v)
	if m.Kind != object {
		return nil, nil, m.why("the networks are not a list")
	}
	for _, key := range m.Keys {
		names = append(names, key.Name)
		declared = append(declared, s.project.Networks.Get(key.Name))
	}
	return names, declared, ""
}
