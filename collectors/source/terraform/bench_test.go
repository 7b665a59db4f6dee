package terraform

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// benchModule is a root module of n files, each with five resources: literals,
// references to what is declared nowhere, and a variable without a value.
func benchModule(n int) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, `resource "aws_security_group" "sg_%[1]d" {
  name        = "svc-%[1]d"
  description = "front door of service %[1]d"
  vpc_id      = aws_vpc.main.id

  ingress {
    description = "public https, owner web team"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_cloudwatch_log_group" "log_%[1]d" {
  name              = "/app/svc-%[1]d"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.logs.arn
  tags = {
    data_classification = "internal"
  }
}

resource "aws_lb_listener" "front_%[1]d" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.main.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.main.arn
  }
}

resource "aws_db_instance" "db_%[1]d" {
  identifier              = "db-%[1]d"
  engine                  = "postgres"
  instance_class          = "db.t4g.medium"
  username                = "app"
  password                = var.db_password
  storage_encrypted       = true
  publicly_accessible     = false
  backup_retention_period = 14
  deletion_protection     = true
}

resource "aws_s3_bucket" "data_%[1]d" {
  bucket        = "data-%[1]d"
  acl           = "private"
  force_destroy = false
  tags = {
    data_classification = "personal"
    owner               = "privacy"
  }
  logging {
    target_bucket = "audit"
  }
}
`, i)
		fsys[fmt.Sprintf("unit%05d.tf", i)] = &fstest.MapFile{Data: []byte(b.String()), Mode: 0o644}
	}
	return fsys
}

const benchFiles = 100

// BenchmarkParse only parses, and keeps the syntax of all files as an evaluator
// has to: what Load cannot cost less than.
func BenchmarkParse(b *testing.B) {
	fsys := benchModule(benchFiles)
	b.ReportAllocs()
	for b.Loop() {
		var files []*hcl.File
		for name, f := range fsys {
			file, diags := hclsyntax.ParseConfig(f.Data, name, hcl.InitialPos)
			if diags.HasErrors() {
				b.Fatal(diags)
			}
			files = append(files, file)
		}
		if len(files) != benchFiles {
			b.Fatal("files are missing")
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	fsys := benchModule(benchFiles)
	b.ReportAllocs()
	for b.Loop() {
		if r := Load(fsys, ".", Options{}); len(r.Resources) != 5*benchFiles {
			b.Fatalf("%d resources: %v", len(r.Resources), r.Diagnostics[0])
		}
	}
}
