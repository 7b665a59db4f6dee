package openssl

import (
	"slices"
	"strings"
)

// keyword selects suites. Members that are nil select by nothing; several must all
// hold. Joined by "+" the sets of one member are intersected, as the masks of
// ssl_ciph.c are.
type keyword struct {
	exchange, authentication, cipher, mac []string
	version                               string
	grade                                 []string // "high", "medium", "low", "fips", "none"
	notDefault                            bool
	suite                                 string
}

var (
	allExchanges = []string{"ECDH", "DH", "RSA", "PSK", "ECDHEPSK", "DHEPSK", "RSAPSK", "SRP"}
	allAuth      = []string{"RSA", "ECDSA", "DSS", "PSK", "SRP", "None"}
	allCiphers   = []string{"AESGCM", "AESCCM", "AESCCM8", "AES", "Camellia", "CHACHA20/POLY1305", "ARIAGCM"}
	anyPSK       = []string{"PSK", "ECDHEPSK", "DHEPSK", "RSAPSK"}
)

func authenticated() []string {
	return slices.DeleteFunc(slices.Clone(allAuth), func(a string) bool { return a == "None" })
}

// ciphers with a length stand as "AES128"; see Suite.ciphers.
func sized(bits string, families ...string) []string {
	var out []string
	for _, f := range families {
		out = append(out, f+bits)
	}
	return out
}

// lookup knows the keywords of openssl-ciphers(1), and the names of suites.
func lookup(name string) (keyword, bool) {
	aes := []string{"AES", "AESGCM", "AESCCM", "AESCCM8"}
	both := func(families ...string) []string {
		return append(sized("128", families...), sized("256", families...)...)
	}
	switch name {
	case "ALL":
		return keyword{cipher: bothOf(allCiphers)}, true
	case "COMPLEMENTOFALL", "eNULL", "NULL":
		return keyword{cipher: []string{"None0"}}, true
	case "COMPLEMENTOFDEFAULT":
		return keyword{cipher: bothOf(allCiphers), notDefault: true}, true
	case "kRSA":
		return keyword{exchange: []string{"RSA"}}, true
	case "kEDH", "kDHE", "DH":
		return keyword{exchange: []string{"DH"}}, true
	case "kEECDH", "kECDHE", "ECDH":
		return keyword{exchange: []string{"ECDH"}}, true
	case "kPSK":
		return keyword{exchange: []string{"PSK"}}, true
	case "kRSAPSK":
		return keyword{exchange: []string{"RSAPSK"}}, true
	case "kECDHEPSK":
		return keyword{exchange: []string{"ECDHEPSK"}}, true
	case "kDHEPSK":
		return keyword{exchange: []string{"DHEPSK"}}, true
	case "kSRP", "SRP":
		return keyword{exchange: []string{"SRP"}}, true
	case "kGOST", "kGOST18":
		return keyword{exchange: []string{"GOST"}}, true
	case "aRSA":
		return keyword{authentication: []string{"RSA"}}, true
	case "aDSS", "DSS":
		return keyword{authentication: []string{"DSS"}}, true
	case "aNULL":
		return keyword{authentication: []string{"None"}}, true
	case "aECDSA", "ECDSA":
		return keyword{authentication: []string{"ECDSA"}}, true
	case "aPSK":
		return keyword{authentication: []string{"PSK"}}, true
	case "aSRP":
		return keyword{authentication: []string{"SRP"}}, true
	case "aGOST", "aGOST01", "aGOST12":
		return keyword{authentication: []string{"GOST"}}, true
	case "EDH", "DHE":
		return keyword{exchange: []string{"DH"}, authentication: authenticated()}, true
	case "EECDH", "ECDHE":
		return keyword{exchange: []string{"ECDH"}, authentication: authenticated()}, true
	case "RSA":
		return keyword{exchange: []string{"RSA"}, authentication: []string{"RSA"}}, true
	case "ADH":
		return keyword{exchange: []string{"DH"}, authentication: []string{"None"}}, true
	case "AECDH":
		return keyword{exchange: []string{"ECDH"}, authentication: []string{"None"}}, true
	case "PSK":
		return keyword{exchange: anyPSK}, true
	case "AES128":
		return keyword{cipher: sized("128", aes...)}, true
	case "AES256":
		return keyword{cipher: sized("256", aes...)}, true
	case "AES":
		return keyword{cipher: both(aes...)}, true
	case "AESGCM":
		return keyword{cipher: both("AESGCM")}, true
	case "AESCCM":
		return keyword{cipher: both("AESCCM", "AESCCM8")}, true
	case "AESCCM8":
		return keyword{cipher: both("AESCCM8")}, true
	case "CAMELLIA128":
		return keyword{cipher: sized("128", "Camellia")}, true
	case "CAMELLIA256":
		return keyword{cipher: sized("256", "Camellia")}, true
	case "CAMELLIA":
		return keyword{cipher: both("Camellia")}, true
	case "CHACHA20":
		return keyword{cipher: both("CHACHA20/POLY1305")}, true
	case "ARIA", "ARIAGCM":
		return keyword{cipher: both("ARIAGCM")}, true
	case "ARIA128":
		return keyword{cipher: sized("128", "ARIAGCM")}, true
	case "ARIA256":
		return keyword{cipher: sized("256", "ARIAGCM")}, true
	case "3DES", "RC4", "RC2", "IDEA", "SEED", "GOST89", "DES":
		return keyword{cipher: []string{name}}, name != "DES"
	case "MD5", "SHA256", "SHA384":
		return keyword{mac: []string{name}}, true
	case "SHA", "SHA1":
		return keyword{mac: []string{"SHA1"}}, true
	case "GOST94", "GOST89MAC", "GOST12", "GOST2012":
		return keyword{mac: []string{"GOST"}}, name != "GOST2012"
	case "SSLv3", "TLSv1.2":
		return keyword{version: name}, true
	case "TLSv1", "TLSv1.0":
		return keyword{version: "TLSv1"}, true
	case "LOW", "MEDIUM", "HIGH", "FIPS":
		return keyword{grade: []string{strings.ToLower(name)}}, true
	}
	for _, s := range Suites() {
		if s.Name == name && s.Version != "TLSv1.3" {
			return keyword{
				suite: s.Name, exchange: []string{s.KeyExchange}, authentication: []string{s.Authentication}, cipher: []string{s.Cipher + s.size()}, mac: []string{s.MAC},
				version: s.Version, grade: s.grades(), notDefault: s.notDefault,
			}, true
		}
	}
	return keyword{}, false
}

