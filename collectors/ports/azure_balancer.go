package ports

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// balancerRule publishes a rule of a load balancer: to the internet or inside, as
// the address it listens on. Clients keep their addresses, so that the security
// groups of the machines behind it decide, by the port those listen on.
func (a *azureReader) balancerRule(r *terraform.Resource) {
	p := of(r, "load_balancer")
	at := azure.First(r.Body, "loadbalancer_id")
	lb, reason := a.x.One(at, "the load balancer", "azurerm_lb")
	if lb == nil {
		p.scope, p.families = aws.NotKnown[string](reason, at.Pos), aws.NotKnown[[]string](reason, at.Pos)
	} else {
		p.scope, p.families = a.frontend(lb, aws.Text(r.Body, "", "frontend_ip_configuration_name"), r)
	}
	p.azure = a.behind(r)
	p.backend = a.reader.name(azure.First(r.Body, "backend_address_pool_id"))
	p.from, p.to = a.frontendPorts(r)
	protocol := aws.Text(r.Body, "", "protocol")
	switch strings.ToLower(protocol.Value) {
	case "tcp", "udp":
		p.protocol = aws.Then(protocol, strings.ToLower)
		a.publish(p)
	case "all":
		for _, name := range []string{"tcp", "udp"} {
			p.protocol = aws.Declared(name, protocol.Pos)
			a.publish(p)
		}
	default:
		p.protocol = aws.NotKnown[string](firstText(protocol.Reason, "protocol "+protocol.Value+" is not one this reader knows"), protocol.Pos)
		a.publish(p)
	}
}

func (a *azureReader) frontendPorts(r *terraform.Resource) (from, to aws.Answer[int]) {
	if v := r.Body.Get("frontend_port"); !v.Unset() {
		from = portNumber(r.Body, "frontend_port")
		to = from
		if from.Known() && from.Value == 0 { // any port
			to = aws.Declared(65535, from.Pos)
		}
		return from, to
	}
	return portNumber(r.Body, "frontend_port_start"), portNumber(r.Body, "frontend_port_end")
}

// frontend is the scope and family of a named address of a balancer.
func (a *azureReader) frontend(lb *terraform.Resource, name aws.Answer[string], r *terraform.Resource) (aws.Answer[string], aws.Answer[[]string]) {
	blocks, reason := aws.Blocks(lb.Body, "frontend_ip_configuration")
	reason += name.Reason
	for _, b := range blocks {
		if b.Kind != terraform.Object {
			continue
		}
		own := aws.Text(b, "", "name")
		if reason == "" && own.Reason != "" {
			reason = own.Reason
		}
		if reason == "" && own.Value == name.Value {
			if v := azure.First(b, "public_ip_address_id", "public_ip_prefix_id"); !v.Unset() {
				return a.public(v)
			}
			version := aws.Text(b, "IPv4", "private_ip_address_version")
			return aws.Default("internal", b.Pos), aws.Then(version, func(t string) []string { return []string{strings.ToLower(t)} })
		}
	}
	if reason == "" {
		reason = lb.Address + " has no address of the name " + strconv.Quote(name.Value)
	}
	return aws.NotKnown[string](reason, r.Pos), aws.NotKnown[[]string](reason, r.Pos)
}

// behind is where the machines behind a rule stand.
func (a *azureReader) behind(r *terraform.Resource) *azurePlace {
	p := &azurePlace{read: a.network, pos: r.Pos}
	other := func(reason string) *azurePlace {
		p.subnets = append(p.subnets, azureSubnet{reason: reason, chainReason: reason})
		p.networkReason = firstText(p.networkReason, reason)
		return p
	}
	in, out := azure.First(r.Body, "frontend_port"), r.Body.Get("backend_port")
	if in.Number+in.Text == "" || in.Number+in.Text != out.Number+out.Text {
		return other("machines behind it listen on another port than it does")
	}
	var pools []*terraform.Value
	if list := r.Body.Get("backend_address_pool_ids"); list.Kind == terraform.List {
		pools = list.Elems
	} else if one := azure.First(r.Body, "backend_address_pool_id", "backend_address_pool_ids"); !one.Unset() {
		pools = []*terraform.Value{one}
	}
	found := false
	attach := func(typ, argument string, to *terraform.Resource) {
		for _, l := range a.Attached(to, typ, argument) {
			found = true
			nic, reason := a.x.One(l.Body.Get("network_interface_id"), "the interface of "+l.Address, "azurerm_network_interface")
			if nic == nil || l.Reason != "" {
				other(l.Reason + reason)
				continue
			}
			groups, why := a.network.AtInterface(nic)
			blocks, reason := aws.Blocks(nic.Body, "ip_configuration")
			if reason != "" {
				why = firstText(why, reason)
			}
			for _, b := range blocks {
				p.add(a, b.Get("subnet_id"), groups, why)
			}
		}
	}
	if r.Type == "azurerm_lb_nat_rule" {
		attach("azurerm_network_interface_nat_rule_association", "nat_rule_id", r)
	}
	for _, v := range pools {
		pool, reason := a.x.One(v, "the pool behind it", "azurerm_lb_backend_address_pool")
		if pool == nil {
			return other(reason)
		}
		attach("azurerm_network_interface_backend_address_pool_association", "backend_address_pool_id", pool)
		found = a.inPool(p, pool) || found
	}
	if !found {
		return other("which machines stand behind it is not declared here")
	}
	return p
}

