package secrets

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// sensitiveArgument is the rule of arguments that take nothing but a secret.
const sensitiveArgument = "sensitive_argument"

// scripts are arguments that hold texts in which secrets are looked for.
var scripts = []string{"user_data", "user_data_base64", "custom_data", "container_definitions", "container_properties"}

// secretArguments take nothing but a secret, in whatever resource: a literal
// there is as certain as one found by its shape. The names are those that the
// schemas of providers mark sensitive.
var secretArguments = []string{
	"access_token", "account_password", "ad_domain_join_password", "admin_password", "admin_user_password", "administrator_login_password",
	"api_secret_key", "auth_password", "auth_token", "certificate_private_key", "client_secret", "cross_realm_trust_principal_password", "customer_key",
	"db_password", "domain_signing_private_key", "fsx_admin_password", "hsm_partition_password", "kdc_admin_password", "key_material_base64",
	"key_passphrase", "master_password", "master_user_password", "oauth_token", "password", "private_key", "root_password", "sasl_password",
	"secret_access_key", "secret_binary", "secret_key", "secret_string", "secret_token", "service_account_password", "shared_secret",
	"smb_guest_password", "ssl_client_key_password", "svm_admin_password", "temporary_password", "tunnel1_preshared_key", "tunnel2_preshared_key",
}

// environments are arguments that hold environment variables, by their last names.
var environments = []string{"environment_variables", "env", "env_vars"}

// terraform walks variables, providers and resources.
func (m *matches) terraform(root *terraform.Root) {
	for _, v := range root.Variables {
		m.variable(v)
	}
	for _, p := range root.Providers {
		if p.Body != nil {
			m.walk(p.Body, place{address: providerName(p), carrier: "source"})
		}
	}
	if b := root.Backend; b != nil && b.Body != nil {
		m.walk(b.Body, place{address: "terraform.backend", carrier: "source"})
	}
	for _, r := range root.Resources {
		m.walk(r.Body, place{address: r.Address, carrier: "source", resource: r})
	}
}

func providerName(p *terraform.Provider) string {
	name := "provider." + p.Name
	if p.Alias != "" {
		name += "." + p.Alias
	}
	if p.Module != "" {
		name = p.Module + "." + name
	}
	return name
}

// variable judges the default of a variable and what a variables file gives it.
func (m *matches) variable(v *terraform.Variable) {
	name := "var." + v.Name
	if v.Module != "" {
		name = v.Module + "." + name
	}
	secret := isSecretName(v.Name) || v.Sensitive
	if v.Default != nil {
		m.leaves(v.Default, place{address: name, carrier: "default"}, secret)
	}
	if v.Value != nil && (v.Default == nil || v.Value.Pos != v.Default.Pos) && v.Value.Kind != terraform.Unknown {
		m.leaves(v.Value, place{address: name, carrier: "default"}, secret)
	}
}

// besides are members that say whose a secret is, not what it is.
var besides = []string{"name", "user", "username", "user_name", "login", "email", "description", "region", "arn", "type"}

// leaves notes every string in a value if its own name or the whole's is one of
// a secret.
func (m *matches) leaves(v *terraform.Value, p place, secret bool) {
	switch v.Kind {
	case terraform.String:
		if secret {
			m.named(v, p, "secret_name", "name")
		}
	case terraform.List:
		for _, e := range v.Elems {
			m.leaves(e, p, secret)
		}
	case terraform.Object:
		for _, f := range v.Fields {
			m.leaves(f.Value, p.in(f.Name), secret && !slices.Contains(besides, f.Name) || isSecretName(f.Name))
		}
	}
}

// place is where a value stands while a body is walked.
type place struct {
	address  string
	path     []string
	carrier  string
	resource *terraform.Resource
}

func (p place) in(name string) place {
	p.path = append(slices.Clone(p.path), name)
	return p
}

