package ports

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// azureReader reads what a root module publishes with Azure.
type azureReader struct {
	*reader
	x       azure.Index
	network *azure.Network
}

// azureReaders reads the ports of each resource type of Azure.
func azureReaders() map[string]func(*azureReader, *terraform.Resource) {
	return map[string]func(*azureReader, *terraform.Resource){
		"azurerm_network_interface":                 (*azureReader).networkInterface,
		"azurerm_linux_virtual_machine":             (*azureReader).machine,
		"azurerm_windows_virtual_machine":           (*azureReader).machine,
		"azurerm_virtual_machine":                   (*azureReader).machine,
		"azurerm_linux_virtual_machine_scale_set":   (*azureReader).scaleSet,
		"azurerm_windows_virtual_machine_scale_set": (*azureReader).scaleSet,
		"azurerm_lb_rule":                           (*azureReader).balancerRule,
		"azurerm_lb_nat_rule":                       (*azureReader).balancerRule,
		"azurerm_lb_nat_pool":                       (*azureReader).balancerRule,
		"azurerm_application_gateway":               (*azureReader).gateway,
		"azurerm_bastion_host":                      (*azureReader).bastion,
		"azurerm_mssql_server":                      (*azureReader).sqlServer,
		"azurerm_mssql_managed_instance":            (*azureReader).sqlInstance,
		"azurerm_postgresql_flexible_server":        (*azureReader).flexible,
		"azurerm_mysql_flexible_server":             (*azureReader).flexible,
		"azurerm_postgresql_server":                 (*azureReader).single,
		"azurerm_mysql_server":                      (*azureReader).single,
		"azurerm_mariadb_server":                    (*azureReader).single,
		"azurerm_cosmosdb_account":                  (*azureReader).cosmos,
		"azurerm_redis_cache":                       (*azureReader).redis,
		"azurerm_managed_redis":                     (*azureReader).managedRedis,
		"azurerm_search_service":                    (*azureReader).search,
		"azurerm_linux_web_app":                     (*azureReader).webApp,
		"azurerm_windows_web_app":                   (*azureReader).webApp,
		"azurerm_linux_web_app_slot":                (*azureReader).webApp,
		"azurerm_windows_web_app_slot":              (*azureReader).webApp,
		"azurerm_linux_function_app":                (*azureReader).webApp,
		"azurerm_windows_function_app":              (*azureReader).webApp,
		"azurerm_linux_function_app_slot":           (*azureReader).webApp,
		"azurerm_windows_function_app_slot":         (*azureReader).webApp,
		"azurerm_function_app_flex_consumption":     (*azureReader).webApp,
		"azurerm_logic_app_standard":                (*azureReader).webApp,
		"azurerm_app_service":                       (*azureReader).webApp,
		"azurerm_function_app":                      (*azureReader).webApp,
		"azurerm_container_app":                     (*azureReader).containerApp,
		"azurerm_container_group":                   (*azureReader).containerGroup,
		"azurerm_kubernetes_cluster":                (*azureReader).kubernetes,
		"azurerm_cdn_frontdoor_endpoint":            (*azureReader).frontDoor,
		"azurerm_cdn_endpoint":                      (*azureReader).frontDoor,
		"azurerm_api_management":                    (*azureReader).apiManagement,
	}
}

// azureUnmodelled are types that publish ports in ways not read here.
func azureUnmodelled() []string {
	return []string{
		"azurerm_analysis_services_server", "azurerm_app_service_environment_v3", "azurerm_app_service_slot", "azurerm_application_load_balancer",
		"azurerm_cosmosdb_cassandra_cluster", "azurerm_cosmosdb_postgresql_cluster", "azurerm_dashboard_grafana", "azurerm_databricks_workspace",
		"azurerm_dev_test_linux_virtual_machine", "azurerm_dev_test_windows_virtual_machine", "azurerm_elastic_cloud_elasticsearch",
		"azurerm_firewall_nat_rule_collection", "azurerm_firewall_policy_rule_collection_group", "azurerm_frontdoor", "azurerm_function_app_slot",
		"azurerm_hdinsight_hadoop_cluster", "azurerm_hdinsight_hbase_cluster", "azurerm_hdinsight_interactive_query_cluster",
		"azurerm_hdinsight_kafka_cluster", "azurerm_hdinsight_spark_cluster", "azurerm_iothub", "azurerm_kubernetes_automatic_cluster",
		"azurerm_kusto_cluster", "azurerm_machine_learning_compute_instance", "azurerm_mongo_cluster", "azurerm_nginx_deployment",
		"azurerm_orchestrated_virtual_machine_scale_set", "azurerm_oracle_autonomous_database", "azurerm_point_to_site_vpn_gateway",
		"azurerm_private_link_service", "azurerm_redhat_openshift_cluster", "azurerm_redis_enterprise_database", "azurerm_service_fabric_cluster",
		"azurerm_service_fabric_managed_cluster", "azurerm_signalr_service", "azurerm_spring_cloud_app", "azurerm_sql_server",
		"azurerm_static_web_app", "azurerm_synapse_workspace", "azurerm_virtual_machine_scale_set", "azurerm_virtual_network_gateway",
		"azurerm_web_pubsub",
	}
}

