package tls

import "strings"

// Policy is a provider's named set of versions and cipher suites. Suites is nil
// where only the versions are known.
type Policy struct {
	Protocols, Suites []string
}

// Versions, oldest first; the names sort by age.
var versions = []string{"ssl2", "ssl3", "tls1.0", "tls1.1", "tls1.2", "tls1.3"}

// from returns the versions from the first to the last.
func from(first, last string) []string {
	var out []string
	for _, v := range versions {
		if v >= first && v <= last {
			out = append(out, v)
		}
	}
	return out
}

// elbPolicies are the predefined security policies of Application and Network
// Load Balancers, name without "ELBSecurityPolicy-", versions, suites by group of
// the table suiteGroups. It is whole as at 2026-10: the "Security policies" pages
// of the two user guides, with the names of the FIPS, post-quantum (PQ, 2025-09)
// and RFC 9151 (2023-07) policies. A PQ policy adds hybrid key exchange to the
// policy it is named after. A "?" stands for suites that are not published or on
// which sources differ (TLS13-1-2-Ext1-PQ).
const elbPolicies = `
2015-05                                  tls1.0 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
2016-08                                  tls1.0 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
FS-1-1-2019-08                           tls1.1 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1
FS-1-2-2019-08                           tls1.2 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1
FS-1-2-Res-2019-08                       tls1.2 tls1.2  ecdhe-gcm ecdhe-cbc2
FS-1-2-Res-2020-10                       tls1.2 tls1.2  ecdhe-gcm
FS-2018-06                               tls1.0 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1
TLS-1-0-2015-04                          tls1.0 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1 3des
TLS-1-1-2017-01                          tls1.1 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS-1-2-2017-01                          tls1.2 tls1.2  ecdhe-gcm ecdhe-cbc2 rsa2
TLS-1-2-Ext-2018-06                      tls1.2 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-0-2021-06                        tls1.0 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-0-FIPS-2023-04                   tls1.0 tls1.3  aes ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-0-FIPS-PQ-2025-09                tls1.0 tls1.3  aes ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-0-PQ-2025-09                     tls1.0 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-1-2021-06                        tls1.1 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-1-FIPS-2023-04                   tls1.1 tls1.3  aes ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-2-2021-06                        tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2
TLS13-1-2-Ext0-FIPS-2023-04              tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1
TLS13-1-2-Ext0-FIPS-PQ-2025-09           tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1
TLS13-1-2-Ext0-RFC9151-FIPS-2023-07      tls1.2 tls1.3  ?
TLS13-1-2-Ext1-2021-06                   tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2 rsa2
TLS13-1-2-Ext1-FIPS-2023-04              tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2 rsa2
TLS13-1-2-Ext1-FIPS-PQ-2025-09           tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2 rsa2
TLS13-1-2-Ext1-PQ-2025-09                tls1.2 tls1.3  ?
TLS13-1-2-Ext2-2021-06                   tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-2-Ext2-FIPS-2023-04              tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-2-Ext2-FIPS-PQ-2025-09           tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-2-Ext2-PQ-2025-09                tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS13-1-2-FIPS-2023-04                   tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2
TLS13-1-2-FIPS-PQ-2025-09                tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2
TLS13-1-2-PQ-2025-09                     tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-cbc2
TLS13-1-2-RFC9151-FIPS-2023-07           tls1.2 tls1.3  ?
TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07  tls1.2 tls1.3  ?
TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07  tls1.2 tls1.3  ?
TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07  tls1.2 tls1.3  ?
TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07  tls1.2 tls1.3  ?
TLS13-1-2-Res-2021-06                    tls1.2 tls1.3  aes chacha ecdhe-gcm
TLS13-1-2-Res-FIPS-2023-04               tls1.2 tls1.3  aes ecdhe-gcm
TLS13-1-2-Res-FIPS-PQ-2025-09            tls1.2 tls1.3  aes ecdhe-gcm
TLS13-1-2-Res-PQ-2025-09                 tls1.2 tls1.3  aes chacha ecdhe-gcm
TLS13-1-3-2021-06                        tls1.3 tls1.3  aes chacha
TLS13-1-3-FIPS-2023-04                   tls1.3 tls1.3  aes
TLS13-1-3-FIPS-PQ-2025-09                tls1.3 tls1.3  aes
TLS13-1-3-PQ-2025-09                     tls1.3 tls1.3  aes chacha
TLS13-1-3-RFC9151-FIPS-2023-07           tls1.3 tls1.3  ?
`

// classicPolicies are the predefined policies of Classic Load Balancers that
// differ from those above; of the oldest only the versions are kept here. Source:
// User Guide for Classic Load Balancers, "Predefined SSL security policies".
const classicPolicies = `
2011-08          ssl3   tls1.0  ?
2014-01          ssl3   tls1.2  ?
2014-10          tls1.0 tls1.2  ?
2015-02          tls1.0 tls1.2  ?
2015-03          tls1.0 tls1.2  ?
2015-05          tls1.0 tls1.2  ?
2016-08          tls1.0 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS-1-1-2017-01  tls1.1 tls1.2  ecdhe-gcm ecdhe-cbc2 ecdhe-cbc1 rsa2 rsa1
TLS-1-2-2017-01  tls1.2 tls1.2  ecdhe-gcm ecdhe-cbc2 rsa2
`