// inPool adds the scale sets whose machines join a pool.
func (a *azureReader) inPool(p *azurePlace, pool *terraform.Resource) bool {
	found := false
	for _, typ := range []string{"azurerm_linux_virtual_machine_scale_set", "azurerm_windows_virtual_machine_scale_set"} {
		for _, set := range a.OfType(typ) {
			nics, _ := aws.Blocks(set.Body, "network_interface")
			for _, nic := range nics {
				configurations, _ := aws.Blocks(nic, "ip_configuration")
				for _, b := range configurations {
					list := b.Get("load_balancer_backend_address_pool_ids")
					for _, v := range append(list.Elems[:len(list.Elems):len(list.Elems)], list) {
						if sure, _ := a.Names(v, pool); sure == aws.Yes {
							found = true
							groups, why := a.ofScaleSet(nic)
							p.add(a, b.Get("subnet_id"), groups, why)
							break
						}
					}
				}
			}
		}
	}
	return found
}

// gateway publishes the listeners of an application gateway, behind the security
// group of its subnet.
func (a *azureReader) gateway(r *terraform.Resource) {
	inside, why := aws.Blocks(r.Body, "gateway_ip_configuration")
	subnet := &terraform.Value{Kind: terraform.Unknown, Reason: firstText(why, "no subnet is named"), Pos: r.Pos}
	if why == "" && len(inside) > 0 {
		subnet = inside[0].Get("subnet_id")
	}
	for _, name := range []string{"http_listener", "listener"} {
		list, reason := aws.Blocks(r.Body, name)
		if reason != "" {
			a.b.Incomplete(r.Address + ": " + name + ": " + reason)
		}
		for i, l := range list {
			if l.Kind != terraform.Object {
				continue
			}
			p := of(r, "load_balancer")
			p.id, p.pos = r.Address+"/"+label(l, i), l.Pos
			p.scope, p.families = a.frontend(r, aws.Text(l, "", "frontend_ip_configuration_name"), r)
			p.azure = a.in(subnet, l.Pos, nil, "")
			a.publish(p.port(gatewayPort(r, aws.Text(l, "", "frontend_port_name"))))
		}
	}
}

func label(block *terraform.Value, i int) string {
	if name := aws.Text(block, "", "name"); name.Known() && name.Value != "" {
		return name.Value
	}
	return strconv.Itoa(i)
}

func gatewayPort(r *terraform.Resource, name aws.Answer[string]) aws.Answer[int] {
	ports, reason := aws.Blocks(r.Body, "frontend_port")
	if reason += name.Reason; reason != "" {
		return aws.NotKnown[int](reason, r.Pos)
	}
	for _, p := range ports {
		own := aws.Text(p, "", "name")
		if !own.Known() {
			return aws.NotKnown[int](own.Reason, own.Pos)
		}
		if own.Value == name.Value {
			return portNumber(p, "port")
		}
	}
	return aws.NotKnown[int]("no port of the name "+strconv.Quote(name.Value)+" is declared", r.Pos)
}

// bastion publishes the portal of a bastion host.
func (a *azureReader) bastion(r *terraform.Resource) {
	p := of(r, "endpoint").fixed(443)
	p.scope = aws.Default("internet", r.Pos)
	block := aws.Block(r.Body, "ip_configuration")
	if v := block.Get("public_ip_address_id"); !v.Unset() {
		p.scope, p.families = a.public(v)
	}
	p.azure = a.in(block.Get("subnet_id"), r.Pos, nil, "")
	a.publish(p)
}
