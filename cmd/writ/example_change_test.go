package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/finding"
)

// change is one protection of the example taken away, and the control that must
// say so.
type change struct{ file, old, new, control string }

func changes() []change {
	const (
		storage, network, service = "infra/modules/storage/main.tf", "infra/modules/network/main.tf", "infra/modules/service/main.tf"
		database, edge            = "infra/modules/database/main.tf", "infra/modules/edge/main.tf"
		audit, keys, jobs         = "infra/audit.tf", "infra/keys.tf", "infra/jobs.tf"
		services, data, waivers   = "register/services.hcl", "register/data.hcl", "register/waivers.hcl"
		reviews, postgres, disks  = "kubernetes/reviews.yaml", "kubernetes/database.yaml", "kubernetes/storage.yaml"
		ingress, recording        = "kubernetes/ingress.yaml", "kubernetes/audit.yaml"
	)
	return []change{
		{storage, `block_public_acls       = !each.value.public`, `block_public_acls       = false`, "gdpr.access.storage_private"},
		{storage, `restrict_public_buckets = !each.value.public`, `restrict_public_buckets = false`, "gdpr.access.storage_private"},
		{storage, `effect    = "Deny"`, `effect    = "Allow"`, "gdpr.tls.personal_data_encrypted"},
		{storage, `values   = ["false"]`, `values   = ["true"]`, "gdpr.tls.personal_data_encrypted"},
		{storage, `each.value.own_key ? var.key_arn : null`, `null`, "gdpr.encryption.customer_key_used"},
		{network, `traffic_type    = "ALL"`, `traffic_type    = "REJECT"`, "gdpr.firewall.traffic_logged"},
		{network, `traffic_type    = "ALL"`, `traffic_type    = "ACCEPT"`, "gdpr.firewall.traffic_logged"},
		{network, `retention_in_days = 90`, `retention_in_days = 0`, "gdpr.log.cloud_group_finite"},
		{network, `retention_in_days = 90`, `retention_in_days = 1096`, "gdpr.log.cloud_group_finite"},
		{service, `kms_master_key_id         = var.key_arn`, `sqs_managed_sse_enabled = false`, "gdpr.encryption.store_encrypted"},
		{service, `resources = ["${var.bucket_arn}/*"]`, `resources = ["*"]`, "gdpr.access.permission_narrow"},
		{service, `["s3:GetObject", "s3:PutObject"]`, `["s3:*"]`, "gdpr.access.permission_narrow"},
		{service, `[ingress.value]`, `["0.0.0.0/1", "128.0.0.0/1"]`, "gdpr.firewall.personal_data_private"},
		{service, `[ingress.value]`, "[ingress.value]\nipv6_cidr_blocks = [\"::/0\"]", "gdpr.firewall.ipv6_as_strict"},
		{service, `[ingress.value]`, `["10.20.0.0/15"]`, "gdpr.firewall.known_sources"},
		{database, `at_rest_encryption_enabled = true`, `at_rest_encryption_enabled = false`, "gdpr.encryption.store_encrypted"},
		{database, `force_ssl   = 1`, `force_ssl   = 0`, "gdpr.tls.database_encrypted_only"},
		{database, `encrypted   = true`, `encrypted   = false`, "gdpr.encryption.backup_encrypted"},
		{database, `backup_days = 14`, `backup_days = 36`, "gdpr.data.backup_expires"},
		{database, `log_connections = 1`, `log_connections = 0`, "gdpr.log.security_events_recorded"},
		{database, `retention_in_days = 30`, `retention_in_days = 120`, "gdpr.log.statement_data_limited"},
		{edge, `ELBSecurityPolicy-TLS13-1-2-Res-2021-06`, `ELBSecurityPolicy-TLS-1-1-2017-01`, "gdpr.tls.version_modern"},
		{edge, `TLSv1.2_2021`, `TLSv1.2_2018`, "gdpr.tls.suites_strong"},
		{edge, `type = "redirect"`, `type = "forward"`, "gdpr.tls.personal_data_encrypted"},
		{edge, `"https-only"`, `"match-viewer"`, "gdpr.tls.server_verified"},
		{edge, `max_age_sec = 31536000`, `max_age_sec = 60`, "gdpr.tls.https_forced"},
		{edge, `max-age=31536000`, `max-age=0`, "gdpr.tls.https_forced"},
		{audit, `enable_log_file_validation = true`, `enable_log_file_validation = false`, "gdpr.log.tamper_resistant"},
		{audit, `noncurrent_days = 1`, `noncurrent_days = 900`, "gdpr.log.retention_within_maximum"},
		{audit, `ignore_public_acls      = true`, `ignore_public_acls      = false`, "gdpr.access.storage_private"},
		{keys, `enable_key_rotation = true`, `enable_key_rotation = false`, "gdpr.encryption.key_rotated"},
		{keys, `["arn:aws:iam::${var.account_id}:role/key-administrator"]`, `["*"]`, "gdpr.encryption.key_policy_narrow"},
		{keys, `"kms:Create*", `, `"kms:Create*", "kms:Decrypt", `, "gdpr.encryption.key_policy_narrow"},
		{jobs, `encrypted  = true`, `encrypted  = false`, "gdpr.encryption.store_encrypted"},
		{"infra/variables.tf", `"eu-central-1"`, `"ap-southeast-1"`, "gdpr.transfer.region_permitted"},
		{"infra/variables.tf", `port  = 8080`, `port  = 8090`, "gdpr.firewall.rule_justified"},
		{services, `sources   = ["production"]`, `sources   = ["office"]`, "gdpr.firewall.known_sources"},
		{services, `category = "application"`, `category = "debug"`, "gdpr.log.cloud_group_finite"},
		{services, `review_by = "2027-04-01"`, `review_by = "2026-04-01"`, "gdpr.port.entry_complete"},
		{services, `"cloudtrail.amazonaws.com",`, ``, "gdpr.encryption.key_policy_narrow"},
		{services, `data               = []`, `data               = ["user.contact"]`, "gdpr.access.storage_private"},
		{services, `["user.contact", "user.financial"]`, `["user.health"]`, "gdpr.data.special_category_justified"},
		{data, `"contract"`, `"because"`, "gdpr.data.dataset_described"},
		{data, `"P35D"`, `"P7D"`, "gdpr.data.backup_expires"},
		{data, `_on = "2026-03-01"`, `_on = "2025-03-01"`, "gdpr.transfer.processor_contracted"},
		{waivers, `"2027-01-31"`, `"2026-11-20"`, "gdpr.tls.version_modern"},
		{waivers, `"ciso"`, `"team-platform"`, "gdpr.audit.waiver_bounded"},
		{reviews, `valueFrom:
                secretKeyRef: {name: reviews-db, key: password}`, `value: made-up-as-well`, "gdpr.encryption.secret_referenced"},
		{reviews, `type: ClusterIP`, `type: LoadBalancer`, "gdpr.port.published_documented"},
		{reviews, `namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: gateway}`, `ipBlock: {cidr: 10.0.0.0/8}`, "gdpr.firewall.known_sources"},
		{reviews, `description: port/reviews-8080-tcp`, `description: pages`, "gdpr.firewall.rule_justified"},
		{reviews, `podSelector:
            matchLabels: {app: reviews-db}`, `ipBlock: {cidr: 0.0.0.0/0}`, "gdpr.firewall.egress_restricted"},
		{"kubernetes/namespace.yaml", `podSelector: {}`, `podSelector: {matchLabels: {app: none}}`, "gdpr.firewall.default_deny"},
		{postgres, `storageClassName: encrypted`, `storageClassName: cheap`, "gdpr.encryption.store_encrypted"},
		{disks, `encrypted: "true"`, `encrypted: "false"`, "gdpr.encryption.store_encrypted"},
		{ingress, `ssl-redirect: "true"`, `ssl-redirect: "false"`, "gdpr.tls.https_forced"},
		{recording, `- level: Metadata
    resources`, `- level: RequestResponse
    resources`, "gdpr.log.cluster_audit_adequate"},
		{"register/cluster.hcl", `retention   = "P2Y"`, ``, "gdpr.data.retention_defined"},
	}
}

