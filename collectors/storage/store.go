package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// store is one data.store before it is written into a document.
type store struct {
	id, typ, provider, product string
	at                         fact.Position

	engine, version, name   aws.Answer[string]
	region, country         aws.Answer[string]
	replicas                aws.Answer[[]string]
	encrypted               aws.Answer[bool]
	methods                 aws.Answer[[]string] // in order of precedence
	key                     aws.Key
	public                  aws.Answer[bool]
	publicBy                aws.Answer[[]string]
	block                   aws.Answer[string]
	retention, ttl          aws.Answer[int]
	versioned, inRepository aws.Answer[bool]
	of                      aws.Answer[[]string] // references
}

// collection gathers the stores of one root.
type collection struct {
	x      *aws.Index
	b      *fact.Builder
	stores []*store
	byID   map[string]*store
}

// add starts a store with what is true of most: nothing public, no replicas, no
// automatic backups, nothing that deletes.
func (c *collection) add(id, typ, product string, r *terraform.Resource) *store {
	aws.Uncounted(c.b, r)
	region := aws.Region(r)
	s := c.plain(id, typ, product, r.Pos)
	s.provider, s.region, s.country = "aws", region, aws.Country(region)
	return s
}

func (c *collection) plain(id, typ, product string, at fact.Position) *store {
	s := &store{
		id: id, typ: typ, product: product, at: at,
		engine: aws.Default("", at), version: aws.Default("", at), name: aws.Default("", at),
		region: aws.Default("", at), country: aws.Default("", at), replicas: aws.Default([]string{}, at),
		encrypted: aws.Default(false, at), methods: aws.Default([]string{}, at), key: aws.NoKey(at),
		public: aws.Default(false, at), publicBy: aws.Default([]string{}, at), block: aws.Default("none", at),
		retention: aws.Default(0, at), ttl: aws.Default(fact.Unbounded, at), versioned: aws.Default(false, at),
		inRepository: aws.Default(false, at), of: aws.Default([]string{}, at),
	}
	c.stores = append(c.stores, s)
	c.byID[id] = s
	return s
}

// encrypt sets encryption and key together: the key is asked for only where the
// store is known to be encrypted.
func (s *store) encrypt(on aws.Answer[bool], method string, key func() aws.Key) {
	s.encrypted = on
	switch {
	case !on.Known():
		s.methods = aws.NotKnown[[]string](on.Reason, on.Pos)
		s.key = aws.UnknownKey(on.Reason, on.Pos)
	case !on.Value:
		s.methods, s.key = aws.Default([]string{}, on.Pos), aws.NoKey(on.Pos)
	default:
		s.methods, s.key = aws.Answer[[]string]{Value: []string{method}, Default: on.Default, Pos: on.Pos}, key()
	}
}

// inherit takes the encryption of another store.
func (s *store) inherit(from *store) {
	s.encrypted, s.methods, s.key = from.encrypted, from.methods, from.key
}

// backups adds the automatic backups of a store as an item of their own, unless
// there are none.
func (c *collection) backups(s *store, days aws.Answer[int], r *terraform.Resource) *store {
	s.retention = days
	if days.Known() && days.Value == 0 {
		return nil
	}
	b := c.add(s.id+"/backups", "backup", s.product, r)
	b.engine, b.version, b.name = s.engine, s.version, s.name
	b.region, b.country = s.region, s.country
	b.inherit(s)
	b.retention = days
	b.of = aws.Declared([]string{c.x.Reference(s.id)}, s.at)
	return b
}

// put writes the store into a document. The basis is default where encryption
// follows from the provider's default.
func (s *store) put(b *fact.Builder) *fact.ItemBuilder {
	basis := "declared"
	if s.encrypted.Known() && s.encrypted.Default {
		basis = "default"
	}
	item := b.Add(s.id, basis, s.at)
	item.Set("type", s.typ, fact.Position{})
	item.Set("provider", s.provider, fact.Position{})
	item.Set("product", s.product, fact.Position{})
	s.engine.Put(item, "engine")
	s.version.Put(item, "engine_version")
	s.name.Put(item, "name")
	s.region.Put(item, "region")
	s.country.Put(item, "country")
	s.replicas.Put(item, "replica_countries")
	s.putEncryption(item)
	s.key.Put(item)
	s.public.Put(item, "public")
	s.publicBy.Put(item, "public_by")
	s.block.Put(item, "public_block")
	s.retention.Put(item, "retention_days")
	s.ttl.Put(item, "ttl_days")
	s.versioned.Put(item, "versioned")
	s.inRepository.Put(item, "tracked")
	s.of.Put(item, "of")
	return item
}

func (s *store) putEncryption(item *fact.ItemBuilder) {
	o := item.Object("encryption", s.encrypted.Pos)
	aws.Then(s.encrypted, func(on bool) string {
		if on {
			return "encrypted"
		}
		return "plain"
	}).Put(o, "state")
	if s.methods.Known() { // in order of precedence, so not sorted
		list := []any{}
		for _, m := range s.methods.Value {
			list = append(list, m)
		}
		o.Set("providers", list, s.methods.Pos)
	} else {
		s.methods.Put(o, "providers")
	}
	o.Set("chain", []any{}, fact.Position{})
}
