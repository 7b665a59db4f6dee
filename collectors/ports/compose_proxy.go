package ports

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/engine/fact"
)

// proxies are programs that publish a service by its labels or its environment.
// Traefik takes every label of its prefix, since by default it takes every container.
var proxies = [...]struct {
	name, list string // of labels or variables
	is         func(name string) bool
}{
	{"traefik", "labels", func(n string) bool { return strings.HasPrefix(n, "traefik.") }},
	{"caddy", "labels", func(n string) bool {
		return n == "caddy" || strings.HasPrefix(n, "caddy.") || strings.HasPrefix(n, "caddy_")
	}},
	{"nginx-proxy", "environment", func(n string) bool { return n == "VIRTUAL_HOST" || n == "VIRTUAL_HOST_MULTIPORTS" }},
}

// proxied writes, for each proxy that a service is published by, a port that is not
// known: which of the proxy's it is depends on the proxy's own configuration.
func (h serviceHost) proxied(b *fact.Builder, p *compose.Project, taken kubernetes.IDs) {
	for _, list := range []*compose.Value{h.Get("labels"), h.Get("deploy", "labels"), h.Get("environment")} {
		if _, _, reason := list.Members(); reason != "" && p.Tells(list.Pos) {
			b.Incomplete(h.ID() + ": a proxy may publish it by labels or variables that are not known: " + reason)
		}
	}
	for _, proxy := range proxies {
		lists := []*compose.Value{h.Get(proxy.list)}
		if proxy.list == "labels" {
			lists = append(lists, h.Get("deploy", "labels"))
		}
		var at fact.Position
		off := false
		for _, list := range lists {
			keys, values, _ := list.Members()
			for i, key := range keys {
				switch {
				case !proxy.is(key.Name) || !p.Tells(key.Pos):
				case key.Name == "traefik.enable" && values[i].Scalar() && values[i].Text == "false":
					off = true
				case at.IsZero():
					at = key.Pos
				}
			}
		}
		if at.IsZero() || off {
			continue
		}
		reason := "the proxy " + proxy.name + " publishes it by its " + proxy.list + ", and at which of its ports is not followed"
		text, none, list := aws.NotKnown[string](reason, at), aws.NotKnown[int](reason, at), aws.NotKnown[[]string](reason, at)
		h.write(b, taken.Take(h.ID(proxy.name)), "load_balancer", at, text, none, none, reach{text, text, list, list})
	}
}

// engineSockets are where engines listen for who may start containers.
var engineSockets = []string{"docker.sock", "podman.sock", "containerd.sock", "crio.sock"}

// commands says why a service can publish what the files do not say: it holds the
// socket of the engine, "" if it does not. That the socket is mounted to be read only
// keeps nobody from writing to it.
func (h serviceHost) commands(p *compose.Project) string {
	if v := h.Get("use_api_socket"); !v.IsNull() && v.Text != "false" && p.Tells(v.Pos) {
		return "use_api_socket"
	}
	mounts, _ := h.Mounts()
	for _, m := range mounts {
		if !p.Tells(m.Pos) {
			continue
		}
		for _, name := range engineSockets {
			if path.Base(m.Source.Value) == name || path.Base(m.Target.Value) == name {
				return name
			}
		}
		if m.Source.Known() {
			switch path.Clean(m.Source.Value) {
			case "/", "/run", "/var", "/var/run":
				return m.Source.Value + " of the host"
			}
		}
	}
	keys, values, _ := h.Get("environment").Members()
	for i, key := range keys {
		if key.Name == "DOCKER_HOST" && !values[i].IsNull() && values[i].Text != "" && p.Tells(key.Pos) {
			return "DOCKER_HOST"
		}
	}
	return ""
}

// isolated says why a port of a service that stands in internal networks alone may
// be open to nobody, "" if it does not: engines open no port of the host for such
// networks, and none promises it. Swarm does open them.
// https://github.com/moby/moby/issues/36174
func isolated(s *compose.Service) string {
	names, declared, reason := s.Networks()
	if reason != "" || len(names) == 0 || s.Stack() {
		return ""
	}
	for _, n := range declared {
		internal := n.Get("internal").Bool(false, s.Pos)
		if internal.Known() && !internal.Value {
			return ""
		}
		if !internal.Known() {
			reason = "whether its network is internal is not known: " + internal.Reason
		}
	}
	if reason == "" {
		reason = "its networks are internal, and engines are not known to open ports of the host for them"
	}
	return reason
}
