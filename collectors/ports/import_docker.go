package ports

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/json"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// inspected is how what "docker inspect" and "podman inspect" print of containers begins.
var inspected = regexp.MustCompile(`^\s*\[\s*\{\s*"Id":\s*"[0-9a-f]{64}",\s*"Created":\s*"[^"]*",\s*"Path":`)

// containers reads a description of containers; nil if the file is none.
func (x *importer) containers(name string, head []byte) []*fact.Document {
	if !inspected.Match(head) {
		return nil
	}
	data, err := collectors.ReadFile(x.env.Tree.FS, name, maxListing)
	if err != nil {
		x.fault(name, 0, 0, "cannot read description of containers", err)
		return nil
	}
	x.env.MarkRead(name, "")
	documents, diagnostics := json.Read(name, data)
	x.env.Diagnose(diagnostics...)
	w := &containerWriter{file: name, taken: map[string]bool{}}
	w.b = fact.NewBuilder("port.published", fact.Target{ID: "config/" + name}, x.env.Envelope("ports", "inspect"), x.env.Now)
	w.b.Source(name, "")
	for _, d := range diagnostics {
		w.b.Incomplete(fmt.Sprintf("%s:%d: %s", name, d.Pos.Line, d.Summary))
	}
	for _, d := range documents {
		if d.Root == nil || d.Root.Kind != node.Array {
			w.b.Incomplete(name + ": it is no list of containers")
			continue
		}
		for _, c := range d.Root.Elems {
			w.container(c)
		}
	}
	return []*fact.Document{w.b.Document()}
}

type containerWriter struct {
	b     *fact.Builder
	file  string
	taken map[string]bool
}

// container writes what one publishes: as it runs, or as it would when it is started.
func (w *containerWriter) container(c *node.Node) {
	label := strings.TrimPrefix(wordOf(c.Get("Name")), "/")
	if !plainHost(label) {
		label = wordOf(c.Get("Id"))
		label = label[:min(len(label), 12)]
	}
	running := wordOf(c.At("State", "Running"))
	basis, bindings := "observed", c.At("NetworkSettings", "Ports")
	if running != "true" {
		basis, bindings = "declared", c.At("HostConfig", "PortBindings")
	}
	mode := wordOf(c.At("HostConfig", "NetworkMode"))
	switch {
	case mode == "host":
		at := c.At("HostConfig", "NetworkMode").Pos(w.file)
		const why = "it uses the host's network, and nothing says at which ports it listens"
		it := w.begin(label+"/unknown", basis, "host_network", label, c, at)
		it.Gap("protocol", why, at).Gap("port_from", why, at).Gap("port_to", why, at)
		w.reached(it, "", at)
		return
	case strings.HasPrefix(mode, "container:"), mode == "none":
		return
	case running == "":
		w.b.Incomplete(label + ": whether it runs is not said")
	case bindings == nil:
		w.b.Incomplete(label + ": its ports are not said")
	}
	if bindings == nil {
		return
	}
	for i, key := range bindings.Keys {
		list := bindings.Elems[i]
		port, protocol, _ := strings.Cut(key.Name, "/")
		if !slices.Contains([]string{"tcp", "udp", "sctp"}, protocol) || !digitsOnly(port) {
			w.b.Incomplete(fmt.Sprintf("%s: what port %d of it is cannot be read", label, i+1))
			continue
		}
		if list.IsNull() {
			continue // exposed, and published nowhere
		}
		if list.Kind != node.Array {
			w.b.Incomplete(label + ": what publishes its port " + key.Name + " cannot be read")
			continue
		}
		for _, one := range list.Elems {
			w.publish(c, label, basis, protocol, one)
		}
	}
}

func (w *containerWriter) publish(c *node.Node, label, basis, protocol string, one *node.Node) {
	at := one.Pos(w.file)
	address, number := wordOf(one.Get("HostIp")), wordOf(one.Get("HostPort"))
	from, to, ranged := strings.Cut(number, "-")
	if !ranged {
		to = from
	}
	first, errA := strconv.Atoi(from)
	last, errB := strconv.Atoi(to)
	if a, err := netip.ParseAddr(address); err == nil {
		address = a.Unmap().String()
	} else if address != "" {
		w.b.Incomplete(label + ": the address of a port cannot be read")
		return
	}
	id := label + "/" + protocol + "/" + number
	if number == "" {
		id = label + "/" + protocol + "/unknown"
	}
	if address != "" && address != "0.0.0.0" {
		id += "@" + address
	}
	if w.taken[id] && number != "" {
		return
	}
	it := w.begin(id, basis, "host_port", label, c, at)
	it.Set("protocol", protocol, at)
	if errA != nil || errB != nil || first < 1 || last > 65535 || first > last {
		const why = "the engine chooses the port when the container starts"
		it.Gap("port_from", why, at).Gap("port_to", why, at)
	} else {
		it.Set("port_from", first, at).Set("port_to", last, at)
	}
	w.reached(it, address, at)
}

func (w *containerWriter) begin(id, basis, mechanism, label string, c *node.Node, at fact.Position) *fact.ItemBuilder {
	for n, base := 2, id; w.taken[id]; n++ {
		id = fmt.Sprintf("%s~%d", base, n)
	}
	w.taken[id] = true
	it := w.b.Add(id, basis, at)
	it.Set("mechanism", mechanism, at).Set("resource", label, c.Pos(w.file)).Set("backend", label, at)
	image := wordOf(c.At("Config", "Image"))
	if image == "" {
		it.Gap("product", "the image is not said", at)
	} else {
		it.Set("product", productOfImage(image), c.At("Config", "Image").Pos(w.file))
	}
	return it
}

// reached writes where a port is bound. Docker publishes a port without an address in
// both families.
func (w *containerWriter) reached(it *fact.ItemBuilder, address string, at fact.Position) {
	a, err := netip.ParseAddr(address)
	families, admits := []any{"ipv4", "ipv6"}, []any{"0.0.0.0/0", "::/0"}
	if err == nil {
		families = []any{family(a)}
	}
	switch {
	case err == nil && a.IsLoopback():
		it.Set("scope", "loopback", at)
		admits = []any{map[bool]string{true: "127.0.0.0/8", false: "::1/128"}[a.Is4()]}
	case err == nil && !a.IsUnspecified():
		it.Set("scope", scopeOfAddress(a), at)
	default:
		it.Gap("scope", "whether the host has public addresses is not known", at)
	}
	it.Set("address", address, at).Set("families", families, at).Set("admits", admits, at).Set("groups", []any{}, at).Set("network_acls", []any{}, at)
	const unsaid = "the description does not say whether the network's traffic is recorded"
	it.Object("flow_log", at).Gap("accepted", unsaid, at).Gap("denied", unsaid, at).Set("logs", []any{}, at)
}

func wordOf(n *node.Node) string {
	if n == nil || n.Kind != node.String && n.Kind != node.Bool && n.Kind != node.Number {
		return ""
	}
	return n.Text
}

func digitsOnly(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}