// fromAzure publishes what a resource of Azure opens.
func (x *reader) fromAzure(root *terraform.Root) {
	a := &azureReader{reader: x, x: azure.Of(x.Index)}
	readers := azureReaders()
	for _, r := range root.Resources {
		if read := readers[r.Type]; read != nil && r.Mode == "managed" {
			if a.network == nil {
				a.network = azure.ReadNetwork(a.x)
			}
			read(a, r)
		}
	}
}

// azurePlace is where in a virtual network something stands: in some subnets, each
// behind the security groups of the subnet and of the interface.
type azurePlace struct {
	subnets       []azureSubnet
	network       *terraform.Resource
	networkReason string
	all           []*azure.SecurityGroup
	homes         []*azure.Subnet
	read          *azure.Network
	pos           fact.Position
}

type azureSubnet struct {
	name, reason, chainReason string
	groups                    []*azure.SecurityGroup
}

// in is a place in the subnet that a value names, with the groups of an interface.
func (a *azureReader) in(v *terraform.Value, at fact.Position, groups []*azure.SecurityGroup, reason string) *azurePlace {
	p := &azurePlace{read: a.network, pos: at}
	p.add(a, v, groups, reason)
	return p
}

func (p *azurePlace) add(a *azureReader, v *terraform.Value, groups []*azure.SecurityGroup, reason string) {
	one := azureSubnet{chainReason: reason}
	s, why := a.network.Subnet(v)
	switch {
	case s == nil:
		one.reason, p.networkReason = why, why
		if one.chainReason == "" {
			one.chainReason = why
		}
	default:
		one.name = s.Name
		p.homes = append(p.homes, s)
		if p.network = s.Network; s.Network == nil {
			p.networkReason = s.NetworkReason
		}
		if s.GroupReason != "" {
			one.chainReason = s.GroupReason
		}
		if s.Group != nil {
			one.groups = append(one.groups, s.Group)
		}
	}
	one.groups = append(one.groups, groups...)
	p.all = append(p.all, one.groups...)
	p.subnets = append(p.subnets, one)
}

// unfiltered reports whether certainly no security group stands in front.
func (p *azurePlace) unfiltered() aws.Answer[bool] {
	for _, s := range p.subnets {
		if s.chainReason != "" {
			return aws.NotKnown[bool](s.chainReason, p.pos)
		}
	}
	return aws.Declared(len(p.all) == 0, p.pos)
}

// write fills groups, network_acls and flow_log.
func (p *azurePlace) write(x *reader, it *fact.ItemBuilder) {
	it.Set("groups", []any{}, p.pos).Set("network_acls", []any{}, p.pos)
	list := slices.Clone(p.subnets)
	slices.SortStableFunc(list, func(a, b azureSubnet) int { return strings.Compare(a.name, b.name) })
	for _, s := range list {
		if len(list) == 1 && len(s.groups) == 0 && s.chainReason == "" {
			break // nothing filters; beside others it is the way in
		}
		member := it.Append("network_acls", p.pos)
		if s.name == "" {
			member.Gap("subnet", s.reason, p.pos)
		} else {
			member.Set("subnet", s.name, p.pos)
		}
		if s.chainReason != "" {
			member.Gap("chain", s.chainReason, p.pos)
			continue
		}
		var refs []string
		for _, g := range s.groups {
			refs = append(refs, x.Reference(g.Name+"/input"))
		}
		member.Set("chain", fact.Strings(refs), p.pos)
	}
	x.writeFlow(it, p.read.Recorded(p.all, p.network, p.networkReason, p.homes...), p.pos)
}
