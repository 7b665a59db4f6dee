package google

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Bucket reads one bucket of Cloud Storage with the resources that configure it.
type Bucket struct {
	*terraform.Resource
	x Index
}

// Bucket returns the reader of one google_storage_bucket.
func (x Index) Bucket(r *terraform.Resource) Bucket { return Bucket{r, x} }

// Location returns where the bucket stands, and its countries: of a pair of
// regions that the customer chose, those of both.
func (b Bucket) Location() (aws.Answer[string], aws.Answer[[]string]) {
	location := aws.Then(aws.Text(b.Body, "", "location"), region)
	if location.Known() && location.Value == "" {
		location = aws.NotKnown[string]("the location is not written", b.Pos)
	}
	pair := aws.Block(b.Body, "custom_placement_config")
	switch {
	case pair.Kind == terraform.Unknown:
		return location, aws.Unknown[[]string](pair)
	case pair.Unset():
		return location, Countries(location)
	}
	regions := aws.Texts(pair, "data_locations")
	if !regions.Known() {
		return location, regions
	}
	out := aws.Declared([]string{}, regions.Pos)
	for _, name := range regions.Value {
		out = aws.Union(out, Countries(aws.Declared(region(name), regions.Pos)))
	}
	out.Pos = regions.Pos
	if out.Known() && len(out.Value) == 0 {
		return location, aws.NotKnown[[]string]("the pair of regions is empty", regions.Pos)
	}
	return location, out
}

// Key returns the key new objects are encrypted with: one of the customer's, or
// Google's. Cloud Storage encrypts every object (Cloud Storage documentation,
// "Data encryption options").
func (b Bucket) Key() aws.Key {
	location, _ := b.Location()
	absent := ManagedKey(location, b.Pos)
	block := aws.Block(b.Body, "encryption")
	if block.Kind == terraform.Unknown {
		return aws.UnknownKey(block.Reason, block.Pos)
	}
	return b.x.Key(block.Get("default_kms_key_name"), absent)
}

// Versioned reports whether former versions of objects are kept.
func (b Bucket) Versioned() aws.Answer[bool] {
	block := aws.Block(b.Body, "versioning")
	switch {
	case block.Kind == terraform.Unknown:
		return aws.Unknown[bool](block)
	case block.Unset():
		return aws.Default(false, b.Pos)
	}
	return aws.Bool(block, false, "enabled")
}

// Uniform reports whether access lists are switched off, so that grants alone
// decide. A bucket with a hierarchy of folders has to be so.
func (b Bucket) Uniform() aws.Answer[bool] {
	return aws.Bool(b.Body, false, "uniform_bucket_level_access")
}

// LockDays returns how long a new object cannot be deleted, 0 if not at all.
func (b Bucket) LockDays() aws.Answer[int] {
	block := aws.Block(b.Body, "retention_policy")
	switch {
	case block.Kind == terraform.Unknown:
		return aws.Unknown[int](block)
	case block.Unset():
		return aws.Default(0, b.Pos)
	}
	return aws.Then(aws.Int(block, 0, "retention_period"), Whole)
}

// Locked reports whether the period of [Bucket.LockDays] can no longer be
// shortened.
func (b Bucket) Locked() aws.Answer[bool] {
	block := aws.Block(b.Body, "retention_policy")
	switch {
	case block.Kind == terraform.Unknown:
		return aws.Unknown[bool](block)
	case block.Unset():
		return aws.Default(false, b.Pos)
	}
	return aws.Bool(block, false, "is_locked")
}

// SoftDays returns how long a deleted object can be restored: seven days unless
// the bucket says otherwise.
func (b Bucket) SoftDays() aws.Answer[int] {
	block := aws.Block(b.Body, "soft_delete_policy")
	switch {
	case block.Kind == terraform.Unknown:
		return aws.Unknown[int](block)
	case block.Unset():
		return aws.Default(7, b.Pos)
	}
	return aws.Then(aws.Int(block, 7*day, "retention_duration_seconds"), Whole)
}

// Access judges who may reach the bucket: grants, and access lists where they
// count. Where prevention is enforced none of them opens it.
func (b Bucket) Access() aws.Access {
	grants, byGrants := b.openGrants()
	lists, byLists := b.openLists()
	prevented := b.prevented()
	guarded := aws.Then(prevented, func(s string) bool { return s == "full" })
	return aws.Access{
		Public: aws.And(aws.Or(grants, lists), aws.Not(guarded)),
		By:     aws.Union(named(grants, byGrants), named(lists, byLists)),
		Block:  prevented,
	}
}

