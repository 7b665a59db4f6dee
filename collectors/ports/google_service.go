package ports

import (
	"fmt"
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// private are the blocks that private networks use.
var private = []string{"10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"}

// cloudSQL publishes the port of a Cloud SQL instance. By its public address it
// admits the networks it lists, and clients of the service's own proxy, who need
// a role; by a private one whoever reaches the network.
func (g *googleReader) cloudSQL(r *terraform.Resource) {
	p := of(r, "database")
	engine, _ := google.Engine(r)
	p.product = engine
	p = p.port(enginePort(engine))
	public := google.PublicAddress(r)
	p.scope = scopeOf(public)
	if !public.Known() || public.Value {
		p.admits = g.listed(r)
		if !public.Known() {
			p.admits = aws.NotKnown[[]string](public.Reason, public.Pos)
		}
	}
	g.publishGCP(p, front{})
}

func enginePort(engine aws.Answer[string]) aws.Answer[int] {
	if !engine.Known() {
		return aws.NotKnown[int](engine.Reason, engine.Pos)
	}
	port := map[string]int{"postgres": 5432, "mysql": 3306, "sqlserver": 1433}[engine.Value]
	return aws.Default(port, engine.Pos)
}

// listed are the blocks that an instance with a public address admits.
func (g *googleReader) listed(r *terraform.Resource) aws.Answer[[]string] {
	block := google.IPConfiguration(r)
	blocks, reason := aws.Blocks(block, "authorized_networks")
	if reason != "" {
		return aws.NotKnown[[]string](reason, r.Pos)
	}
	out := aws.Default([]string{}, r.Pos)
	if v := block.Get("private_network"); !v.Unset() && !(v.Kind == terraform.String && v.Text == "") {
		out = aws.Declared(slices.Clone(private), v.Pos)
	}
	for _, b := range blocks {
		if b.Kind == terraform.Unknown {
			return aws.Unknown[[]string](b)
		}
		out = aws.Union(out, blocksOf(b, "value"))
	}
	return aws.Then(out, google.Minimal)
}

// blocksOf reads a block of addresses, or a single address.
func blocksOf(b *terraform.Value, name string) aws.Answer[[]string] {
	text := aws.Text(b, "", name)
	if !text.Known() {
		return aws.NotKnown[[]string](text.Reason, text.Pos)
	}
	block, ok := google.Block(text.Value)
	if !ok {
		return aws.NotKnown[[]string](fmt.Sprintf("%q is not a block of addresses", text.Value), text.Pos)
	}
	return aws.Declared([]string{block}, text.Pos)
}

// alloydb publishes the port of an AlloyDB instance, inside unless it has a public
// address.
func (g *googleReader) alloydb(r *terraform.Resource) {
	p := of(r, "database").named("postgres").fixed(5432)
	config := aws.Block(r.Body, "network_config")
	public := aws.Bool(config, false, "enable_public_ip")
	switch {
	case config.Kind == terraform.Unknown:
		public = aws.Unknown[bool](config)
	case config.Unset():
		public = aws.Default(false, r.Pos)
	}
	p.scope = scopeOf(public)
	if public.Known() && public.Value {
		blocks, reason := aws.Blocks(config, "authorized_external_networks")
		p.admits = aws.Declared(slices.Clone(private), config.Pos)
		for _, b := range blocks {
			if b.Kind == terraform.Unknown {
				p.admits = aws.Unknown[[]string](b)
				break
			}
			p.admits = aws.Union(p.admits, blocksOf(b, "cidr_range"))
		}
		if reason != "" {
			p.admits = aws.NotKnown[[]string](reason, config.Pos)
		}
	} else if !public.Known() {
		p.admits = aws.NotKnown[[]string](public.Reason, public.Pos)
	}
	g.publishGCP(p, front{})
}

// inside publishes the port of a service that has private addresses only.
func (g *googleReader) inside(r *terraform.Resource, mechanism, product string, port int) {
	p := of(r, mechanism).named(product).fixed(port)
	p.scope = aws.Default("internal", r.Pos)
	if v := r.Body.Get("port"); !v.Unset() {
		p = p.port(aws.Int(r.Body, port, "port"))
	}
	g.publishGCP(p, front{})
}

// redisPort: with TLS the service listens on another port (Memorystore for Redis
// documentation, "In-transit encryption").
func redisPort(r *terraform.Resource) int {
	if mode := aws.Text(r.Body, "DISABLED", "transit_encryption_mode"); mode.Value == "SERVER_AUTHENTICATION" {
		return 6378
	}
	return 6379
}

// entrance publishes HTTPS of a service that Google runs, open to all unless its
// ingress says otherwise.
func (g *googleReader) entrance(r *terraform.Resource, ingress aws.Answer[string]) {
	p := of(r, "endpoint").fixed(443)
	p.families = aws.Default([]string{"ipv4", "ipv6"}, r.Pos)
	switch ingress.Value {
	case "all", "INGRESS_TRAFFIC_ALL", "ALLOW_ALL":
		p.scope = aws.Answer[string]{Value: "internet", Default: ingress.Default, Pos: ingress.Pos}
	case "internal", "internal-and-cloud-load-balancing", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
		"ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB":
		p.scope = aws.Declared("internal", ingress.Pos)
	default:
		p.scope = aws.NotKnown[string]("ingress "+ingress.Value+" is not in the table", ingress.Pos)
	}
	if !ingress.Known() {
		p.scope = ingress
	}
	if len(g.Index.OfType("google_app_engine_firewall_rule")) > 0 && (r.Type == "google_app_engine_standard_app_version" || r.Type == "google_app_engine_flexible_app_version") {
		p.admits = aws.NotKnown[[]string]("firewall rules of App Engine filter, and are not read", r.Pos)
	}
	g.publishGCP(p, front{})
}

// annotatedIngress reads the ingress of a Cloud Run service of the first version,
// an annotation.
func annotatedIngress(r *terraform.Resource) aws.Answer[string] {
	v := aws.Block(r.Body, "metadata").Get("annotations", "run.googleapis.com/ingress")
	switch {
	case v.Kind == terraform.Unknown:
		return aws.Unknown[string](v)
	case v.Kind == terraform.String:
		return aws.Declared(v.Text, v.Pos)
	case v.Unset():
		return aws.Default("all", r.Pos)
	}
	return aws.NotKnown[string]("the ingress is not text", v.Pos)
}