func (p place) String() string { return strings.Join(append([]string{p.address}, p.path...), ".") }

// walk goes through a body and judges arguments by their names.
func (m *matches) walk(v *terraform.Value, p place) {
	switch v.Kind {
	case terraform.Object:
		m.pair(v, p)
		for _, f := range v.Fields {
			m.argument(f.Name, f.Value, p.in(f.Name))
		}
	case terraform.List:
		for _, e := range v.Elems {
			m.walk(e, p)
		}
	}
}

// shortestPIN is how many digits a number has at least that may be a secret: those
// of a policy (password_reuse_prevention = 24) have fewer.
const shortestPIN = 6

// argument judges one argument: one that takes only secrets, one of an
// environment, encoded text, or any with a secret's name.
func (m *matches) argument(name string, v *terraform.Value, p place) {
	if slices.Contains(environments, name) || name == "app_settings" || name == "variables" && len(p.path) > 1 && p.path[len(p.path)-2] == "environment" {
		p.carrier = "env"
	}
	if v.Kind == terraform.Number && len(v.Number) >= shortestPIN {
		digits := *v
		digits.Kind, digits.Text = terraform.String, v.Number
		v = &digits
	}
	leaf := v.Kind == terraform.String || v.Kind == terraform.Unknown
	takesText := slices.Contains(secretArguments, name) || slices.Contains(scripts, name) || googleSecret(p.resource, name) || googleScript(p.resource, name)
	switch {
	case takesText && v.Kind == terraform.Unknown && v.Origin == terraform.Provided:
		// No argument of that name is written. Of other names a plan does not tell
		// arguments that nobody wrote from blocks that it does not know yet.
	case m.azure(name, v, p):
	case v.Encodes != nil && v.Kind != terraform.String:
		m.walk(v.Encodes, p)
	case leaf && p.carrier == "source" && slices.Contains(secretArguments, name):
		m.named(v, p, sensitiveArgument, "pattern")
	case leaf && p.carrier == "source" && googleSecret(p.resource, name):
		m.named(v, p, sensitiveArgument, "pattern")
	case leaf && googleReference(p.resource, name):
		m.googleReference(v, p)
	case v.Kind == terraform.String && googleScript(p.resource, name):
		m.script(v, p)
	case leaf && name == "value" && p.resource != nil && secureParameter(p.resource):
		m.named(v, p, sensitiveArgument, "pattern")
	case v.Kind == terraform.String && (name == "user_data" || name == "user_data_base64" || name == "custom_data"):
		m.script(v, p)
	case v.Encodes != nil && (name == "container_definitions" || name == "container_properties"):
		m.walk(v.Encodes, p)
	case v.Kind == terraform.String && (name == "container_definitions" || name == "container_properties"):
		m.containers(v, p)
	case v.Kind == terraform.Unknown && (name == "container_definitions" || name == "user_data" || name == "container_properties"):
		m.b.Incomplete(p.String() + ": " + v.Reason)
	case leaf && isSecretName(name):
		m.named(v, p, "secret_name", "name")
	default:
		m.walk(v, p)
	}
}

func secureParameter(r *terraform.Resource) bool {
	typ := r.Body.Get("type")
	return r.Type == "aws_ssm_parameter" && (typ.Kind != terraform.String || typ.Text == "SecureString")
}

// pair judges objects {name = …, value = …}, as environments and parameters are
// often written.
func (m *matches) pair(v *terraform.Value, p place) {
	name, value := v.Get("name"), v.Get("value")
	if from := v.Get("valueFrom"); value.Unset() && !from.Unset() && name.Kind == terraform.String && isSecretName(name.Text) {
		m.note(match{rule: "secret_name", carrier: carrier(p), form: "reference", by: "name", place: p.in(name.Text).String(), at: from.Pos})
		return
	}
	if name.Kind != terraform.String || value.Unset() || !isSecretName(name.Text) {
		return
	}
	if kind := v.Get("type"); kind.Kind == terraform.String && (kind.Text == "PARAMETER_STORE" || kind.Text == "SECRETS_MANAGER") {
		m.note(match{rule: "secret_name", carrier: carrier(p), form: "reference", by: "name", place: p.in(name.Text).String(), at: value.Pos})
		return
	}
	p.carrier = carrier(p)
	m.named(value, p.in(name.Text), "secret_name", "name")
}

