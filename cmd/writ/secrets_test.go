package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/report"
)

// planted hands out one synthetic secret per place. They are made here, so that no
// scanner takes the repository for a leak, and look like nothing in particular:
// only where they stand says what they are.
type planted map[string]string

func (p planted) in(place string) string {
	if p[place] == "" {
		p[place] = fmt.Sprintf("zq%dw%sk", 7000+len(p)*13, strings.Map(func(r rune) rune {
			if r == ' ' || r == '-' {
				return -1
			}
			return r
		}, place))
	}
	return p[place]
}

// secretTree holds a secret in every place that people put them.
func secretTree(t *testing.T, p planted) string {
	pem := "-----BEGIN RSA " + "PRIVATE KEY-----\n" + p.in("key line one") + "\n" + p.in("key line two") + "\n-----END RSA " + "PRIVATE KEY-----"
	dir := tree(t, map[string]string{
		"infra/main.tf": `
variable "hidden" {
  default   = "` + p.in("sensitive default") + `"
  sensitive = true
}
variable "db_password" {
  default = "` + p.in("default by name") + `"
}
variable "from_file" {
  sensitive = true
}
variable "credentials" {
  default = { username = "app", pw = "` + p.in("object by name") + `" }
}
locals {
  api_token = "` + p.in("local by name") + `"
  joined    = "x-${var.hidden}-y"
}
provider "aws" {
  region     = "eu-central-1"
  access_key = "` + p.in("provider id") + `"
  secret_key = "` + p.in("provider key") + `"
}
terraform {
  backend "pg" {
    conn_str = "postgres://state:` + p.in("backend url") + `@db.example/state"
  }
}
resource "aws_db_instance" "db" {
  engine   = "postgres"
  username = "app"
  password = "` + p.in("argument") + `"
  # was: password = "` + p.in("commented argument") + `"
  tags = {
    note = local.joined
    url  = "postgres://app:${var.db_password}@db.example/x"
  }
}
resource "aws_instance" "web" {
  user_data = <<-EOT
    #!/bin/sh
    export DB_PASSWORD='` + p.in("script quoted") + `'
    TOKEN=` + p.in("script") + ` ./run --password ` + p.in("option") + `
    curl https://bot:` + p.in("script url") + `@git.example/x
  EOT
  connection {
    password = "` + p.in("connection") + `"
  }
  provisioner "remote-exec" {
    inline = ["login --token ` + p.in("provisioner") + `"]
  }
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    environment = [{ name = "API_SECRET", value = "` + p.in("container") + `" }]
  }])
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  environment {
    variables = { SMTP_PASSWORD = "` + p.in("function variable") + `", MODE = "prod" }
  }
}
resource "aws_ssm_parameter" "p" {
  name  = "/app/x"
  type  = "SecureString"
  value = "` + p.in("parameter") + `"
}
resource "kubernetes_secret" "k" {
  data = { smtp = "` + p.in("cluster") + `" }
}
resource "aws_iam_server_certificate" "c" {
  private_key = <<-EOT
` + pem + `
  EOT
}
resource "aws_cloudwatch_log_group" "app" { # token: ` + p.in("comment above") + `
  name = "/app"
  tags = {
    quoted = "a\"${var.from_file}"
    secret = "` + p.in("quoted") + `\"tail"
  }
}
output "conn" {
  value     = "postgres://app:` + p.in("output") + `@h/x"
  sensitive = true
}
`,
		"infra/terraform.tfvars": "# password: " + p.in("values comment") + "\nfrom_file = \"" + p.in("values file") + "\"\n",
		"broken/main.tf":         "resource \"aws_db_instance\" \"x\" {\n  password = \"" + p.in("broken file") + "\" oops\n}\n",
		"broken/wrong.tf":        "locals {\n  password = nope(\"" + p.in("unknown function") + "\") # secret = \"" + p.in("line of a problem") + "\"\n}\n",
		"plan/plan.json":         plan(p),
		"writ.hcl":               "registers = [\"register\"]\npolicies = [\"policy\"]\n",
		"register/r.hcl": `
controller "Example" {
  contact = "dpo@example.org"
}
service "app" {
  targets = ["config/infra"]
  owner   = "team"
  purpose = "see postgres://team:` + p.in("register url") + `@wiki.example, password: ` + p.in("register text") + `"
}
waiver "gdpr.log.cloud_group_finite" {
  targets      = ["config/infra"]
  subject      = "log.store/aws_cloudwatch_log_group.app"
  reason       = "token: ` + p.in("waiver") + `"
  compensation = "reviewed"
  owner        = "team"
  approver     = "ciso"
  approved_on  = "2026-11-01"
  expires_on   = "2027-01-31"
}
`,
		"policy/talkative.rego": talkative,
	})
	return dir
}

// talkative is a control that prints all it is given.
const talkative = `# METADATA
# title: A control that prints everything
# description: What a policy prints is redacted like everything else.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
# custom:
#   severity: low
#   subject: terraform.resource
#   gdpr: ["32(1)"]
#   remediation: Print less.
package acme.talkative

deny contains {"msg": sprintf("%v", [input.subject]), "key": "all", "actual": input.subject.body, "expected": json.marshal(input.subject.body), "more": input.subject}

warn contains {"msg": sprintf("advice: %v", [input.subject.body])}
`

