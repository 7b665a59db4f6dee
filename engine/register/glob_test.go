package register

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"host/db1", "host/db1", true},
		{"host/db*", "host/db1", true},
		{"host/db*", "host/db", true},
		{"host/*", "host/a/b", false},
		{"host/**", "host/a/b", true},
		{"host/**", "host", false},
		{"**", "", true},
		{"*", "a/b", false},
		{"**/prod", "config/infra/prod", true},
		{"config/*/prod", "config/infra/prod", true},
		{"config/*/prod", "config/prod", false},
		{"", "", true},
		{"", "a", false},
		{`module.a["x"].aws_x.y[0]`, `module.a["x"].aws_x.y[0]`, true},
		{`module.a["x"].aws_x.y[0]`, `module.a["x"].aws_x.y0`, false},
		{`module.a["*"].aws_x.y[*]`, `module.a["x"].aws_x.y[12]`, true},
		{`module.a["*"].aws_x.y`, `module.a["x/z"].aws_x.y`, false},
		{`module.a["**"].aws_x.y`, `module.a["x/z"].aws_x.y`, true},
		{"firewall.exposure/aws_db_instance.orders/tcp/*", "firewall.exposure/aws_db_instance.orders/tcp/5432", true},
		{"/usr/lib/postgresql/*/bin/postgres", "/usr/lib/postgresql/17/bin/postgres", true},
		{"/usr/lib/postgresql/*/bin/postgres", "/usr/lib/postgresql/17/x/bin/postgres", false},
		{"postgresql@*.service", "postgresql@17-main.service", true},
		{"**a*/b", "xa/ay/b", true},
		{"a*b*c", "abxbc", true},
		{"?", "a", false},
	} {
		if got := Match(c.pattern, c.text); got != c.want {
			t.Errorf("Match(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

// asRegexp says the same in another language.
func asRegexp(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for _, t := range tokens(pattern) {
		switch {
		case t.double:
			b.WriteString(".*")
		case t.wild:
			b.WriteString("[^/]*")
		default:
			b.WriteString(regexp.QuoteMeta(string(t.char)))
		}
	}
	return regexp.MustCompile(b.String() + `\z`)
}

func TestMatchAgreesWithRegexp(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(alphabet string, n int) string {
		b := make([]byte, random.IntN(n))
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	matched := 0
	for range 20000 {
		pattern, s := text("ab/**", 9), text("ab/", 9)
		want := asRegexp(pattern).MatchString(s)
		if got := Match(pattern, s); got != want {
			t.Fatalf("Match(%q, %q) = %v, want %v", pattern, s, got, want)
		}
		if want {
			matched++
		}
	}
	if matched < 500 {
		t.Errorf("only %d pairs matched: the test says little", matched)
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"host/db*", "host/*1", true},
		{"host/db*", "host/web*", false},
		{"host/*", "host/a/b", false},
		{"host/**", "host/a/*", true},
		{"**/prod", "config/**", true},
		{"config/infra", "config/infra", true},
		{"*a*b*c*d*e*f*g*h*i*j", "*j*i*h*g*f*e*d*c*b*a", false},
		{"*a*a*a*a*a*a*a*a*a*a*b", "*a*a*a*a*a*a*a*a*a*a*c", false},
	} {
		if got := overlap(c.a, c.b); got != c.want {
			t.Errorf("overlap(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
		if got := overlap(c.b, c.a); got != c.want {
			t.Errorf("overlap(%q, %q) = %v, want %v", c.b, c.a, got, c.want)
		}
	}
}

// Whatever two globs both match, they overlap.
func TestOverlapHoldsCommonTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(alphabet string, n int) string {
		b := make([]byte, random.IntN(n))
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	common := 0
	for range 30000 {
		a, b, s := pick("ab/**", 6), pick("ab/**", 6), pick("ab/", 5)
		if Match(a, s) && Match(b, s) {
			common++
			if !overlap(a, b) {
				t.Fatalf("overlap(%q, %q) is false, yet both match %q", a, b, s)
			}
		}
	}
	if common < 200 {
		t.Errorf("only %d texts were common: the test says little", common)
	}
}

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		place      Place
		target, id string
		want       bool
	}{
		{"config/infra", "config/infra", "aws_db_instance.a", true},
		{"config/infra#aws_db_instance.a", "config/infra", "aws_db_instance.a", true},
		{"config/infra#aws_db_instance.a", "config/infra", "aws_db_instance.a/tcp/5432", true},
		{"config/infra#aws_db_instance.a", "config/infra", "aws_db_instance.ab", false},
		{"config/infra#aws_db_instance.a", "config/other", "aws_db_instance.a", false},
		{`config/infra#module.m["x"].**`, "config/infra", `module.m["x"].aws_db_instance.a[0]/tcp/5432`, true},
	} {
		if got := c.place.Covers(c.target, c.id); got != c.want {
			t.Errorf("%q covers %s#%s: %v, want %v", c.place, c.target, c.id, got, c.want)
		}
	}
	if !Place("config/infra").overlaps("config/*#a") || Place("config/infra#a").overlaps("config/infra#b") || !Place("config/infra#a").overlaps("config/infra#a/tcp/1") {
		t.Error("overlaps")
	}
}
