package logs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// store is one log.store before it is written into a document.
type store struct {
	id, typ, product string
	basis            string // "" for declared or default, by the ages
	at               fact.Position
	name             aws.Answer[string]
	// least and most are the ages of declared; [fact.Unbounded] where nothing
	// bounds them.
	least, most aws.Answer[int]
	conditions  aws.Answer[[]string]
	encrypted   aws.Answer[string] // encrypted or plain
	key         aws.Answer[string] // customer, provider or none
	versioned   aws.Answer[bool]
	object      aws.Lifecycle
	appendOnly  aws.Answer[bool]
	sealed      aws.Answer[bool]
	lockDays    aws.Answer[int]
	remote      aws.Answer[[]string] // references

	// bound is what ends a record's life where the ages do not say: "size".
	bound string
	// by are the directives that set the ages; nil means the places the ages were
	// read from.
	by []directive
	// The rest is known of stores of a host only.
	volatile aws.Answer[bool]
	rotation *rotation
	// rotationUnknown is why it is not known what rotates the files.
	rotationUnknown string
	access          *access
	observed        *observed
}

// add starts a store of which nothing bounds the age.
func (c *collection) add(id, typ, product string, at fact.Position) *store {
	never := aws.Default(fact.Unbounded, at)
	s := &store{
		id: id, typ: typ, product: product, at: at, name: aws.Default("", at), least: never, most: never,
		conditions: aws.Default([]string{}, at), encrypted: aws.Default("encrypted", at), key: aws.Default("provider", at),
		versioned: aws.Default(false, at), object: aws.Lifecycle{Expire: never, Earliest: never, Noncurrent: never, Abort: never},
		volatile: aws.Default(false, at), appendOnly: aws.Default(false, at), sealed: aws.Default(false, at), lockDays: aws.Default(0, at), remote: aws.Default([]string{}, at),
	}
	c.stores = append(c.stores, s)
	c.byID[id] = s
	return s
}

// elsewhere makes everything unknown that another configuration decides.
func (s *store) elsewhere(reason string) *store {
	s.least, s.most = aws.NotKnown[int](reason, s.at), aws.NotKnown[int](reason, s.at)
	s.conditions = aws.NotKnown[[]string](reason, s.at)
	s.encrypted, s.key = aws.NotKnown[string](reason, s.at), aws.NotKnown[string](reason, s.at)
	s.versioned, s.sealed, s.appendOnly = aws.NotKnown[bool](reason, s.at), aws.NotKnown[bool](reason, s.at), aws.NotKnown[bool](reason, s.at)
	s.lockDays, s.remote = aws.NotKnown[int](reason, s.at), aws.NotKnown[[]string](reason, s.at)
	if s.typ == "object" || s.typ == "" {
		never := aws.NotKnown[int](reason, s.at)
		s.object = aws.Lifecycle{Expire: never, Earliest: never, Noncurrent: never, Abort: never}
	}
	return s
}

