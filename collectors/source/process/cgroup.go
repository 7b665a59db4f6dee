package process

import (
	"bytes"
	"strings"
)

// Container is what a process runs in; the zero Container is none.
type Container struct {
	Runtime string // docker, containerd, crio, podman, lxc, nspawn, …; "cri" if only the pod tells
	ID      string
	// Claimed says that a service stands above it, which may name its control groups
	// as it likes: it may be a container of that name, or none.
	Claimed bool
}

// parseGroups reads /proc/PID/cgroup: the path of the hierarchy that units are in, and
// those of all.
func parseGroups(data []byte) (unit string, all []string) {
	for line := range bytes.Lines(data) {
		_, rest, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), ":")
		controllers, path, ok := strings.Cut(rest, ":")
		if !ok {
			continue
		}
		all = append(all, path)
		// The old hierarchy of the service manager counts where there are both.
		if controllers == "name=systemd" && path != "/" || controllers == "" && unit == "" {
			unit = path
		}
	}
	return unit, all
}

// Unit is the service unit of a control group, "" if it is in none. Below the slices
// the first group is the manager's own; what is below that the service may name as it
// likes. A unit of a user's manager is named with it: "user@1000.service/app.service".
func Unit(path string) string {
	manager := ""
	for part := range strings.SplitSeq(path, "/") {
		name := strings.TrimPrefix(part, "_")
		switch {
		case part == "" || strings.HasSuffix(name, ".slice"):
			continue
		case !strings.HasSuffix(name, ".service"):
			return manager
		case manager == "" && strings.HasPrefix(name, "user@"):
			manager = name
			continue
		case manager != "":
			return manager + "/" + name
		}
		return name
	}
	return manager
}

// ContainerOf finds the container in the names of control groups: the outermost that is
// named as a runtime names it, since what is within names itself.
func ContainerOf(paths []string) Container {
	for _, path := range paths {
		parent, service := "", false
		for part := range strings.SplitSeq(path, "/") {
			if c, ok := container(parent, part); ok {
				c.Claimed = service
				return c
			}
			service = service || strings.HasSuffix(part, ".service")
			if part != "" {
				parent = part
			}
		}
	}
	return Container{}
}

// container reads the name of a control group below another.
func container(parent, name string) (Container, bool) {
	scope := strings.TrimSuffix(name, ".scope")
	for _, r := range []struct{ prefix, runtime string }{
		{"docker-", "docker"}, {"cri-containerd-", "containerd"}, {"crio-", "crio"}, {"libpod-", "podman"}, {"nerdctl-", "containerd"},
	} {
		if id, ok := strings.CutPrefix(scope, r.prefix); ok && isID(id) {
			return Container{Runtime: r.runtime, ID: id}, true
		}
	}
	// containerd's other form is SLICE:cri-containerd:ID.
	if i := strings.LastIndexByte(scope, ':'); i >= 0 && isID(scope[i+1:]) {
		return Container{Runtime: "containerd", ID: scope[i+1:]}, true
	}
	id, lxc := strings.CutPrefix(name, "lxc.payload.")
	machine, nspawn := strings.CutPrefix(name, "systemd-nspawn@")
	switch {
	case lxc && id != "":
		return Container{Runtime: "lxc", ID: id}, true
	case parent == "lxc" && name != "":
		return Container{Runtime: "lxc", ID: name}, true
	case nspawn:
		return Container{Runtime: "nspawn", ID: strings.TrimSuffix(machine, ".service")}, true
	case parent == "docker" && isID(name):
		return Container{Runtime: "docker", ID: name}, true
	case parent == "libpod_parent" && isID(strings.TrimPrefix(name, "libpod-")):
		return Container{Runtime: "podman", ID: strings.TrimPrefix(name, "libpod-")}, true
	case strings.HasPrefix(parent, "pod") && isID(name):
		return Container{Runtime: "cri", ID: name}, true
	}
	return Container{}, false
}

// isID reports whether a text is a container's id: 64 hexadecimal digits.
func isID(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