// carrier tells what the innermost named block of a place is.
func carrier(p place) string {
	for _, name := range p.path {
		if strings.HasPrefix(name, "environment") || name == "secrets" || slices.Contains(environments, name) {
			if p.resource != nil && strings.HasPrefix(p.resource.Type, "aws_codebuild_") {
				return "ci"
			}
			return "env"
		}
	}
	return p.carrier
}

// named notes a value that is given to a secret's name.
func (m *matches) named(v *terraform.Value, p place, rule, by string) {
	one := match{rule: rule, carrier: p.carrier, by: by, place: p.String(), at: v.Pos}
	switch {
	case v.Kind == terraform.String && v.Origin == terraform.Provided && !v.Sensitive:
		return // what the provider takes where nothing is written
	case v.Kind == terraform.String && v.Origin == terraform.Provided:
		one.form = "reference" // made by a resource, or read from where it is kept
	case v.Kind == terraform.String:
		if one.form = formOf(v.Text); one.form == "" || m.told(v) {
			return
		}
		if v.Origin == terraform.Computed && one.form == "literal" {
			one.reason = "a plan holds the value and does not tell where it is written"
		}
	case v.Kind == terraform.Unknown && len(v.Refs) > 0:
		one.form = "reference" // made by a resource, or read from where it is kept
	case v.Kind == terraform.Unknown:
		one.reason = v.Reason
	default:
		return
	}
	m.secret(one, v.Text)
}

// told reports whether a literal has been noted already: the default of a variable
// feeds every argument that reads it. What a plan computed is the same literal
// wherever it stands.
func (m *matches) told(v *terraform.Value) bool {
	here, anywhere := literal{v.Pos, v.Text}, literal{text: v.Text}
	seen := m.literals[here] && !v.Pos.IsZero() || v.Origin == terraform.Computed && m.literals[anywhere]
	m.literals[here], m.literals[anywhere] = true, true
	return seen
}

func (m *matches) note(one match) { m.secret(one, "") }

// script judges a start-up script, plain or in base64: assignments to a secret's
// name. Shapes are found in the file itself, in base64 too.
func (m *matches) script(v *terraform.Value, p place) {
	text := v.Text
	if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil && len(decoded) > 0 {
		text = string(decoded)
	}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		name, value, ok := strings.Cut(line, "=")
		if !ok || strings.ContainsAny(name, " \t\"'") || !isSecretName(name) {
			continue
		}
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if form := formOf(value); form != "" && !strings.HasPrefix(value, "$") && !strings.HasPrefix(value, "`") {
			m.secret(match{rule: "secret_name", carrier: "env", form: form, by: "name", place: p.in(name).String(), at: v.Pos}, value)
		}
	}
}

// containers judges container definitions in JSON as if they were written in HCL:
// every part stands where the text does, and has its origin.
func (m *matches) containers(v *terraform.Value, p place) {
	list, err := aws.ParseJSON([]byte(v.Text), v.Pos)
	if err != nil {
		m.b.Incomplete(p.String() + ": container definitions cannot be read")
		return
	}
	m.walk(from(list, v), p)
}

// from gives every part of a parsed text the text's origin.
func from(v, text *terraform.Value) *terraform.Value {
	v.Origin, v.Sensitive, v.Literal = text.Origin, text.Sensitive, text.Literal
	for _, e := range v.Elems {
		from(e, text)
	}
	for _, f := range v.Fields {
		from(f.Value, text)
	}
	return v
}