func bothOf(families []string) []string {
	return append(sized("128", families...), sized("256", families...)...)
}

// and narrows k by another keyword; ok is false if they contradict each other.
func (k keyword) and(o keyword) (keyword, bool) {
	if k.grade == nil && o.grade != nil {
		k.notDefault = false // ssl_ciph.c sets the grade over what stood there
	}
	for _, m := range []struct{ mine, other *[]string }{
		{&k.grade, &o.grade}, {&k.exchange, &o.exchange}, {&k.authentication, &o.authentication}, {&k.cipher, &o.cipher}, {&k.mac, &o.mac},
	} {
		switch {
		case *m.other == nil:
		case *m.mine == nil:
			*m.mine = *m.other
		default:
			var common []string
			for _, v := range *m.mine {
				if slices.Contains(*m.other, v) {
					common = append(common, v)
				}
			}
			if common == nil {
				return k, false
			}
			*m.mine = common
		}
	}
	if o.version != "" {
		if k.version != "" && k.version != o.version {
			return k, false
		}
		k.version = o.version
	}
	k.notDefault = k.notDefault || o.notDefault
	if o.suite != "" {
		k.suite = o.suite
	}
	return k, true
}

func (k keyword) matches(s Suite) bool {
	in := func(list []string, v string) bool { return list == nil || slices.Contains(list, v) }
	switch {
	case k.suite != "" && k.suite != s.Name,
		!in(k.exchange, s.KeyExchange), !in(k.authentication, s.Authentication), !in(k.cipher, s.Cipher+s.size()), !in(k.mac, s.MAC),
		k.version != "" && k.version != s.Version,
		k.notDefault && !s.notDefault:
		return false
	}
	return k.grade == nil || slices.ContainsFunc(s.grades(), func(g string) bool { return slices.Contains(k.grade, g) })
}

func (s Suite) grades() []string {
	if s.fips {
		return []string{s.grade, "fips"}
	}
	return []string{s.grade}
}

// size is the length of the key as keywords have it.
func (s Suite) size() string {
	switch {
	case s.Cipher == "None":
		return "0"
	case s.Bits == 256:
		return "256"
	}
	return "128"
}