// put writes the store into a document. The basis is default where the age
// follows from what the provider does.
func (s *store) put(b *fact.Builder) {
	basis := "declared"
	switch {
	case s.basis != "":
		basis = s.basis
	case s.most.Known() && s.most.Default:
		basis = "default"
	}
	item := b.Add(s.id, basis, s.at)
	if s.typ == "" {
		item.Gap("type", s.most.Reason, s.at).Gap("product", s.most.Reason, s.at)
	} else {
		item.Set("type", s.typ, fact.Position{}).Set("product", s.product, fact.Position{})
	}
	s.name.Put(item, "name")
	declared := item.Object("declared", s.most.Pos)
	s.least.Put(declared, "min_days")
	s.most.Put(declared, "max_days")
	switch {
	case !s.most.Known():
		declared.Set("bound", "unknown", s.most.Pos)
	case s.bound != "":
		declared.Set("bound", s.bound, s.most.Pos)
	case s.most.Value == fact.Unbounded:
		declared.Set("bound", "none", s.most.Pos)
	default:
		declared.Set("bound", "time", s.most.Pos)
	}
	switch {
	case !s.most.Known():
		declared.Gap("set_by", s.most.Reason, s.most.Pos)
	case !s.least.Known():
		declared.Gap("set_by", s.least.Reason, s.least.Pos)
	default:
		declared.Set("set_by", s.setBy(), s.most.Pos)
	}
	s.conditions.Put(declared, "conditions")
	encryption := item.Object("encryption", s.encrypted.Pos)
	s.encrypted.Put(encryption, "state")
	s.key.Put(encryption, "key")
	object := item.Object("object", s.object.Expire.Pos)
	s.versioned.Put(object, "versioned")
	s.object.Expire.Put(object, "expires_days")
	s.object.Noncurrent.Put(object, "noncurrent_days")
	s.object.Abort.Put(object, "abort_days")
	protection := item.Object("protection", s.lockDays.Pos)
	s.appendOnly.Put(protection, "append_only")
	s.sealed.Put(protection, "sealed")
	s.lockDays.Put(protection, "lock_days")
	s.remote.Put(protection, "remote")
	s.volatile.Put(item, "volatile")
	s.onHost(item)
}

// setBy are the directives that the ages follow from.
func (s *store) setBy() []any {
	by := slices.Clone(s.by)
	if by == nil {
		for _, a := range []aws.Answer[int]{s.least, s.most} {
			if d := (directive{at: a.Pos}); !a.Default && !a.Pos.IsZero() && !slices.Contains(by, d) {
				by = append(by, d)
			}
		}
	}
	slices.SortFunc(by, func(a, b directive) int {
		return cmp.Or(cmp.Compare(a.at.Source, b.at.Source), cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.text, b.text))
	})
	out := make([]any, len(by))
	for i, d := range by {
		out[i] = map[string]any{"file": d.at.Source, "line": d.at.Line, "directive": d.text}
	}
	return out
}

// unseen says of a store that is only declared, and has no files of a host, that
// nobody looked at it.
func unseen(item *fact.ItemBuilder) {
	item.Set("volatile", false, fact.Position{}).Set("observed", []any{}, fact.Position{}).Set("rotation", []any{}, fact.Position{}).Set("access", []any{}, fact.Position{})
}

// group reads a log group. Without retention_in_days, or with 0, records never
// expire (CloudWatch Logs API reference, PutRetentionPolicy). Writers can only
// add to a group.
func (c *collection) group(r *terraform.Resource) {
	if c.byID[r.Address] != nil {
		return
	}
	s := c.add(r.Address, "cloud_group", "cloudwatch", r.Pos)
	s.name = aws.Text(r.Body, "", "name")
	days := aws.Int(r.Body, 0, "retention_in_days")
	if days.Known() && days.Value <= 0 {
		days.Value = fact.Unbounded
	}
	s.least, s.most = days, days
	s.key = c.x.Key(r.Body.Get("kms_key_id"), r, aws.ManagedKey(true, r, r.Pos)).Manager
	s.appendOnly = aws.Default(true, r.Pos)
}

// implicit adds the log group that a service makes by itself, without a
// retention, unless the root declares it. Where a group declared here may be it,
// which one it is is not known.
func (c *collection) implicit(r *terraform.Resource, suffix string, name aws.Answer[string]) aws.Answer[[]string] {
	maybe := ""
	for _, g := range c.x.OfType("aws_cloudwatch_log_group") {
		own := aws.Text(g.Body, "", "name")
		switch {
		case own.Known() && name.Known() && own.Value == name.Value && g.KnownCount:
			c.group(g)
			return aws.Declared([]string{c.x.Reference(g.Address)}, r.Pos)
		case !own.Known() || !name.Known() && !own.Default || own.Known() && name.Known() && own.Value == name.Value:
			maybe = "whether " + g.Address + " is the group is not known"
		}
	}
	if maybe != "" {
		return aws.NotKnown[[]string](maybe, r.Pos)
	}
	id := r.Address + "/log_group/" + suffix
	s := c.byID[id]
	if s == nil {
		s = c.add(id, "cloud_group", "cloudwatch", r.Pos)
		s.name, s.appendOnly = name, aws.Default(true, r.Pos)
	}
	return aws.Declared([]string{c.x.Reference(s.id)}, r.Pos)
}

