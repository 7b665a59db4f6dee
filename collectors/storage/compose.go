package storage

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/engine/fact"
)

// composed returns where the services of the Compose projects of a source keep data:
// named volumes, folders of the host that they may write to, and what images of
// databases keep whether they are given a volume or not. What is in memory (tmpfs),
// read-only, a socket or a device is no place where a service keeps data.
func composed(env *collectors.Env) []*fact.Document {
	return compose.Documents(env, "storage", "data.store", func(b *fact.Builder, t *compose.Target) {
		c := &composition{collection: &collection{b: b, byID: map[string]*store{}}, taken: kubernetes.IDs{}, unsure: map[*store]string{}, databases: map[*store]bool{}}
		for _, p := range t.Projects {
			c.project(p)
		}
		for _, s := range c.stores {
			c.put(s)
		}
	})
}

// composition gathers the stores of the projects of a target.
type composition struct {
	*collection
	taken kubernetes.IDs
	// volumes of the project at hand by name.
	volumes map[string]*store
	// unsure says of stores why it is not known what they are.
	unsure map[*store]string
	// databases are the stores that are known to hold one.
	databases map[*store]bool
}

// put writes a store.
func (c *composition) put(s *store) {
	item := s.put(c.b)
	if reason := c.unsure[s]; reason != "" {
		for _, name := range []string{"type", "product", "engine_version"} {
			item.Gap(name, reason, s.at)
		}
	}
}

// doubt makes unknown what a store is, unless it is known to be that of a database.
func (c *composition) doubt(s *store, reason string) {
	if s != nil && !c.databases[s] {
		c.unsure[s] = reason
	}
}

func (c *composition) project(p *compose.Project) {
	c.volumes = map[string]*store{}
	keys, values, reason := p.Volumes.Members()
	if reason != "" {
		c.b.Incomplete(p.ID("volumes") + ": " + reason)
	}
	for i, key := range keys {
		if p.Tells(key.Pos) || p.TellsAny(values[i]) {
			c.named(p, key, values[i])
		} else {
			c.volumes[key.Name] = nil // another project tells of it
		}
	}
	for _, s := range p.Services {
		if !s.Provided() {
			c.service(p, s)
		}
	}
}

const onHost = "the disks of the host decide"

// somewhereHost makes unknown where a store is and whether it is encrypted.
func somewhereHost(s *store, reason string) *store {
	const where = "the files do not say where the host stands"
	s.region, s.country = aws.NotKnown[string](where, s.at), aws.NotKnown[string](where, s.at)
	s.encrypt(aws.NotKnown[bool](reason, s.at), "", nil)
	return s
}

// named adds a volume that is declared by name. What is mounted by a driver of the
// engine's own (local) may be a share of the network, or memory.
func (c *composition) named(p *compose.Project, key compose.Key, v *compose.Value) {
	driver := v.Get("driver").String("local", key.Pos)
	kind := v.Get("driver_opts", "type").String("", key.Pos)
	if driver.Known() && driver.Value == "local" && kind.Value == "tmpfs" {
		c.volumes[key.Name] = nil
		return
	}
	typ, product, reason := "volume", "docker", onHost
	switch {
	case !driver.Known():
		product, reason = "", driver.Reason
	case driver.Value != "local":
		product, reason = driver.Value, "what volumes of the driver "+driver.Value+" are kept on is not known"
	case !kind.Known():
		product, reason = "", kind.Reason
	case kind.Value == "nfs" || kind.Value == "nfs4" || kind.Value == "cifs":
		typ, product, reason = "share", strings.TrimRight(kind.Value, "4"), "the server of the share decides"
	}
	external := v.Get("external")
	if !external.IsNull() && external.Text != "false" {
		product, reason = "", "the volume exists outside of the files"
	}
	s := somewhereHost(c.plain(c.taken.Take(p.ID("volumes", key.Name)), typ, product, key.Pos), reason)
	if !driver.Known() || !kind.Known() {
		c.doubt(s, reason)
	}
	s.name = v.Get("name").String(key.Name, key.Pos)
	c.volumes[key.Name] = s
}

