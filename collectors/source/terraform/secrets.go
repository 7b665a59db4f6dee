package terraform

import (
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Secrets returns the known values of a root that must not be shown: those that
// Terraform marks sensitive, those under the name of a secret, those that only a
// secret's resource holds, and what looks like a secret within any text. Values
// may repeat.
func Secrets(r *Root) []string {
	var s secrets
	for _, v := range r.Variables {
		for _, value := range []*Value{v.Default, v.Value} {
			s.walk(value, v.Sensitive, fact.SensitiveName(v.Name))
		}
	}
	for _, l := range r.Locals {
		s.walk(l.Value, false, fact.SensitiveName(l.Name))
	}
	for _, o := range r.Outputs {
		s.walk(o.Value, o.Sensitive, fact.SensitiveName(o.Name))
	}
	for _, p := range r.Providers {
		s.walk(p.Body, false, false)
	}
	if r.Backend != nil {
		s.walk(r.Backend.Body, false, false)
	}
	for _, res := range r.Resources {
		s.walk(res.Body, false, false)
		for _, name := range secretMembers(res) {
			s.walk(res.Body.Get(name), true, true)
		}
	}
	return s.found
}

// secretMembers are the arguments of a resource that are secret because of what
// the resource is.
func secretMembers(r *Resource) []string {
	switch {
	case r.Type == "aws_ssm_parameter":
		if t := r.Body.Get("type"); t.Kind == String && t.Text != "SecureString" {
			return nil
		}
		return []string{"value"}
	case strings.HasPrefix(r.Type, "aws_secretsmanager_"):
		return nil // secret_string is known by its name; a policy is none
	case strings.Contains(r.Type, "secret"):
		return []string{"value", "data", "string_data", "binary_data", "data_json", "plaintext_value", "encrypted_value"}
	}
	return nil
}

type secrets struct{ found []string }

// walk goes through a value that is marked, or stands under the name of a secret.
func (s *secrets) walk(v *Value, marked, named bool) {
	if v == nil {
		return
	}
	marked = marked || v.Sensitive
	switch v.Kind {
	case String:
		if marked || named && fact.PlausibleSecret(v.Text) {
			s.found = append(s.found, v.Text)
		}
		s.found = append(s.found, fact.SecretsIn(v.Text)...)
	case Number:
		if marked || named {
			s.found = append(s.found, v.Number)
		}
	}
	for _, l := range v.Literals {
		s.found = append(s.found, fact.SecretsIn(l.Text)...)
		if (marked || named) && fact.PlausibleSecret(l.Text) && !strings.HasSuffix(l.Text, "://") {
			s.found = append(s.found, l.Text) // of a template, or a fallback
		}
	}
	s.walk(v.Encodes, marked, named)
	for _, e := range v.Elems {
		s.walk(e, marked, named)
	}
	pair := isPair(v)
	for _, f := range v.Fields {
		s.walk(f.Value, marked, fact.SensitiveName(f.Name) || pair && f.Name == "value" || named && !fact.HarmlessName(f.Name))
	}
}

// isPair reports whether an object gives a value to the name of a secret, as
// environment { name = "DB_PASSWORD" value = "…" } does.
func isPair(v *Value) bool {
	for _, f := range v.Fields {
		if (f.Name == "name" || f.Name == "key") && f.Value.Kind == String && fact.SensitiveName(f.Value.Text) {
			return true
		}
	}
	return false
}
