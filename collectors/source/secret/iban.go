package secret

import (
	"slices"
	"strings"
)

// ibanLengths are those of the register of ISO 13616, by country.
const ibanLengths = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 " +
	"GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 " +
	"MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"

// ibanShapes are one group, and groups of four.
func ibanShapes() [][]int {
	var out [][]int
	var lengths []int
	for i := 0; i+4 <= len(ibanLengths); i += 5 {
		n := int(ibanLengths[i+2]-'0')*10 + int(ibanLengths[i+3]-'0')
		if !slices.Contains(lengths, n) {
			lengths = append(lengths, n)
		}
	}
	slices.Sort(lengths)
	slices.Reverse(lengths)
	for _, n := range lengths {
		out = append(out, []int{n})
		grouped := slices.Repeat([]int{4}, n/4)
		if n%4 > 0 {
			grouped = append(grouped, n%4)
		}
		out = append(out, grouped)
	}
	return out
}

// iban is an account number of ISO 13616: country, check digits, and what the
// country numbers accounts by; modulo 97 it is 1.
func iban(s string) bool {
	at := strings.Index(ibanLengths, s[:2])
	if at%5 != 0 || int(ibanLengths[at+2]-'0')*10+int(ibanLengths[at+3]-'0') != len(s) || !allDigits(s[2:4]) || s[2:4] < "02" {
		return false
	}
	r, digits := 0, 0
	for _, part := range []string{s[4:], s[:4]} {
		for i := range len(part) {
			if c := part[i]; c >= 'A' {
				r = (r*100 + int(c-'A') + 10) % 97
			} else {
				r = (r*10 + int(c-'0')) % 97
				digits++
			}
		}
	}
	return r == 1 && digits >= len(s)/2
}
