package logs

import (
	"cmp"
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// source is one log.source before it is written into a document.
type source struct {
	id, typ, product, category     string
	provider                       string // "" is aws
	basis                          string // "" is declared
	own                            bool   // no provider runs it
	of                             aws.Answer[string]
	at                             fact.Position
	enabled                        aws.Answer[bool]
	fields                         map[string]string // name → form
	fieldsUnknown, settingsUnknown aws.Answer[bool]  // why they are not known
	settings                       map[string]aws.Answer[string]
	stores                         aws.Answer[[]string]
}

func newSource(id, of, typ, product, category string, r *terraform.Resource) *source {
	return &source{
		id: id, of: aws.Declared(of, r.Pos), typ: typ, product: product, category: category, at: r.Pos, enabled: aws.Declared(true, r.Pos),
		fields: map[string]string{}, settings: map[string]aws.Answer[string]{}, stores: aws.Default([]string{}, r.Pos),
	}
}

// records names the parts of records that are personal or secret, in full.
func (s *source) records(names ...string) *source {
	for _, n := range names {
		s.fields[n] = "full"
	}
	return s
}

// put writes the source into a document.
func (c *collection) put(s *source) {
	item := c.sources.Add(s.id, cmp.Or(s.basis, "declared"), s.at)
	if !s.own {
		s.provider = cmp.Or(s.provider, "aws")
	}
	item.Set("provider", s.provider, fact.Position{}).Set("type", s.typ, fact.Position{})
	item.Set("product", s.product, fact.Position{}).Set("category", s.category, fact.Position{})
	s.of.Put(item, "of")
	s.enabled.Put(item, "enabled")
	switch {
	case !s.fieldsUnknown.Known():
		item.Gap("fields", s.fieldsUnknown.Reason, s.fieldsUnknown.Pos)
	case len(s.fields) == 0:
		item.Set("fields", []any{}, fact.Position{})
	}
	if s.fieldsUnknown.Known() {
		for _, name := range fact.SortedKeys(s.fields) {
			item.Append("fields", fact.Position{}).Set("name", name, fact.Position{}).Set("form", s.fields[name], fact.Position{})
		}
	}
	if !s.settingsUnknown.Known() {
		item.Gap("settings", s.settingsUnknown.Reason, s.settingsUnknown.Pos)
	} else if len(s.settings) == 0 {
		item.Set("settings", []any{}, fact.Position{})
	}
	for _, name := range fact.SortedKeys(s.settings) {
		if !s.settingsUnknown.Known() {
			break
		}
		value := s.settings[name]
		o := item.Append("settings", value.Pos)
		o.Set("name", name, fact.Position{})
		value.Put(o, "value")
	}
	s.stores.Put(item, "stores")
	if !s.stores.Known() {
		c.missing = append(c.missing, s.id+": where it writes to: "+s.stores.Reason)
	}
}

// owner names what a source is of: the resource an argument refers to, else the
// text written.
func (c *collection) owner(v *terraform.Value, types ...string) aws.Answer[string] {
	links := c.x.Named(v, types...)
	switch {
	case len(links) == 1 && links[0].Reason == "":
		return aws.Declared(links[0].Address, v.Pos)
	case v.Kind == terraform.String:
		return aws.Declared(v.Text, v.Pos)
	case v.Direct && len(v.Refs) == 1:
		return aws.Declared(v.Refs[0].Address, v.Pos)
	case v.Unset():
		return aws.Default("", v.Pos)
	}
	return aws.Unknown[string](v)
}

// about sets what the source is of.
func (s *source) about(of aws.Answer[string]) *source {
	s.of = of
	return s
}

// trail reads aws_cloudtrail. Files are digested only with
// enable_log_file_validation.
func (c *collection) trail(r *terraform.Resource) {
	s := newSource(r.Address, "", "audit_trail", "cloudtrail", "security_audit", r).records("client_address", "user_name")
	s.enabled = aws.Bool(r.Body, true, "enable_logging")
	for name, absent := range map[string]string{
		"enable_log_file_validation": "false", "is_multi_region_trail": "false", "is_organization_trail": "false", "include_global_service_events": "true",
	} {
		s.settings[name] = aws.Text(r.Body, absent, name)
	}
	s.settings["management_events"] = managementEvents(r)
	s.settings["data_events"] = dataEvents(r)
	prefix := folder(aws.Text(r.Body, "", "s3_key_prefix"))
	bucket := c.bucketAt(r, r.Body.Get("s3_bucket_name"), prefix, "bucket")
	sealed := aws.Bool(r.Body, false, "enable_log_file_validation")
	if bucket.Known() {
		for _, ref := range bucket.Value {
			if one := c.byReference(ref); one != nil {
				one.sealed = aws.Or(one.sealed, sealed)
				c.trailKey(one, r)
			}
		}
	}
	s.stores = aws.Union(bucket, c.groupAt(r, r.Body.Get("cloud_watch_logs_group_arn"), "group"))
	c.put(s)
}

// trailKey notes the key a trail encrypts its files with, over the bucket's.
func (c *collection) trailKey(s *store, r *terraform.Resource) {
	if v := r.Body.Get("kms_key_id"); !v.Unset() {
		s.encrypted = aws.Declared("encrypted", v.Pos)
		s.key = c.x.Key(v, r, aws.ManagedKey(true, r, v.Pos)).Manager
	}
}

func (c *collection) byReference(ref string) *store {
	for _, s := range c.stores {
		if c.x.Reference(s.id) == ref {
			return s
		}
	}
	return nil
}

// managementEvents reads which management events a trail records: all, unless
// selectors say less.
func managementEvents(r *terraform.Resource) aws.Answer[string] {
	selectors, reason := aws.Blocks(r.Body, "event_selector")
	advanced, other := aws.Blocks(r.Body, "advanced_event_selector")
	switch {
	case reason+other != "":
		return aws.NotKnown[string](reason+other, r.Pos)
	case len(advanced) > 0:
		return advancedEvents(advanced, "Management")
	case len(selectors) == 0:
		return aws.Default("All", r.Pos)
	}
	out := aws.Declared("none", selectors[0].Pos)
	for _, s := range selectors {
		on := aws.Bool(s, true, "include_management_events")
		if !on.Known() {
			return aws.NotKnown[string](on.Reason, on.Pos)
		}
		if on.Value {
			out = aws.Text(s, "All", "read_write_type")
		}
	}
	return out
}

// dataEvents reads the types of resources whose data events a trail records.
func dataEvents(r *terraform.Resource) aws.Answer[string] {
	selectors, reason := aws.Blocks(r.Body, "event_selector")
	advanced, other := aws.Blocks(r.Body, "advanced_event_selector")
	if reason+other != "" {
		return aws.NotKnown[string](reason+other, r.Pos)
	}
	if len(advanced) > 0 {
		return advancedEvents(advanced, "Data")
	}
	out := aws.Default("none", r.Pos)
	for _, s := range selectors {
		if data, reason := aws.Blocks(s, "data_resource"); reason != "" {
			return aws.NotKnown[string](reason, s.Pos)
		} else if len(data) > 0 {
			out = aws.Text(data[0], "", "type")
		}
	}
	return out
}

// advancedEvents reports whether an advanced selector takes a category of events.
func advancedEvents(selectors []*terraform.Value, category string) aws.Answer[string] {
	for _, s := range selectors {
		fields, reason := aws.Blocks(s, "field_selector")
		if reason != "" {
			return aws.NotKnown[string](reason, s.Pos)
		}
		for _, f := range fields {
			name, equals := aws.Text(f, "", "field"), aws.Texts(f, "equals")
			if !name.Known() || !equals.Known() {
				return aws.NotKnown[string](name.Reason+equals.Reason, f.Pos)
			}
			if name.Value == "eventCategory" && slices.Contains(equals.Value, category) {
				return aws.Declared("selected", s.Pos)
			}
		}
	}
	return aws.Declared("none", selectors[0].Pos)
}

// eventDataStore reads aws_cloudtrail_event_data_store, kept for 2555 days by
// default.
func (c *collection) eventDataStore(r *terraform.Resource) {
	st := c.add(r.Address, "table", "cloudtrail_lake", r.Pos)
	st.name = aws.Text(r.Body, "", "name")
	days := aws.Int(r.Body, 2555, "retention_period")
	st.least, st.most = days, days
	st.key = c.x.Key(r.Body.Get("kms_key_id"), r, aws.ManagedKey(true, r, r.Pos)).Manager
	st.appendOnly = aws.Default(true, r.Pos)
	s := newSource(r.Address+"/events", "", "audit_trail", "cloudtrail_lake", "security_audit", r).records("client_address", "user_name")
	s.stores = aws.Declared([]string{c.x.Reference(st.id)}, r.Pos)
	c.put(s)
}