// groupAt gives the store of a log group that an argument names; one that is
// managed elsewhere becomes a store of its own.
func (c *collection) groupAt(r *terraform.Resource, v *terraform.Value, suffix string) aws.Answer[[]string] {
	if v.Unset() {
		return aws.Default([]string{}, r.Pos)
	}
	links := c.x.Named(stripStar(v), "aws_cloudwatch_log_group")
	if len(links) == 1 && links[0].Reason == "" {
		c.group(links[0].Resource)
		return aws.Declared([]string{c.x.Reference(links[0].Address)}, v.Pos)
	}
	return c.foreign(r, stripStar(v), links, suffix, "cloud_group", "cloudwatch", "the log group is managed elsewhere")
}

// stripStar drops the ":*" that ends ARNs of log groups in some arguments. Text
// made of a group's ARN and nothing else that is unknown names that group.
func stripStar(v *terraform.Value) *terraform.Value {
	if v.Kind == terraform.Unknown && len(v.Refs) == 1 && v.Refs[0].Path == "arn" {
		out := *v
		out.Direct = true
		return &out
	}
	if v.Kind != terraform.String || len(v.Text) < 2 || v.Text[len(v.Text)-2:] != ":*" {
		return v
	}
	out := *v
	out.Text = v.Text[:len(v.Text)-2]
	return &out
}

// foreign adds a store that is named and not declared here. Where the value may
// name something that is declared, links, which store it is is not known, and
// none is added: there may be no other.
func (c *collection) foreign(r *terraform.Resource, v *terraform.Value, links []aws.Link, suffix, typ, product, reason string) aws.Answer[[]string] {
	if len(links) > 0 {
		for _, l := range links {
			if l.Reason != "" {
				return aws.NotKnown[[]string](l.Reason, v.Pos)
			}
		}
		return aws.NotKnown[[]string]("it names "+links[0].Address+" as well as "+links[1].Address, v.Pos)
	}
	id := r.Address + "/store/" + suffix
	if c.byID[id] == nil {
		s := c.add(id, typ, product, r.Pos)
		if v.Kind == terraform.Unknown {
			reason = v.Reason
			s.name = aws.Unknown[string](v)
		} else {
			s.name = aws.Declared(v.Text[strings.LastIndex(v.Text, ":")+1:], v.Pos)
		}
		s.elsewhere(reason)
	}
	return aws.Declared([]string{c.x.Reference(id)}, v.Pos)
}

// copies fills remote: what subscription filters and replication copy elsewhere.
func (c *collection) copies() {
	for _, f := range c.x.OfType("aws_cloudwatch_log_subscription_filter") {
		to := c.subscriber(f)
		for _, l := range c.x.Named(f.Body.Get("log_group_name"), "aws_cloudwatch_log_group") {
			s := c.byID[l.Address]
			if s == nil {
				continue
			}
			one := to
			if l.Reason != "" || !f.KnownCount {
				one = aws.NotKnown[[]string](f.Address+" may copy from the group", f.Pos)
			}
			s.remote = aws.Union(s.remote, one)
		}
	}
}

// subscriber gives the stores that a subscription filter ends in.
func (c *collection) subscriber(f *terraform.Resource) aws.Answer[[]string] {
	v := f.Body.Get("destination_arn")
	links := c.x.Named(v, "aws_kinesis_firehose_delivery_stream")
	if len(links) == 1 && links[0].Reason == "" {
		return c.delivers(links[0].Resource)
	}
	return aws.NotKnown[[]string]("where "+f.Address+" copies to is not known", v.Pos)
}
