package azure

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Account reads one storage account with the resources that configure it.
type Account struct {
	*terraform.Resource
	x Index
}

// Account returns the reader of an azurerm_storage_account.
func (x Index) Account(r *terraform.Resource) Account { return Account{r, x} }

// setting is where a setting is written: in a resource of its own, or in the
// account's own block.
func (a Account) setting(typ, block string) *terraform.Value {
	r, reason := aws.Only(a.x.Attached(a.Resource, typ, "storage_account_id"))
	switch {
	case reason != "":
		return &terraform.Value{Kind: terraform.Unknown, Reason: reason, Pos: a.Pos}
	case r != nil:
		return r.Body
	}
	return aws.Block(a.Body, block)
}

// Key returns the key that encrypts the account. Azure Storage encrypts all data
// at rest, with a key of its own where no other is named.
func (a Account) Key() aws.Key {
	at := a.setting("azurerm_storage_account_customer_managed_key", "customer_managed_key")
	platform := PlatformKey(Region(a.Resource), a.Pos)
	if at.Kind == terraform.Unknown {
		return aws.UnknownKey(at.Reason, at.Pos)
	}
	if at.Unset() {
		return platform
	}
	v := First(at, "key_vault_key_id", "managed_hsm_key_id")
	if vault := at.Get("key_vault_id"); v.Unset() && !vault.Unset() {
		return a.keyByName(at, vault, platform)
	}
	return a.x.Key(v, Never(at.Pos), platform)
}

// keyByName resolves the older form, a vault and the name of a key in it; the
// account follows new versions unless one is named.
func (a Account) keyByName(at, vault *terraform.Value, platform aws.Key) aws.Key {
	name := at.Get("key_name")
	k := a.x.Key(name, Never(at.Pos), platform)
	if version := at.Get("key_version"); version.Unset() {
		if r, _ := a.x.One(name, "the key", keyTypes...); r != nil {
			k.Rotation = a.x.rotation(r)
		}
	} else {
		k.Rotation = aws.Declared(fact.Unbounded, version.Pos)
	}
	return k
}

// Geo reports whether the account's data is copied to the paired region.
func (a Account) Geo() aws.Answer[bool] {
	kind := aws.Text(a.Body, "", "account_replication_type")
	if kind.Default {
		return aws.NotKnown[bool]("account_replication_type is not written", a.Pos)
	}
	if !kind.Known() {
		return aws.NotKnown[bool](kind.Reason, kind.Pos)
	}
	switch strings.ToUpper(kind.Value) {
	case "LRS", "ZRS":
		return aws.Declared(false, kind.Pos)
	case "GRS", "RAGRS", "GZRS", "RAGZRS":
		return aws.Declared(true, kind.Pos)
	}
	return aws.NotKnown[bool]("replication type "+kind.Value+" is not in the table", kind.Pos)
}

// Rules is what the account's own network rules let in.
type Rules struct {
	// Public is whether the public endpoint answers anyone at all.
	Public aws.Answer[bool]
	// Open is whether it answers everyone: no rule denies by default.
	Open aws.Answer[bool]
	// Admits are the addresses that rules let in, where it is not open.
	Admits aws.Answer[[]string]
}

// Rules reads public_network_access_enabled (on by default) and the network
// rules, without which everyone is let in.
func (a Account) Rules() Rules {
	n := Rules{Public: aws.Bool(a.Body, true, "public_network_access_enabled")}
	at := a.setting("azurerm_storage_account_network_rules", "network_rules")
	switch {
	case at.Kind == terraform.Unknown:
		n.Open, n.Admits = aws.Unknown[bool](at), aws.Unknown[[]string](at)
	case at.Unset():
		n.Open, n.Admits = aws.Default(true, a.Pos), aws.Default([]string{}, a.Pos)
	default:
		n.Open = aws.Then(aws.Text(at, "Allow", "default_action"), func(s string) bool { return !strings.EqualFold(s, "Deny") })
		n.Admits = Blocks(aws.Texts(at, "ip_rules"))
	}
	n.Open = aws.And(n.Public, n.Open)
	return n
}