// service adds what a service mounts, and what it keeps without a mount.
func (c *composition) service(p *compose.Project, s *compose.Service) {
	image := s.Image()
	db := databaseOf(image.Value)
	mounts, reason := s.Mounts()
	if reason != "" {
		c.b.Incomplete(s.ID("volumes") + ": " + reason)
	}
	kept, unread := false, reason
	for _, m := range mounts {
		if !m.Target.Known() {
			unread = m.Target.Reason // and it may take the place of another
		}
	}
	for _, m := range mounts {
		own := db.keepsIn(m.Target.Value)
		kept = kept || own
		to := c.mount(p, s, m)
		if own && !m.Source.Known() {
			unread = m.Source.Reason
		}
		switch {
		case unread != "" && (own || !image.Known()):
			c.doubt(to, unread)
		case to != nil && own:
			c.is(to, db, image)
		case !image.Known():
			c.doubt(to, image.Reason)
		}
	}
	if unread != "" && (db.typ != "" || !image.Known()) { // it may keep its data in any volume
		kept = true
		for _, name := range fact.SortedKeys(c.volumes) {
			c.doubt(c.volumes[name], unread)
		}
	}
	tmpfs, _ := s.Get("tmpfs").List()
	for _, v := range tmpfs {
		target, _, _ := strings.Cut(v.Text, ":")
		kept = kept || db.keepsIn(target)
	}
	if !s.Get("volumes_from").IsNull() {
		kept = true
	}
	if !image.Known() && p.Tells(image.Pos) {
		c.b.Incomplete(s.ID("image") + ": " + image.Reason)
	}
	if db.typ != "" && !kept && p.Tells(image.Pos) {
		to := somewhereHost(c.plain(c.taken.Take(s.ID("data")), db.typ, db.product, image.Pos), onHost)
		c.is(to, db, image)
	}
}

// mount adds a mount of a service; nil if it is none that keeps data, or one that is
// told of elsewhere.
func (c *composition) mount(p *compose.Project, s *compose.Service, m compose.Mount) *store {
	id := s.ID("volumes") + path.Clean("/"+m.Target.Value)
	switch {
	case !m.Type.Known() || !m.Source.Known():
		if p.Tells(m.Pos) {
			reason := m.Type.Reason + m.Source.Reason
			if !m.Source.Known() {
				reason = m.Source.Reason
			}
			to := somewhereHost(c.plain(c.taken.Take(id), "volume", "", m.Pos), reason)
			to.name = aws.NotKnown[string](reason, m.Pos)
			return to
		}
		return nil
	case m.Type.Value == "bind":
		return c.bind(p, id, m)
	case m.Type.Value != "volume" && m.Type.Value != "cluster":
		return nil // memory, an image, a pipe
	}
	if to, declared := c.volumes[m.Source.Value]; declared {
		return to
	}
	if !p.Tells(m.Pos) || m.ReadOnly.Known() && m.ReadOnly.Value {
		return nil
	}
	to := somewhereHost(c.plain(c.taken.Take(id), "volume", "docker", m.Pos), onHost)
	to.name = m.Source
	return to
}

// bind adds a folder of the host, unless a service cannot write to it.
func (c *composition) bind(p *compose.Project, id string, m compose.Mount) *store {
	source := m.Source.Value
	if !p.Tells(m.Pos) || m.ReadOnly.Known() && m.ReadOnly.Value || strings.HasSuffix(source, ".sock") || strings.HasPrefix(source, "/dev/") || strings.HasPrefix(source, "/proc") || strings.HasPrefix(source, "/sys") {
		return nil
	}
	to := somewhereHost(c.plain(c.taken.Take(id), "volume", "bind", m.Pos), onHost)
	to.name = m.Source
	return to
}

// is makes a store that of a database.
func (c *composition) is(s *store, db databaseImage, image aws.Answer[string]) {
	c.databases[s] = true
	delete(c.unsure, s)
	s.typ, s.product = db.typ, db.product
	if db.typ == "queue" {
		s.ttl = aws.NotKnown[int]("how long messages are kept the broker's own settings say", image.Pos)
	}
	s.version = aws.Then(image, func(name string) string {
		name, _, _ = strings.Cut(name, "@")
		_, tag, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ":")
		return tag
	})
}
