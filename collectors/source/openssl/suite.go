// Package openssl reads what OpenSSL reads: cipher strings, as servers take them in
// ssl_ciphers, SSLCipherSuite and the like.
package openssl

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// Suite is a cipher suite as OpenSSL knows it.
type Suite struct {
	ID   uint16
	Name string // OpenSSL's
	IANA string
	// Version is the lowest that has it: "SSLv3", "TLSv1", "TLSv1.2" or "TLSv1.3".
	Version        string
	KeyExchange    string // "ECDH", "DH", "RSA", "PSK", "ECDHEPSK", "DHEPSK", "RSAPSK", "SRP", "any"
	Authentication string // "RSA", "ECDSA", "DSS", "PSK", "SRP", "None", "any"
	Cipher         string // "AESGCM", "AES", "CHACHA20/POLY1305", "None", …
	Bits           int
	MAC            string // "AEAD", "SHA384", "SHA256", "SHA1", "MD5"

	grade      string // "high", "medium", "low", "none"
	notDefault bool
	fips       bool
}

//go:embed suites.txt
var table string

// Suites lists those of OpenSSL 3.0 as it is built by default, by number. Builds that
// add weak ones have more: what such a build makes of a string is not said here.
var Suites = sync.OnceValue(func() []Suite {
	var out []Suite
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if strings.HasPrefix(line, "#") || len(f) != 10 {
			continue
		}
		id, _ := strconv.ParseUint(f[0], 0, 16)
		bits, _ := strconv.Atoi(f[7])
		s := Suite{ID: uint16(id), Name: f[1], IANA: f[2], Version: f[3], KeyExchange: f[4], Authentication: f[5], Cipher: f[6], Bits: bits, MAC: f[8]}
		for _, flag := range strings.Split(f[9], ",") {
			switch flag {
			case "not_default":
				s.notDefault = true
			case "fips":
				s.fips = true
			default:
				s.grade = flag
			}
		}
		out = append(out, s)
	}
	return out
})