// Anonymous reports whether anyone may read without an account, and which
// settings say so. Containers opt in, as far as the account lets them; the
// provider let them by default up to version 4 and does not from version 5. A
// static website is read by everyone whatever that says.
func (a Account) Anonymous() (aws.Answer[bool], aws.Answer[[]string]) {
	open, by := aws.Default(false, a.Pos), aws.Default([]string{}, a.Pos)
	allowed := a.Nested()
	for _, c := range a.Containers() {
		public := aws.Then(aws.Text(c.Body, "private", "container_access_type"), func(s string) bool { return !strings.EqualFold(s, "private") })
		if c.Reason != "" && !(public.Known() && !public.Value) {
			public = aws.NotKnown[bool](c.Reason, c.Pos)
		}
		open = aws.Or(open, aws.And(public, allowed))
		by = aws.Union(by, because(public, c.Address+" container_access_type"))
	}
	site := a.website()
	open, by = aws.Or(open, site), aws.Union(by, because(site, "static_website"))
	return aws.And(open, a.Rules().Open), by
}

func because(yes aws.Answer[bool], what string) aws.Answer[[]string] {
	return aws.Then(yes, func(on bool) []string {
		if on {
			return []string{what}
		}
		return []string{}
	})
}

// Nested reports whether containers may be public.
func (a Account) Nested() aws.Answer[bool] {
	name := Written(a.Body, "allow_nested_items_to_be_public", "allow_blob_public_access")
	allowed := aws.Bool(a.Body, true, name)
	if allowed.Default {
		return aws.NotKnown[bool](name+": "+Turned, a.Pos)
	}
	return allowed
}

// Containers returns the containers of the account, by either argument.
func (a Account) Containers() []aws.Link {
	return a.inside("azurerm_storage_container")
}

// inside returns the resources of a type that name the account.
func (a Account) inside(typ string) []aws.Link {
	out := a.x.Attached(a.Resource, typ, "storage_account_id")
	for _, l := range a.x.Attached(a.Resource, typ, "storage_account_name") {
		if !slices.ContainsFunc(out, func(o aws.Link) bool { return o.Resource == l.Resource }) {
			out = append(out, l)
		}
	}
	return out
}

func (a Account) website() aws.Answer[bool] {
	at := a.setting("azurerm_storage_account_static_website", "static_website")
	if at.Kind == terraform.Unknown {
		return aws.Unknown[bool](at)
	}
	return aws.Answer[bool]{Value: !at.Unset(), Default: at.Unset(), Pos: orPosition(at.Pos, a.Pos)}
}

func orPosition(p, otherwise fact.Position) fact.Position {
	if p.IsZero() {
		return otherwise
	}
	return p
}

// Versioned reports whether former or deleted blobs are kept: versions, or
// deletion that is soft.
func (a Account) Versioned() aws.Answer[bool] {
	blobs := aws.Block(a.Body, "blob_properties")
	switch {
	case blobs.Kind == terraform.Unknown:
		return aws.Unknown[bool](blobs)
	case blobs.Unset():
		return aws.Default(false, a.Pos)
	}
	soft := aws.Block(blobs, "delete_retention_policy")
	kept := aws.Answer[bool]{Value: !soft.Unset(), Default: soft.Unset(), Pos: orPosition(soft.Pos, blobs.Pos)}
	if soft.Kind == terraform.Unknown {
		kept = aws.Unknown[bool](soft)
	}
	return aws.Or(aws.Bool(blobs, false, "versioning_enabled"), kept)
}

// SoftDays is how long deleted blobs are kept, 0 if not at all; 7 where the
// block says nothing.
func (a Account) SoftDays() aws.Answer[int] {
	soft := aws.Block(a.Body, "blob_properties", "delete_retention_policy")
	switch {
	case soft.Kind == terraform.Unknown:
		return aws.Unknown[int](soft)
	case soft.Unset():
		return aws.Default(0, a.Pos)
	}
	return aws.Int(soft, 7, "days")
}

// RestoreDays is how far back blobs can be restored to a point in time, 0 if not
// at all.
func (a Account) RestoreDays() aws.Answer[int] {
	at := aws.Block(a.Body, "blob_properties", "restore_policy")
	switch {
	case at.Kind == terraform.Unknown:
		return aws.Unknown[int](at)
	case at.Unset():
		return aws.Default(0, a.Pos)
	}
	return aws.Int(at, 0, "days")
}
