package tls

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// googleReaders reads the listeners and databases of Google Cloud.
var googleReaders = map[string]func(*collection, *terraform.Resource){
	"google_compute_forwarding_rule":        (*collection).front,
	"google_compute_global_forwarding_rule": (*collection).front,
	"google_sql_database_instance":          (*collection).cloudSQL,
	"google_alloydb_instance":               (*collection).alloydb,
	"google_redis_instance":                 (*collection).gcpCache,
	"google_redis_cluster":                  (*collection).gcpCache,
	"google_memorystore_instance":           (*collection).gcpCache,
	"google_memcache_instance":              (*collection).gcpMemcache,
	"google_cloud_run_v2_service":           (*collection).gcpService,
	"google_cloud_run_service":              (*collection).gcpService,
	"google_cloudfunctions2_function":       (*collection).gcpService,
	"google_cloudfunctions_function":        (*collection).gcpFunction,
	"google_api_gateway_gateway":            (*collection).gcpService,
}

// googleUnmodelled are the types that accept connections and are not read.
var googleUnmodelled = []string{
	"google_apigee_instance", "google_app_engine_domain_mapping", "google_app_engine_flexible_app_version", "google_app_engine_standard_app_version",
	"google_data_fusion_instance", "google_looker_instance", "google_managed_kafka_cluster", "google_network_services_edge_cache_service",
	"google_network_services_gateway", "google_oracle_database_autonomous_database", "google_secure_source_manager_instance",
	"google_vertex_ai_index_endpoint",
}

// googleProfiles are the profiles of SSL policies: from the lowest version their
// suites allow. Source: Cloud Load Balancing documentation, "SSL policies", profile
// feature support; the suites read second-hand.
const googleProfiles = `
COMPATIBLE   tls1.0 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc1 rsa-gcm rsa1 3des
MODERN       tls1.0 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc1
RESTRICTED   tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha
FIPS_202205  tls1.2 tls1.3  ?
`

// googleVersions are the values of min_tls_version.
var googleVersions = map[string]string{"TLS_1_0": "tls1.0", "TLS_1_1": "tls1.1", "TLS_1_2": "tls1.2", "TLS_1_3": "tls1.3"}

func (c *collection) googleIndex() google.Index { return google.Index{Index: c.x} }

// front reads a forwarding rule whose target ends TLS or speaks HTTP. Others pass
// connections on; what they carry, the backend decides.
func (c *collection) front(r *terraform.Resource) {
	for _, f := range c.googleIndex().Fronts() {
		if f.Resource != r {
			continue
		}
		switch {
		case f.Target == nil && f.TargetReason == "":
		case f.Target == nil:
			if aws.Text(r.Body, "", "target").Known() && strings.Contains(aws.Text(r.Body, "", "target").Value, "serviceAttachments/") {
				continue
			}
			s := c.frontConfig(f, "web")
			s.require(aws.NotKnown[bool](f.TargetReason, r.Pos), "off")
			s.undecided(f.TargetReason, r.Pos)
		case strings.HasSuffix(f.Target.Type, "_https_proxy"), strings.HasSuffix(f.Target.Type, "_ssl_proxy"):
			serves := "web"
			if strings.HasSuffix(f.Target.Type, "_ssl_proxy") {
				serves = "other"
			}
			c.sslPolicy(c.frontConfig(f, serves), f.Target)
		case strings.HasSuffix(f.Target.Type, "_http_proxy"):
			s := c.frontConfig(f, "web")
			s.require(aws.Declared(false, r.Pos), "off")
			s.redirects = c.urlMapRedirects(f.Target)
		}
	}
}

func (c *collection) frontConfig(f google.Front, serves string) *config {
	id := f.Resource.Address
	for n := 2; slices.ContainsFunc(c.configs, func(other *config) bool { return other.id == id }); n++ {
		id = f.Resource.Address + "#" + strconv.Itoa(n)
	}
	s := c.server(id, "cloud_load_balancing", serves, f.Resource)
	s.port, s.scope = f.From, f.Scope
	return s
}

