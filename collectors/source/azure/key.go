package azure

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// PlatformKey is the key that Azure encrypts with where the customer brings
// none. How often it is rotated is not published.
func PlatformKey(region aws.Answer[string], at fact.Position) aws.Key {
	return aws.Key{
		Manager: aws.Default("provider", at), Rotation: aws.NotKnown[int]("how often Microsoft rotates its own keys is not published", at),
		Location: aws.Default("", at), Holder: aws.Default("azure", at), Country: Country(region),
	}
}

// keyTypes are the resources that are keys.
var keyTypes = []string{"azurerm_key_vault_key", "azurerm_key_vault_managed_hardware_security_module_key"}

// Key resolves the argument that names a key of a key vault. absent is the key
// used where it is not written. follows says whether the service takes up a new
// version of a key of which one version is named; where it does not, nothing
// rotates what encrypts.
func (x Index) Key(v *terraform.Value, follows aws.Answer[bool], absent aws.Key) aws.Key {
	if v.Unset() || v.Kind == terraform.String && v.Text == "" {
		return absent
	}
	k := aws.Key{Manager: aws.Declared("customer", v.Pos), Holder: aws.Declared("azure", v.Pos)}
	r, reason := x.One(v, "the key", keyTypes...)
	switch d := x.data(v, keyTypes...); {
	case r != nil:
		k.Location, k.Country, k.Rotation = aws.Declared(r.Address, v.Pos), x.keyCountry(r), x.rotation(r)
	case d != nil:
		k.Location = aws.Declared(d.Address, v.Pos)
		k.Country, k.Rotation = aws.NotKnown[string]("the key is managed elsewhere", v.Pos), aws.NotKnown[int]("the key is managed elsewhere", v.Pos)
	case v.Kind == terraform.String && strings.HasPrefix(v.Text, "https://"):
		k.Location = aws.Declared(v.Text, v.Pos)
		k.Country, k.Rotation = aws.NotKnown[string]("the key is managed elsewhere", v.Pos), aws.NotKnown[int]("the key is managed elsewhere", v.Pos)
	default:
		return aws.UnknownKey(reason, v.Pos)
	}
	switch named := oneVersion(v); {
	case !named.Known():
		k.Rotation = aws.NotKnown[int](named.Reason, v.Pos)
	case !named.Value:
	case !follows.Known():
		k.Rotation = aws.NotKnown[int](follows.Reason, follows.Pos)
	case !follows.Value:
		k.Rotation = aws.Declared(fact.Unbounded, v.Pos)
	}
	return k
}

// Never says that a service stays with the version it is given.
func Never(at fact.Position) aws.Answer[bool] { return aws.Default(false, at) }

// oneVersion reports whether a value names one version of a key. Attributes of
// the provider say it by their names; an address ends in the version.
func oneVersion(v *terraform.Value) aws.Answer[bool] {
	if v.Direct && len(v.Refs) == 1 {
		name := v.Refs[0].Path[strings.LastIndexByte(v.Refs[0].Path, '.')+1:]
		switch name {
		case "versionless_id", "resource_versionless_id":
			return aws.Declared(false, v.Pos)
		case "id":
			// The id of a key in a managed HSM names no version.
			return aws.Declared(!strings.Contains(v.Refs[0].Address, "managed_hardware_security_module_key"), v.Pos)
		case "resource_id", "versioned_id":
			return aws.Declared(true, v.Pos)
		}
	}
	if v.Kind == terraform.String {
		_, rest, ok := strings.Cut(v.Text, "/keys/")
		if ok {
			return aws.Declared(strings.Contains(strings.Trim(rest, "/"), "/"), v.Pos)
		}
	}
	return aws.NotKnown[bool]("whether one version of the key is named is not known", v.Pos)
}

// data returns the data source of a type that a value refers to.
func (x Index) data(v *terraform.Value, types ...string) *terraform.Resource {
	if !v.Direct || len(v.Refs) != 1 {
		return nil
	}
	r := x.Resource(v.Refs[0].Address)
	if r == nil || r.Mode != "data" {
		return nil
	}
	for _, t := range types {
		if r.Type == t {
			return r
		}
	}
	return nil
}

// keyCountry is where the vault of a key stands.
func (x Index) keyCountry(r *terraform.Resource) aws.Answer[string] {
	vault := First(r.Body, "key_vault_id", "managed_hsm_id")
	v, reason := x.One(vault, "the key vault", "azurerm_key_vault", "azurerm_key_vault_managed_hardware_security_module")
	if v == nil {
		return aws.NotKnown[string](reason, r.Pos)
	}
	return Country(Region(v))
}

// rotation reads how often a vault makes a new version of a key: never without a
// policy that says so, else some time after the last version or before it
// expires.
func (x Index) rotation(r *terraform.Resource) aws.Answer[int] {
	if r.Type != "azurerm_key_vault_key" {
		return x.hsmRotation(r)
	}
	return rotationPolicy(aws.Block(r.Body, "rotation_policy"), r.Pos, aws.Block(r.Body, "rotation_policy", "automatic"))
}

func rotationPolicy(policy *terraform.Value, at fact.Position, automatic *terraform.Value) aws.Answer[int] {
	switch {
	case policy.Kind == terraform.Unknown:
		return aws.Unknown[int](policy)
	case automatic.Kind == terraform.Unknown:
		return aws.Unknown[int](automatic)
	case policy.Unset():
		return aws.Default(fact.Unbounded, at)
	case automatic.Unset():
		return aws.Declared(fact.Unbounded, policy.Pos)
	}
	if v := automatic.Get("time_after_creation"); !v.Unset() {
		return Days(aws.Text(automatic, "", "time_after_creation"))
	}
	before, life := automatic.Get("time_before_expiry"), policy.Get("expire_after")
	if before.Unset() || life.Unset() {
		return aws.Declared(fact.Unbounded, automatic.Pos)
	}
	early := Days(aws.Text(automatic, "", "time_before_expiry"))
	all := Days(aws.Text(policy, "", "expire_after"))
	switch {
	case !early.Known():
		return early
	case !all.Known():
		return all
	}
	return aws.Declared(max(all.Value-early.Value, 0), early.Pos)
}

// hsmRotation: the policy of a key in a managed HSM is a resource of its own.
func (x Index) hsmRotation(r *terraform.Resource) aws.Answer[int] {
	const typ = "azurerm_key_vault_managed_hardware_security_module_key_rotation_policy"
	p, reason := aws.Only(x.Attached(r, typ, "managed_hsm_key_id"))
	switch {
	case reason != "":
		return aws.NotKnown[int](reason, r.Pos)
	case p == nil:
		return aws.Default(fact.Unbounded, r.Pos)
	}
	return rotationPolicy(p.Body, p.Pos, p.Body)
}
