package ports

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// subnets adds the blocks of subnets that a rule of a service lets in.
func (a *azureReader) subnets(admits aws.Answer[[]string], r *terraform.Resource, typ string, arguments ...string) aws.Answer[[]string] {
	for _, argument := range arguments {
		for _, l := range a.Attached(r, typ, argument) {
			s, reason := a.network.Subnet(l.Body.Get("subnet_id"))
			blocks := aws.NotKnown[[]string](reason, l.Pos)
			if s != nil && s.Resource != nil {
				blocks = azure.Blocks(aws.Texts(s.Resource.Body, "address_prefixes"))
			}
			admits = aws.Union(admits, blocks)
		}
	}
	return admits
}

func (a *azureReader) sqlServer(r *terraform.Resource) {
	f := a.x.Firewall(r, "azurerm_mssql_firewall_rule", "start_ip_address", "end_ip_address", "server_id")
	admits := a.subnets(f.Admits, r, "azurerm_mssql_virtual_network_rule", "server_id")
	a.service(r, outside(r, "database", "sqlserver", 1433), aws.Bool(r.Body, true, "public_network_access_enabled"), admits)
}

// sqlInstance publishes a managed instance in its subnet, and at its public
// endpoint on port 3342 where that is on.
func (a *azureReader) sqlInstance(r *terraform.Resource) {
	subnet := r.Body.Get("subnet_id")
	a.within(r, of(r, "database").named("sqlserver").fixed(1433), subnet)
	on := aws.Bool(r.Body, false, "public_data_endpoint_enabled")
	if on.Known() && !on.Value {
		return
	}
	p := of(r, "database").named("sqlserver").fixed(3342)
	p.id += "/public"
	p.scope = unless(on, aws.Declared("internet", on.Pos))
	p.azure = a.in(subnet, subnet.Pos, nil, "")
	a.publish(p)
}

func (a *azureReader) flexible(r *terraform.Resource) {
	product, port, rule := "postgres", 5432, "azurerm_postgresql_flexible_server_firewall_rule"
	if r.Type == "azurerm_mysql_flexible_server" {
		product, port, rule = "mysql", 3306, "azurerm_mysql_flexible_server_firewall_rule"
	}
	p := outside(r, "database", product, port)
	if subnet := azure.First(r.Body, "delegated_subnet_id"); !subnet.Unset() && (subnet.Kind != terraform.Unknown || subnet.Direct) {
		a.within(r, p, subnet)
		return
	}
	f := a.x.Firewall(r, rule, "start_ip_address", "end_ip_address", "server_id", "server_name")
	a.service(r, p, azure.FlexiblePublic(r), f.Admits)
}

func (a *azureReader) single(r *terraform.Resource) {
	product, port := "postgres", 5432
	switch r.Type {
	case "azurerm_mysql_server":
		product, port = "mysql", 3306
	case "azurerm_mariadb_server":
		product, port = "mariadb", 3306
	}
	prefix := strings.TrimSuffix(r.Type, "_server")
	f := a.x.Firewall(r, prefix+"_firewall_rule", "start_ip_address", "end_ip_address", "server_name")
	admits := a.subnets(f.Admits, r, prefix+"_virtual_network_rule", "server_name")
	a.service(r, outside(r, "database", product, port), aws.Bool(r.Body, true, "public_network_access_enabled"), admits)
}

// cosmos publishes an account: the port of its HTTP interface, with the interface
// of MongoDB also that one's.
func (a *azureReader) cosmos(r *terraform.Resource) {
	on := aws.Bool(r.Body, true, "public_network_access_enabled")
	admits := a.cosmosAdmits(r)
	a.service(r, outside(r, "database", "cosmosdb", 443), on, admits)
	if kind := aws.Text(r.Body, "GlobalDocumentDB", "kind"); kind.Known() && kind.Value != "MongoDB" {
		return
	}
	a.service(r, outside(r, "database", "mongodb", 10255), on, admits)
}

func (a *azureReader) cosmosAdmits(r *terraform.Resource) aws.Answer[[]string] {
	list := azure.CosmosAddresses(r)
	filtered := aws.Bool(r.Body, false, "is_virtual_network_filter_enabled")
	switch {
	case !list.Known():
		return list
	case slices.Contains(list.Value, "0.0.0.0"):
		return aws.NotKnown[[]string]("which addresses the services of Azure have, that 0.0.0.0 admits, is kept elsewhere", list.Pos)
	case len(list.Value) > 0:
		return azure.Blocks(list)
	case !filtered.Known():
		return aws.NotKnown[[]string](filtered.Reason, filtered.Pos)
	case filtered.Value:
		return aws.NotKnown[[]string]("which subnets are let in is not read", filtered.Pos)
	}
	return aws.Default(azure.Everyone(), r.Pos)
}

// redis publishes a cache: 6380 with TLS, 6379 without where that is switched on.
func (a *azureReader) redis(r *terraform.Resource) {
	f, rules := a.x.RedisFirewall(r)
	admits := f.Admits
	if !rules.Known() {
		admits = aws.NotKnown[[]string](rules.Reason, rules.Pos)
	} else if !rules.Value {
		admits = aws.Default(azure.Everyone(), r.Pos)
	}
	plain := aws.Bool(r.Body, false, azure.Written(r.Body, "non_ssl_port_enabled", "enable_non_ssl_port"))
	for _, port := range []int{6380, 6379} {
		p := outside(r, "cache", "redis", port)
		on := aws.Bool(r.Body, true, "public_network_access_enabled")
		if port == 6379 {
			if plain.Known() && !plain.Value {
				continue
			}
			if !plain.Known() {
				p.from, p.to = aws.NotKnown[int](plain.Reason, plain.Pos), aws.NotKnown[int](plain.Reason, plain.Pos)
			}
		}
		if subnet := azure.First(r.Body, "subnet_id"); !subnet.Unset() {
			a.within(r, p, subnet)
			continue
		}
		a.service(r, p, on, admits)
	}
}

func (a *azureReader) managedRedis(r *terraform.Resource) {
	a.service(r, outside(r, "cache", "redis", 10000), azure.Enabled(r.Body, true, "public_network_access"), aws.Default(azure.Everyone(), r.Pos))
}

func (a *azureReader) search(r *terraform.Resource) {
	admits := azure.Blocks(aws.Texts(r.Body, "allowed_ips"))
	if admits.Known() && len(admits.Value) == 0 {
		admits.Value = azure.Everyone()
	}
	a.service(r, outside(r, "search", "azure_search", 443), aws.Bool(r.Body, true, "public_network_access_enabled"), admits)
}