// sslPolicy sets versions and suites: those of the proxy's policy, without one
// those of the profile COMPATIBLE from TLS 1.0 (Cloud Load Balancing
// documentation, "SSL policies overview").
func (c *collection) sslPolicy(s *config, proxy *terraform.Resource) {
	if v := proxy.Body.Get("server_tls_policy"); !v.Unset() && !(v.Kind == terraform.String && v.Text == "") {
		s.verify = aws.NotKnown[string]("the server TLS policy is not read", v.Pos)
	}
	if strings.HasSuffix(proxy.Type, "_https_proxy") {
		s.hsts = aws.NotKnown[int]("the load balancer adds no header unless a backend or URL map says so, which is not read", proxy.Pos)
	}
	named := proxy.Body.Get("ssl_policy")
	if named.Unset() || named.Kind == terraform.String && named.Text == "" {
		s.accept(aws.Default("COMPATIBLE", proxy.Pos), googleProfile)
		return
	}
	policy, reason := c.googleIndex().The(named, "google_compute_ssl_policy", "google_compute_region_ssl_policy")
	if policy == nil {
		s.accept(aws.NotKnown[string]("the SSL policy: "+reason, named.Pos), googleProfile)
		return
	}
	profile, lowest := aws.Text(policy.Body, "COMPATIBLE", "profile"), aws.Text(policy.Body, "TLS_1_0", "min_tls_version")
	if profile.Known() && profile.Value == "CUSTOM" {
		s.custom(profile, aws.Texts(policy.Body, "custom_features"))
	} else {
		s.accept(profile, googleProfile)
	}
	s.atLeast(lowest)
}

func googleProfile(name string) (Policy, bool) { return lookup(googleProfiles, name) }

// atLeast leaves out versions below the lowest that a policy allows.
func (s *config) atLeast(lowest aws.Answer[string]) {
	version, ok := googleVersions[lowest.Value]
	switch {
	case !lowest.Known():
		s.protocols = aws.NotKnown[[]string](lowest.Reason, lowest.Pos)
		s.suites = s.protocols
	case !ok:
		s.protocols = aws.NotKnown[[]string]("min_tls_version "+lowest.Value+" is not in the table", lowest.Pos)
		s.suites = s.protocols
	case s.protocols.Known():
		kept := []string{}
		for _, v := range s.protocols.Value {
			if v >= version {
				kept = append(kept, v)
			}
		}
		s.protocols = aws.Answer[[]string]{Value: kept, Default: s.protocols.Default && lowest.Default, Pos: s.protocols.Pos}
		if !lowest.Default {
			s.protocols.Pos = lowest.Pos
		}
		if s.suites.Known() && version == "tls1.3" {
			s.suites.Value = suiteGroups["aes"]
			s.suites.Value = append(s.suites.Value[:len(s.suites.Value):len(s.suites.Value)], suiteGroups["chacha"]...)
		}
	}
}

// custom sets the suites that a policy lists, with those of TLS 1.3, which are
// always on. Versions below 1.2 need a suite with SHA-1.
func (s *config) custom(profile aws.Answer[string], features aws.Answer[[]string]) {
	s.policy = profile
	s.groups = aws.NotKnown[[]string]("the groups of policy CUSTOM are not in the table", profile.Pos)
	if !features.Known() {
		s.protocols, s.suites = features, features
		return
	}
	oldest := "tls1.2"
	suites := append(append([]string{}, suiteGroups["aes"]...), suiteGroups["chacha"]...)
	for _, f := range features.Value {
		if strings.HasSuffix(f, "_CBC_SHA") {
			oldest = "tls1.0"
		}
	}
	s.suites = aws.Declared(append(suites, features.Value...), features.Pos)
	s.protocols = aws.Declared(from(oldest, "tls1.3"), features.Pos)
}

// urlMapRedirects reads where a URL map sends requests without TLS: to HTTPS if
// its default does and it has no other hosts.
func (c *collection) urlMapRedirects(proxy *terraform.Resource) aws.Answer[string] {
	named := proxy.Body.Get("url_map")
	m, reason := c.googleIndex().The(named, "google_compute_url_map", "google_compute_region_url_map")
	if m == nil {
		return aws.NotKnown[string]("the URL map: "+reason, named.Pos)
	}
	hosts, reason := aws.Blocks(m.Body, "host_rule")
	redirect := aws.Block(m.Body, "default_url_redirect")
	https := aws.Bool(redirect, false, "https_redirect")
	switch {
	case reason != "" || redirect.Kind == terraform.Unknown:
		return aws.NotKnown[string](reason+redirect.Reason, m.Pos)
	case redirect.Unset():
		return aws.Default("none", m.Pos)
	case !https.Known():
		return aws.NotKnown[string](https.Reason, https.Pos)
	case !https.Value:
		return aws.Declared("other", redirect.Pos)
	case len(hosts) > 0:
		return aws.NotKnown[string]("it redirects by default, and what its hosts do is not followed", m.Pos)
	}
	return aws.Declared("https", https.Pos)
}