// named gives what opens the bucket, which is whole only if it is known whether
// anything does.
func named(open aws.Answer[bool], by []string) aws.Answer[[]string] {
	if !open.Known() {
		return aws.NotKnown[[]string](open.Reason, open.Pos)
	}
	if by == nil || !open.Value {
		by = []string{}
	}
	return aws.Answer[[]string]{Value: by, Default: open.Default, Pos: open.Pos}
}

// preventions are the resources by which an organisation policy may enforce what
// a bucket leaves to be inherited.
var preventions = []string{
	"google_org_policy_policy", "google_organization_policy", "google_folder_organization_policy", "google_project_organization_policy",
}

// prevented reads public access prevention: full if enforced, off if left to be
// inherited, since the constraint is not enforced unless an organisation says so.
func (b Bucket) prevented() aws.Answer[string] {
	own := aws.Text(b.Body, "inherited", "public_access_prevention")
	switch {
	case !own.Known():
		return own
	case own.Value == "enforced":
		return aws.Declared("full", own.Pos)
	case own.Value != "inherited" && own.Value != "unspecified":
		return aws.NotKnown[string]("public_access_prevention "+own.Value+" is not in the table", own.Pos)
	}
	for _, p := range b.x.OfType(preventions...) {
		name := aws.Text(p.Body, "", "name")
		if v := p.Body.Get("constraint"); !v.Unset() {
			name = aws.Text(p.Body, "", "constraint")
		}
		if !name.Known() || strings.Contains(name.Value, "storage.publicAccessPrevention") {
			return aws.NotKnown[string](p.Address+" may enforce it", own.Pos)
		}
	}
	return aws.Answer[string]{Value: "off", Default: own.Default, Pos: own.Pos}
}

// openGrants judges the roles given on the bucket and on its managed folders.
func (b Bucket) openGrants() (aws.Answer[bool], []string) {
	open, by := aws.Default(false, b.Pos), []string{}
	for _, typ := range []string{"google_storage_bucket", "google_storage_managed_folder"} {
		for _, kind := range []string{"_iam_member", "_iam_binding", "_iam_policy"} {
			for _, l := range b.x.Attached(b.Resource, typ+kind, "bucket") {
				for _, g := range b.x.Grants(l.Resource) {
					one := g.Public()
					if one.Known() && one.Value && l.Reason == "" {
						by = append(by, "grant "+g.ID)
						one.Pos = g.Pos
					}
					if l.Reason != "" {
						one = aws.And(one, aws.NotKnown[bool](l.Reason, l.Pos))
					}
					open = aws.Or(open, one)
				}
			}
		}
	}
	return open, by
}

// openCanned are the predefined access lists that admit everyone. Source: Cloud
// Storage documentation, "Access control lists", predefined ACLs.
var openCanned = []string{"publicRead", "publicReadWrite", "authenticatedRead"}

// openLists judges the access lists of the bucket and those it gives to new
// objects. Lists do not count where access is uniform.
func (b Bucket) openLists() (aws.Answer[bool], []string) {
	open, by := aws.Default(false, b.Pos), []string{}
	add := func(l aws.Link, one aws.Answer[bool], text string) {
		if one.Known() && one.Value && l.Reason == "" {
			by = append(by, text)
		}
		if l.Reason != "" {
			one = aws.And(one, aws.NotKnown[bool](l.Reason, l.Pos))
		}
		open = aws.Or(open, one)
	}
	for _, typ := range []string{"google_storage_bucket_acl", "google_storage_default_object_acl", "google_storage_object_acl"} {
		for _, l := range b.x.Attached(b.Resource, typ, "bucket") {
			for _, argument := range []string{"predefined_acl", "default_acl"} {
				canned := aws.Text(l.Body, "", argument)
				add(l, aws.Then(canned, isOpenCanned), l.Address+" "+canned.Value)
			}
			entities := aws.Texts(l.Body, "role_entity")
			add(l, aws.Then(entities, func(list []string) bool {
				for _, e := range list {
					if _, who, ok := strings.Cut(e, ":"); ok && everyone(who) {
						return true
					}
				}
				return false
			}), l.Address)
		}
	}
	for _, typ := range []string{"google_storage_bucket_access_control", "google_storage_default_object_access_control", "google_storage_object_access_control"} {
		for _, l := range b.x.Attached(b.Resource, typ, "bucket") {
			add(l, aws.Then(aws.Text(l.Body, "", "entity"), everyone), l.Address)
		}
	}
	return aws.And(open, aws.Not(b.Uniform())), by
}

func isOpenCanned(list string) bool {
	for _, one := range openCanned {
		if strings.EqualFold(list, one) {
			return true
		}
	}
	return false
}

// noDays is an answer that stands for no bound.
func noDays(at fact.Position) aws.Answer[int] { return aws.Default(fact.Unbounded, at) }
