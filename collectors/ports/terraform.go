package ports

import (
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// declared yields the ports that a root module publishes.
func declared(env *collectors.Env, root *terraform.Root) *fact.Document {
	b := fact.NewBuilder("port.published", terraform.Target(root), env.Envelope("ports", "terraform"), env.Now)
	root = vpc.Written(root)
	x := &reader{Index: aws.NewIndex(root), network: vpc.Read(root), b: b, taken: map[string]int{}}
	x.Envelope(b)
	for _, r := range root.Resources {
		if r.Mode == "managed" {
			x.resource(r)
		}
	}
	x.google(root)
	x.fromAzure(root)
	aws.Unmodelled(b, root, "the ports they publish", slices.Concat(unmodelled(), googleUnmodelled, azureUnmodelled()), google.Provider, azure.Provider)
	return b.Document()
}

func (x *reader) resource(r *terraform.Resource) {
	if d, ok := databases()[r.Type]; ok {
		x.database(r, d)
		return
	}
	switch r.Type {
	case "aws_lb_listener", "aws_alb_listener":
		x.listener(r)
	case "aws_elb":
		x.classic(r)
	case "aws_globalaccelerator_listener":
		x.accelerator(r)
	case "aws_instance", "aws_spot_instance_request":
		x.instance(r)
	case "aws_network_interface":
		x.networkInterface(r)
	case "aws_launch_template":
		x.launchTemplate(r)
	case "aws_ecs_service":
		x.ecs(r)
	case "aws_eks_cluster":
		x.eks(r)
	case "aws_msk_cluster":
		x.msk(r)
	case "aws_mq_broker":
		x.mq(r)
	case "aws_opensearch_domain", "aws_elasticsearch_domain":
		x.search(r)
	case "aws_api_gateway_rest_api":
		x.restAPI(r)
	case "aws_apigatewayv2_api":
		x.httpAPI(r)
	case "aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name", "aws_lambda_function_url":
		x.publish(internet(r, "endpoint").fixed(443))
	case "aws_appsync_graphql_api":
		x.graphQL(r)
	case "aws_cloudfront_distribution":
		x.cdn(r)
	case "aws_transfer_server":
		x.transfer(r)
	}
}

// unmodelled are types that publish ports in ways not read here.
func unmodelled() []string {
	return []string{
		"aws_apprunner_service", "aws_elastic_beanstalk_environment", "aws_lightsail_instance",
		"aws_lightsail_instance_public_ports", "aws_lightsail_container_service", "aws_lightsail_database",
		"aws_lightsail_lb", "aws_launch_configuration", "aws_spot_fleet_request", "aws_ec2_fleet", "aws_emr_cluster",
		"aws_iot_domain_configuration", "aws_cloudsearch_domain", "aws_vpclattice_listener", "aws_mskconnect_connector",
		"aws_gamelift_fleet", "aws_ec2_client_vpn_endpoint", "aws_grafana_workspace", "aws_medialive_input",
		"aws_verifiedaccess_endpoint", "aws_vpc_endpoint_service",
	}
}

// internet starts a port of a service with public addresses and no filter but
// its own.
func internet(r *terraform.Resource, mechanism string) published {
	p := of(r, mechanism)
	p.scope = aws.Default("internet", r.Pos)
	p.place.vpc = vpc.Identity{Reason: "it stands outside of a network of the account"}
	return p
}

// scopeOf turns "has public addresses" into a scope.
func scopeOf(public aws.Answer[bool]) aws.Answer[string] {
	return aws.Then(public, func(yes bool) string {
		if yes {
			return "internet"
		}
		return "internal"
	})
}

// families reads an address type: ipv4, dualstack and their variants.
func families(block *terraform.Value, argument string) aws.Answer[[]string] {
	t := aws.Text(block, "ipv4", argument)
	switch t.Value {
	case "ipv4", "IPV4", "ipv6", "dualstack", "DUALSTACK", "dual", "DUAL", "dual_stack", "dualstack-without-public-ipv4":
	default:
		if t.Known() {
			return aws.NotKnown[[]string](argument+" "+t.Value+" is not an address type this reader knows", t.Pos)
		}
	}
	return aws.Then(t, func(name string) []string {
		switch name {
		case "ipv4", "IPV4":
			return []string{"ipv4"}
		case "ipv6":
			return []string{"ipv6"}
		}
		return []string{"ipv4", "ipv6"}
	})
}

// attached reads groups and subnets from a resource's arguments.
func (x *reader) attached(r *terraform.Resource, groups, subnets *terraform.Value) place {
	at := place{pos: r.Pos}
	at.subnets, at.subnetsReason = x.network.Subnets(subnets)
	at.vpc = x.network.VPCOf(at.subnets)
	at.groups, at.groupsReason = x.network.Attached(groups, at.vpc)
	if !at.vpc.Known() {
		// A group is of the network it is attached in.
		for _, id := range at.groups {
			if g := x.network.Group(id.Name); g != nil && g.VPC.Known() {
				at.vpc = g.VPC
			}
		}
	}
	if !groups.Pos.IsZero() {
		at.pos = groups.Pos
	}
	return at
}