// TestShopChanges holds that what passes in the example passes for a reason: each
// protection taken away is a new failure.
func TestShopChanges(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, example), os.DirFS(filepath.Join("..", "..", example))); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	failing := func(t *testing.T, controls string) map[string]bool {
		found := map[string]bool{}
		for _, f := range check(t, "--select", controls, filepath.Join(dir, example, "infra"), filepath.Join(dir, example, "kubernetes")).Findings {
			if f.Outcome == finding.Fail {
				found[fmt.Sprint(f.Control, " ", f.Subject.ID, " ", f.Key)] = true
			}
		}
		return found
	}
	before := failing(t, "gdpr.**")
	if len(before) == 0 {
		t.Fatal("nothing fails in the example")
	}
	for _, c := range changes() {
		t.Run(fmt.Sprintf("%s %s", filepath.Base(filepath.Dir(c.file)), strings.TrimSpace(c.new)), func(t *testing.T) {
			name := filepath.Join(dir, example, c.file)
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(data), c.old) {
				t.Fatalf("%s has no %q", c.file, c.old)
			}
			defer put(t, name, string(data))
			put(t, name, strings.ReplaceAll(string(data), c.old, c.new))
			for f := range failing(t, c.control) {
				if !before[f] {
					return
				}
			}
			t.Errorf("%s says nothing new", c.control)
		})
	}
}
