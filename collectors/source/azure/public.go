package azure

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// FlexiblePublic reports whether a flexible server has a public endpoint: not in
// a subnet of its own, and public access not switched off. Of MySQL the provider
// documents no default; without a subnet the service then makes one.
func FlexiblePublic(r *terraform.Resource) aws.Answer[bool] {
	subnet := First(r.Body, "delegated_subnet_id")
	if !subnet.Unset() && (subnet.Kind != terraform.Unknown || subnet.Direct) {
		return aws.Declared(false, subnet.Pos)
	}
	on := aws.Bool(r.Body, true, "public_network_access_enabled")
	if v := r.Body.Get("public_network_access"); !v.Unset() {
		on = Enabled(r.Body, true, "public_network_access")
	}
	if subnet.Kind == terraform.Unknown {
		return aws.And(on, aws.Unknown[bool](subnet))
	}
	return on
}

// CosmosPublic reports whether an account of Cosmos DB answers everyone, or all of
// Azure: public access on, and neither addresses nor subnets named that alone are
// let in.
func (x Index) CosmosPublic(r *terraform.Resource) aws.Answer[bool] {
	on := aws.Bool(r.Body, true, "public_network_access_enabled")
	none := aws.Then(CosmosAddresses(r), func(list []string) bool {
		return len(list) == 0 || slices.Contains(list, servicesOfAzure)
	})
	filtered := aws.Bool(r.Body, false, "is_virtual_network_filter_enabled")
	return aws.And(on, aws.And(none, aws.Not(filtered)))
}

// RedisPublic reports whether a cache answers everyone: in no subnet, public
// access on, and no rule of its firewall, which would let in only its range.
func (x Index) RedisPublic(r *terraform.Resource) aws.Answer[bool] {
	subnet := First(r.Body, "subnet_id")
	outside := aws.Answer[bool]{Value: subnet.Unset(), Default: subnet.Unset(), Pos: orPosition(subnet.Pos, r.Pos)}
	if subnet.Kind == terraform.Unknown && !subnet.Direct {
		outside = aws.Unknown[bool](subnet)
	}
	f, rules := x.RedisFirewall(r)
	open := aws.Or(aws.Not(rules), f.Everyone)
	return aws.And(aws.And(outside, aws.Bool(r.Body, true, "public_network_access_enabled")), open)
}

// RedisFirewall reads the rules of a cache, and whether there are any.
func (x Index) RedisFirewall(r *terraform.Resource) (Firewall, aws.Answer[bool]) {
	rules := aws.Default(false, r.Pos)
	for _, l := range x.Attached(r, "azurerm_redis_firewall_rule", "redis_cache_name") {
		if l.Reason == "" {
			rules = aws.Declared(true, l.Pos)
		} else {
			rules = aws.Or(rules, aws.NotKnown[bool](l.Reason, l.Pos))
		}
	}
	return x.Firewall(r, "azurerm_redis_firewall_rule", "start_ip", "end_ip", "redis_cache_name"), rules
}

// CosmosAddresses are the addresses that alone are let in, none for everyone; up
// to version 3 of the provider they are one string with commas. 0.0.0.0 stands
// for all of Azure.
func CosmosAddresses(r *terraform.Resource) aws.Answer[[]string] {
	v := r.Body.Get("ip_range_filter")
	if v.Kind == terraform.String {
		out := []string{}
		for _, s := range strings.Split(v.Text, ",") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
		return aws.Declared(out, v.Pos)
	}
	return aws.Texts(r.Body, "ip_range_filter")
}