// cloudfrontPolicies are the values of minimum_protocol_version. Source: Amazon
// CloudFront Developer Guide, "Supported protocols and ciphers between viewers
// and CloudFront" (2026).
const cloudfrontPolicies = `
SSLv3         ssl3   tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc2 ecdhe-cbc1 rsa-gcm rsa-128-256 rsa1 3des rc4
TLSv1         tls1.0 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc2 ecdhe-cbc1 rsa-gcm rsa-128-256 rsa1 3des
TLSv1_2016    tls1.0 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc2 ecdhe-cbc1 rsa-gcm rsa-128-256 rsa1
TLSv1.1_2016  tls1.1 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc2 ecdhe-cbc1 rsa-gcm rsa-128-256 rsa1
TLSv1.2_2018  tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc2 rsa-gcm rsa-128-256
TLSv1.2_2019  tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha ecdhe-cbc2
TLSv1.2_2021  tls1.2 tls1.3  aes chacha ecdhe-gcm ecdhe-chacha
TLSv1.2_2025  tls1.2 tls1.3  aes ecdhe-gcm
TLSv1.3_2025  tls1.3 tls1.3  aes chacha
`

// searchPolicies are the values of tls_security_policy of OpenSearch domains.
// Source: OpenSearch Service API reference, DomainEndpointOptions.
const searchPolicies = `
Policy-Min-TLS-1-0-2019-07                tls1.0 tls1.2  ?
Policy-Min-TLS-1-2-2019-07                tls1.2 tls1.2  ?
Policy-Min-TLS-1-2-PFS-2023-10            tls1.2 tls1.3  ?
Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08   tls1.2 tls1.3  ?
`

// gatewayPolicies are the values of security_policy of API Gateway domain names.
// Source: API Gateway Developer Guide, "Choose a security policy".
const gatewayPolicies = `
TLS_1_0  tls1.0 tls1.3  ?
TLS_1_2  tls1.2 tls1.3  ?
`

// suiteGroups names sets of cipher suites by their IANA names.
var suiteGroups = map[string][]string{
	"aes":          {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"},
	"chacha":       {"TLS_CHACHA20_POLY1305_SHA256"},
	"ecdhe-gcm":    ecdhe("AES_128_GCM_SHA256", "AES_256_GCM_SHA384"),
	"ecdhe-chacha": ecdhe("CHACHA20_POLY1305_SHA256"),
	"ecdhe-cbc2":   ecdhe("AES_128_CBC_SHA256", "AES_256_CBC_SHA384"),
	"ecdsa-cbc2":   {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
	"ecdhe-cbc1":   ecdhe("AES_128_CBC_SHA", "AES_256_CBC_SHA"),
	"rsa2": {"TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384",
		"TLS_RSA_WITH_AES_128_CBC_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA256"},
	"rsa-gcm":     {"TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"},
	"rsa-128-256": {"TLS_RSA_WITH_AES_128_CBC_SHA256"},
	"rsa1":        {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"},
	"3des":        {"TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
	"rc4":         {"TLS_RSA_WITH_RC4_128_MD5"},
}

func ecdhe(ciphers ...string) []string {
	var out []string
	for _, cipher := range ciphers {
		out = append(out, "TLS_ECDHE_ECDSA_WITH_"+cipher, "TLS_ECDHE_RSA_WITH_"+cipher)
	}
	return out
}

// lookup finds a name in a table.
func lookup(table, name string) (Policy, bool) {
	for _, line := range strings.Split(table, "\n") {
		columns := strings.Fields(line)
		if len(columns) < 4 || columns[0] != name {
			continue
		}
		p := Policy{Protocols: from(columns[1], columns[2])}
		for _, group := range columns[3:] {
			p.Suites = append(p.Suites, suiteGroups[group]...)
		}
		return p, true
	}
	return Policy{}, false
}

// names lists the names of a table, in its order.
func names(table string) []string {
	var out []string
	for _, line := range strings.Split(table, "\n") {
		if columns := strings.Fields(line); len(columns) > 0 {
			out = append(out, columns[0])
		}
	}
	return out
}

const elbPrefix = "ELBSecurityPolicy-"

func elbPolicy(name string) (Policy, bool) {
	short, ok := strings.CutPrefix(name, elbPrefix)
	if !ok {
		return Policy{}, false
	}
	return lookup(elbPolicies, short)
}

func classicPolicy(name string) (Policy, bool) {
	short, ok := strings.CutPrefix(name, elbPrefix)
	if !ok {
		return Policy{}, false
	}
	return lookup(classicPolicies, short)
}

func cloudfrontPolicy(name string) (Policy, bool) { return lookup(cloudfrontPolicies, name) }
func searchPolicy(name string) (Policy, bool)     { return lookup(searchPolicies, name) }
func gatewayPolicy(name string) (Policy, bool)    { return lookup(gatewayPolicies, name) }
