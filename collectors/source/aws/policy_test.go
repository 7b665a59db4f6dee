package aws

import (
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

func read(t *testing.T, text string) Policy {
	t.Helper()
	x := NewIndex(&terraform.Root{})
	return x.ReadPolicy(&terraform.Value{Kind: terraform.String, Text: text})
}

// Whom a statement admits: everyone only without a condition that ties requests
// to an account, an organisation, a network or a resource by a fixed value.
func TestPublic(t *testing.T) {
	for _, c := range []struct {
		name, principal, condition, want string
	}{
		{"star", `"Principal": "*"`, "", "yes"},
		{"aws star", `"Principal": {"AWS": "*"}`, "", "yes"},
		{"one of several", `"Principal": {"AWS": ["arn:aws:iam::111122223333:root", "*"]}`, "", "yes"},
		{"everyone but", `"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}`, "", "yes"},
		{"account", `"Principal": {"AWS": "111122223333"}`, "", "no"},
		{"service", `"Principal": {"Service": "cloudtrail.amazonaws.com"}`, "", "no"},
		{"organisation", `"Principal": "*"`, `{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`, "no"},
		{"any organisation", `"Principal": "*"`, `{"StringLike": {"aws:PrincipalOrgID": "o-*"}}`, "yes"},
		{"organisation if there is one", `"Principal": "*"`, `{"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}`, "yes"},
		{"all values", `"Principal": "*"`, `{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}`, "yes"},
		{"any value", `"Principal": "*"`, `{"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/"}}`, "no"},
		{"not that organisation", `"Principal": "*"`, `{"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}`, "yes"},
		{"network", `"Principal": "*"`, `{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}}`, "no"},
		{"everywhere", `"Principal": "*"`, `{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}`, "yes"},
		{"one network is everywhere", `"Principal": "*"`, `{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/1"]}}`, "yes"},
		{"everywhere in version 6", `"Principal": "*"`, `{"IpAddress": {"aws:SourceIp": "::/0"}}`, "yes"},
		{"anywhere but", `"Principal": "*"`, `{"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`, "yes"},
		{"encrypted", `"Principal": "*"`, `{"Bool": {"aws:SecureTransport": "true"}}`, "yes"},
		{"referer", `"Principal": "*"`, `{"StringLike": {"aws:Referer": "https://example.org/*"}}`, "yes"},
		{"resource", `"Principal": "*"`, `{"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"}}`, "no"},
		{"resource of any account", `"Principal": "*"`, `{"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:*:t"}}`, "yes"},
		{"empty", `"Principal": "*"`, `{"StringEquals": {"aws:SourceVpce": []}}`, "yes"},
		{"endpoint", `"Principal": "*"`, `{"StringEquals": {"aws:sourceVpce": "vpce-1"}}`, "no"},
		{"both must hold", `"Principal": "*"`, `{"Bool": {"aws:SecureTransport": true}, "StringEquals": {"aws:SourceAccount": "111122223333"}}`, "no"},
		{"condition of another form", `"Principal": "*"`, `"yes"`, "unknown"},
		{"principal of another type", `"Principal": {"Martian": "*"}`, "", "yes"},
		{"unknown principal type", `"Principal": {"Martian": "x"}`, "", "unknown"},
	} {
		text := `{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", ` + c.principal
		if c.condition != "" {
			text += `, "Condition": ` + c.condition
		}
		public, _ := read(t, text+"}}").Public()
		got := "unknown"
		if public.Known() {
			got = map[bool]string{true: "yes", false: "no"}[public.Value]
		}
		if got != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got, public.Reason, c.want)
		}
	}
	if public, _ := read(t, `{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}`).Public(); !public.Known() || public.Value {
		t.Error("a denial admits someone")
	}
}

// What cannot be read is opaque, and never a policy without statements.
func TestOpaque(t *testing.T) {
	for _, text := range []string{
		"{", "[]", "null", `"x"`, `{"Statement": 1}`, `{"Statement": [1]}`, `{"Statement": []} x`, `{"Statement": [], "Statement": []}`,
		`{"Surprise": true, "Statement": []}`, strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		if p := read(t, text); p.Opaque == "" {
			t.Errorf("%.40q is read: %+v", text, p)
		}
	}
	for _, text := range []string{
		`{"Statement": {"Effect": "Perhaps", "Principal": "*", "Action": "*"}}`, `{"Statement": {"Principal": "*", "Action": "*"}}`,
		`{"Statement": {"effect": "Allow", "Principal": "*", "Action": "*"}}`, `{"Statement": {"Effect": "Allow", "Principal": "*", "principal": "x", "Action": "*"}}`,
	} {
		p := read(t, text)
		if public, _ := p.Public(); public.Known() {
			t.Errorf("%s: public is known to be %v", text, public.Value)
		}
	}
}

func FuzzReadPolicy(f *testing.F) {
	for _, text := range []string{
		`{"Statement": [{"Sid": "a", "Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}`,
		`{"Statement": {"NotPrincipal": "*", "NotAction": [], "NotResource": [null, 1, true, {}]}}`, `{}`, `{"Statement": [[]]}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x := NewIndex(&terraform.Root{})
		p := x.ReadPolicy(&terraform.Value{Kind: terraform.String, Text: text, Pos: fact.Position{Source: "a", Line: 1}})
		public, by := p.Public()
		if public.Known() && public.Value != (len(by) > 0) {
			t.Errorf("public %v by %v", public.Value, by)
		}
		for _, s := range p.Statements {
			s.deniesPlain()
			s.Restricted()
		}
	})
}

func TestAtLeast(t *testing.T) {
	for _, c := range []struct {
		version      string
		major, minor int
		want         string
	}{
		{"16.4", 15, 0, "yes"}, {"15", 15, 0, "yes"}, {"14.9", 15, 0, "no"}, {"8.0.36", 8, 4, "no"}, {"8.4.3", 8, 4, "yes"}, {"8", 8, 4, "unknown"},
		{"9", 8, 4, "yes"}, {"", 15, 0, "unknown"}, {"latest", 15, 0, "unknown"}, {"8.0.mysql_aurora.3.05.2", 8, 4, "no"},
	} {
		a := AtLeast(Declared(c.version, fact.Position{}), c.major, c.minor)
		got := "unknown"
		if a.Known() {
			got = map[bool]string{true: "yes", false: "no"}[a.Value]
		}
		if got != c.want {
			t.Errorf("%q at least %d.%d: %s, want %s", c.version, c.major, c.minor, got, c.want)
		}
	}
}
