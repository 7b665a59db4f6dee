package openssl

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// randomString joins keywords and names as people and machines would.
func randomString(r *rand.Rand) string {
	words := strings.Fields(`ALL COMPLEMENTOFALL COMPLEMENTOFDEFAULT eNULL NULL kRSA kEDH kDHE DH kEECDH kECDHE ECDH kPSK kRSAPSK kECDHEPSK kDHEPSK kSRP SRP
		aRSA aDSS DSS aNULL aECDSA ECDSA aPSK aSRP EDH DHE EECDH ECDHE RSA ADH AECDH PSK AES128 AES256 AES AESGCM AESCCM AESCCM8 CAMELLIA128 CAMELLIA256
		CAMELLIA CHACHA20 ARIA ARIAGCM ARIA128 ARIA256 3DES RC4 SEED IDEA MD5 SHA SHA1 SHA256 SHA384 SSLv3 TLSv1 TLSv1.0 TLSv1.2 LOW MEDIUM HIGH FIPS
		FOO DES EXPORT TLS13 kGOST aGOST GOST94`)
	name := func() string {
		if r.IntN(5) == 0 {
			s := Suites()[r.IntN(len(Suites()))]
			return []string{s.Name, s.IANA}[r.IntN(2)]
		}
		return words[r.IntN(len(words))]
	}
	var parts []string
	if r.IntN(3) == 0 {
		parts = append(parts, []string{"DEFAULT", "HIGH", "ALL", "DEFAULT@SECLEVEL=1"}[r.IntN(4)])
	}
	for range 1 + r.IntN(6) {
		part := []string{"", "", "", "!", "-", "+"}[r.IntN(6)] + name()
		for r.IntN(3) == 0 {
			part += "+" + name()
		}
		parts = append(parts, part)
		switch r.IntN(14) {
		case 0:
			parts = append(parts, "@STRENGTH")
		case 1:
			parts = append(parts, "@SECLEVEL="+[]string{"0", "1", "2", "5", "6", "x"}[r.IntN(6)])
		case 2:
			parts = append(parts, []string{"@FOO", "+", "!", "AES++SHA", "DEFAULT"}[r.IntN(5)])
		}
	}
	if strings.HasPrefix(parts[0], "-") { // or it would be an option
		parts[0] = ":" + parts[0]
	}
	return strings.Join(parts, []string{":", " ", ",", ";", "::"}[r.IntN(5)])
}

// asked is what openssl makes of a string, without the suites of TLS 1.3.
func asked(program, text string) string {
	out, err := exec.Command(program, "ciphers", text).Output()
	if err != nil {
		return "refused"
	}
	var names []string
	for _, n := range strings.Split(strings.TrimSpace(string(out)), ":") {
		if !strings.HasPrefix(n, "TLS_") {
			names = append(names, n)
		}
	}
	return strings.Join(names, "\n")
}

func expanded(text string) string {
	c, err := Expand(text)
	if err != nil {
		return "refused"
	}
	var names []string
	for _, s := range c.Suites {
		names = append(names, s.Name)
	}
	return strings.Join(names, "\n")
}

// Generated strings select what openssl selects, in its order, and what it refuses
// is refused.
func TestOracle(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed (make oracles): nothing was compared")
	}
	if version, _ := exec.Command(program, "version").Output(); !strings.HasPrefix(string(version), "OpenSSL 3.0.") {
		t.Skipf("the table is of OpenSSL 3.0, this is %s: nothing was compared", version)
	}
	refused := 0
	for seed := range uint64(500) {
		text := randomString(rand.New(rand.NewPCG(seed, 3)))
		want := asked(program, text)
		if want == "refused" {
			refused++
		}
		if diff := cmp.Diff(want, expanded(text)); diff != "" {
			t.Errorf("seed %d: %s (-openssl +ours)\n%s", seed, text, diff)
		}
	}
	t.Logf("500 strings, openssl refused %d", refused)
	if refused > 250 {
		t.Errorf("openssl refused %d of 500: the cases say little", refused)
	}
}

// The levels and the names that are passed over are told.
func TestExpand(t *testing.T) {
	c, err := Expand("HIGH:!aNULL:FOO:ECDHE+FOO:@SECLEVEL=0:EXPORT40")
	if err != nil || c.Level != 0 {
		t.Errorf("level %d, %v", c.Level, err)
	}
	if diff := cmp.Diff([]string{"FOO", "ECDHE+FOO", "EXPORT40"}, c.Ignored); diff != "" {
		t.Error(diff)
	}
	if c, _ := Expand("AES256-SHA"); len(c.Suites) != 1 || c.Suites[0].ID != 0x35 || c.Suites[0].IANA != "TLS_RSA_WITH_AES_256_CBC_SHA" || c.Level != -1 {
		t.Errorf("%+v", c)
	}
	for _, text := range []string{"", "FOO", "!ALL", "SUITEB128", "HIGH:@SECLEVEL=9", "HIGH+", ":::", "TLS_AES_128_GCM_SHA256"} {
		if c, err := Expand(text); err == nil {
			t.Errorf("%q gives %d suites", text, len(c.Suites))
		}
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("HIGH:!aNULL:@STRENGTH")
	f.Add("DEFAULT@SECLEVEL=1:-AES+SHA")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := Expand(text); err == nil && len(c.Suites) == 0 {
			t.Errorf("%q selects nothing and is no error", text)
		}
	})
}
