package logs

import (
	"context"
	"fmt"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// machine gathers the stores and sources of a host. Readers of what keeps or writes
// logs add to it; each stands in a file of its own.
type machine struct {
	*collection
	env  *collectors.Env
	host *collectors.Host
	docs []string // files that were read, as URIs
	// roots are folders that configuration fills with log files of any name.
	roots []string
	// held are stores by files that do not give them their name.
	held map[string]*store
}

// hostReaders read what keeps or writes logs on a host, in this order: those that
// keep files come before those that look at what nobody keeps.
func hostReaders() []func(*machine, context.Context) {
	return []func(*machine, context.Context){
		(*machine).journals,
		(*machine).logrotates,
		(*machine).daemons, // behind what keeps files
		(*machine).auditTrail,
		(*machine).syslog,
		(*machine).docker,
		(*machine).kubelet,
		(*machine).kafka,
		(*machine).loki,
		(*machine).seen, // the last
	}
}

// onHost returns a document of sources and one of stores.
func onHost(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	by := env.Envelope("logs", "files")
	target := env.Host.Target()
	m := &machine{env: env, host: env.Host, collection: &collection{byID: map[string]*store{}, sources: fact.NewBuilder("log.source", target, by, env.Now)}}
	for _, read := range hostReaders() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		read(m, ctx)
	}
	stores := fact.NewBuilder("log.store", target, by, env.Now)
	for _, s := range m.stores {
		s.put(stores)
	}
	for _, why := range m.missing {
		stores.Incomplete(why)
		m.sources.Incomplete(why)
	}
	for _, uri := range m.docs {
		stores.Source(uri, "")
		m.sources.Source(uri, "")
	}
	return []*fact.Document{m.sources.Document(), stores.Document()}, nil
}

// read reads a file of the host, and notes it as read.
func (m *machine) read(name string, most int64) ([]byte, error) {
	data, err := collectors.ReadFile(m.host.Files, name, most)
	if err != nil {
		return nil, err
	}
	m.note(name)
	return data, nil
}

// note tells that a file was read.
func (m *machine) note(names ...string) {
	for _, name := range names {
		m.env.MarkRead("/"+name, "")
		m.docs = append(m.docs, "/"+name)
	}
}

// miss says that stores or sources may be missing.
func (m *machine) miss(format string, args ...any) {
	m.missing = append(m.missing, fmt.Sprintf(format, args...))
}