// plan is one in JSON, with a value that Terraform marks and one that it does not.
func plan(p planted) string {
	return `{"format_version":"1.2","terraform_version":"1.11.0",
"variables":{"db_password":{"value":"` + p.in("plan variable") + `"}},
"planned_values":{"root_module":{"resources":[
{"address":"aws_db_instance.db","mode":"managed","type":"aws_db_instance","name":"db","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":2,
"values":{"engine":"postgres","password":"` + p.in("plan argument") + `","final_snapshot_identifier":"` + p.in("plan marked") + `","tags":{"API_KEY":"` + p.in("plan tag") + `"}},
"sensitive_values":{"final_snapshot_identifier":true,"tags":{}}},
{"address":"aws_cloudwatch_log_group.g","mode":"managed","type":"aws_cloudwatch_log_group","name":"g","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":0,
"values":{"name":"/g","retention_in_days":0},"sensitive_values":{}}]}},
"resource_changes":[
{"address":"aws_db_instance.db","mode":"managed","type":"aws_db_instance","name":"db","provider_name":"registry.terraform.io/hashicorp/aws",
"change":{"actions":["create"],"before":null,"after":{"engine":"postgres","password":"` + p.in("plan argument") + `","final_snapshot_identifier":"` + p.in("plan marked") + `","tags":{"API_KEY":"` + p.in("plan tag") + `"}},
"after_unknown":{},"before_sensitive":false,"after_sensitive":{"final_snapshot_identifier":true}}},
{"address":"aws_cloudwatch_log_group.g","mode":"managed","type":"aws_cloudwatch_log_group","name":"g","provider_name":"registry.terraform.io/hashicorp/aws",
"change":{"actions":["create"],"before":null,"after":{"name":"/g","retention_in_days":0},"after_unknown":{},"before_sensitive":false,"after_sensitive":{}}}],
"configuration":{"root_module":{}}}
`
}

// TestNoSecretIsWritten plants secrets and looks for them in everything that writ
// writes.
func TestNoSecretIsWritten(t *testing.T) {
	p := planted{}
	dir := secretTree(t, p)
	outputs := t.TempDir()
	if v := check(t, dir); v.diagnosed("talkative") != nil {
		t.Error(v.told())
	}
	written := map[string]string{}
	note := func(what string, r ran) {
		if r.status == 0 || r.out == "" {
			t.Errorf("%s: exit %d and %d bytes: that shows nothing\n%s", what, r.status, len(r.out), r.err)
		}
		written[what], written[what+", standard error"] = r.out, r.err
	}
	for _, format := range report.Formats() {
		note(format, writ("check", dir, "--now", now, "-v", "-o", format))
	}
	if talk := written["json"]; !strings.Contains(talk, `"acme.talkative"`) || !strings.Contains(talk, fact.Redacted) {
		t.Errorf("the control that prints everything was not asked, or nothing was redacted:\n%.3000s", talk)
	}
	note("collect", writ("collect", dir, "--now", now))
	writ("collect", dir, "--now", now, "--out", filepath.Join(outputs, "facts"))
	put(t, filepath.Join(outputs, "run.jsonl"), written["jsonl"])
	note("report", writ("report", filepath.Join(outputs, "run.jsonl"), "-v"))
	err := filepath.WalkDir(outputs, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, _ := os.ReadFile(name)
			written[filepath.Base(name)] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for place, secret := range p {
		for where, text := range written {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("the secret of %q stands in %s: …%s…", place, where, text[max(0, at-120):min(len(text), at+60)])
			}
		}
	}
}

// TestNoSecretOfSavedFactsIsWritten does so for facts that someone else saved,
// without masking what they hold.
func TestNoSecretOfSavedFactsIsWritten(t *testing.T) {
	p := planted{}
	dir := tree(t, map[string]string{
		"infra/main.tf":         "resource \"aws_db_instance\" \"db\" {\n  engine = \"postgres\"\n}\n",
		"policy/talkative.rego": talkative,
	})
	r := writ("collect", filepath.Join(dir, "infra"), "--now", now, "--kind", "terraform.resource")
	facts := strings.Replace(r.out, `"engine":"postgres"`,
		`"engine":"postgres","password":"`+p.in("saved argument")+`","user_data":"export API_TOKEN=`+p.in("saved script")+`","tags":{"url":"amqp://app:`+p.in("saved url")+`@h/"}`, 1)
	if facts == r.out {
		t.Fatalf("nothing was planted in %s", r.out)
	}
	for _, format := range report.Formats() {
		got := withInput(facts)("check", "-", "--now", now, "--no-builtin", "--policy", filepath.Join(dir, "policy"), "-v", "-o", format)
		if got.status != 1 || !strings.Contains(strings.ReplaceAll(got.out, `\`, ""), fact.Redacted) { // markdown escapes its brackets
			t.Errorf("%s: exit %d, nothing redacted:\n%s%s", format, got.status, got.out, got.err)
		}
		for place, secret := range p {
			if strings.Contains(got.out+got.err, secret) {
				t.Errorf("the secret of %q stands in %s:\n%s", place, format, got.out)
			}
		}
	}
	if got := withInput(facts)("collect", "-", "--now", now); got.status != 0 || strings.Contains(got.out, p.in("saved argument")) {
		t.Errorf("collect: exit %d\n%s%s", got.status, got.out, got.err)
	}
}
