package secret

import (
	"strconv"
	"strings"
)

// identifiers lists what is looked for: international numbers, then those of
// states, by the state's code. A longer shape comes before one that it holds.
func identifiers() []identifier {
	return []identifier{
		{"iban", ibanShapes(), " ", iban, always, nil},
		{"payment_card", [][]int{{4, 4, 4, 4}, {16}, {4, 6, 5}, {15}, {4, 4, 4, 4, 3}, {19}, {4, 6, 4}, {14}}, " -", paymentCard, grouped,
			[]string{"card", "cards", "creditcard", "cardnumber", "cardno", "visa", "mastercard", "amex", "kreditkarte", "kreditkartennummer", "pan", "ccnumber", "cc"}},
		{"be_national_number", [][]int{{2, 2, 2, 3, 2}, {11}}, ".- ", belgian, grouped,
			[]string{"rijksregister", "rijksregisternummer", "insz", "niss", "nationalnumber", "registrenational", "nrn"}},
		{"de_tax_id", [][]int{{2, 3, 3, 3}, {11}}, " ", germanTax, grouped,
			[]string{"steuer", "steuerid", "steueridnr", "steuernummer", "idnr", "taxid", "tin", "identifikationsnummer", "steueridentifikationsnummer"}},
		{"es_dni", [][]int{{9}, {8, 1}, {1, 7, 1}}, "- ", spanish, never, []string{"dni", "nie", "nif", "cif", "documento", "nationalid", "extranjero"}},
		{"fr_nir", [][]int{{1, 2, 2, 2, 3, 3, 2}, {13, 2}, {15}}, " ", french, grouped,
			[]string{"nir", "insee", "secu", "securite", "securitesociale", "numerosecu", "ssn", "nationalid"}},
		{"it_codice_fiscale", [][]int{{16}, {3, 3, 5, 5}}, " ", italian, always, nil},
		{"nl_bsn", [][]int{{9}, {3, 3, 3}, {4, 2, 3}}, ".- ", dutch, never, []string{"bsn", "burgerservicenummer", "burgerservice", "sofinummer", "sofi"}},
		{"pl_pesel", [][]int{{11}}, "", polish, never, []string{"pesel"}},
		{"se_personnummer", [][]int{{6, 4}, {8, 4}, {10}, {12}}, "-+", swedish, never,
			[]string{"personnummer", "personnr", "pnr", "samordningsnummer", "ssn", "nationalid", "personalnumber", "personalidentity"}},
		{"uk_nhs_number", [][]int{{3, 3, 4}, {10}}, " -", british, never, []string{"nhs", "nhsnumber", "nhsno"}},
	}
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// weighted adds digits times weights.
func weighted(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}

// mod97 is the remainder of a number of digits.
func mod97(s string) int {
	r := 0
	for i := range len(s) {
		r = (r*10 + int(s[i]-'0')) % 97
	}
	return r
}

// date reports whether month and day exist, of two digits each.
func date(month, day string) bool {
	m, err := strconv.Atoi(month)
	d, err2 := strconv.Atoi(day)
	return err == nil && err2 == nil && m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// germanTax is the identification number for taxes: of the first ten digits one
// stands twice or three times, and the last is the check of ISO 7064, MOD 11,10.
func germanTax(s string) bool {
	if !allDigits(s) || s[0] == '0' {
		return false
	}
	var count [10]int
	product := 10
	for i := range 10 {
		d := int(s[i] - '0')
		count[d]++
		sum := (d + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = 2 * sum % 11
	}
	twice, thrice := 0, 0
	for _, n := range count {
		switch {
		case n == 2:
			twice++
		case n == 3:
			thrice++
		case n > 3:
			return false
		}
	}
	return twice+thrice == 1 && (11-product)%10 == int(s[10]-'0')
}

// spanish is the DNI (eight digits) or NIE (X, Y or Z and seven), with the letter
// of the remainder by 23.
func spanish(s string) bool {
	number := s[:8]
	if i := strings.IndexByte("XYZ", s[0]); i >= 0 {
		number = strconv.Itoa(i) + s[1:8]
	}
	n, err := strconv.Atoi(number)
	return err == nil && allDigits(number) && n > 0 && "TRWAGMYFPDXBNJZSQVHLCKE"[n%23] == s[8]
}

// italian is the codice fiscale: six letters, year, month letter, day, place, check
// letter. Where two people would have one number, digits are written as letters.
func italian(s string) bool {
	const digits = "LMNPQRSTUV"
	plain := []byte(s)
	for _, i := range []int{6, 7, 9, 10, 12, 13, 14} {
		if at := strings.IndexByte(digits, s[i]); at >= 0 {
			plain[i] = byte('0' + at)
		}
		if plain[i] < '0' || plain[i] > '9' {
			return false
		}
	}
	for _, i := range []int{0, 1, 2, 3, 4, 5, 11, 15} {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	day := int(plain[9]-'0')*10 + int(plain[10]-'0')
	if strings.IndexByte("ABCDEHLMPRST", s[8]) < 0 || day < 1 || day > 31 && day < 41 || day > 71 {
		return false
	}
	odd := [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for i := range 15 {
		v := int(s[i] - 'A')
		if s[i] <= '9' {
			v = int(s[i] - '0')
		}
		if i%2 == 0 {
			v = odd[v]
		}
		sum += v
	}
	return byte('A'+sum%26) == s[15]
}

// french is the NIR: sex, year, month, department, commune, order, and 97 less the
// remainder. Corsica's departments 2A and 2B count as 19 and 18.
func french(s string) bool {
	body := s[:13]
	switch s[5:7] {
	case "2A":
		body = s[:5] + "19" + s[7:13]
	case "2B":
		body = s[:5] + "18" + s[7:13]
	}
	if !allDigits(body) || !allDigits(s[13:]) || strings.IndexByte("123478", s[0]) < 0 {
		return false
	}
	month, _ := strconv.Atoi(s[3:5])
	if month < 1 || month > 12 && month < 20 || month > 42 && month < 50 {
		return false
	}
	n, _ := strconv.ParseInt(body, 10, 64)
	key, _ := strconv.ParseInt(s[13:], 10, 64)
	return key == 97-n%97
}

// dutch is the BSN: weights 9 to 2 and -1, divisible by 11.
func dutch(s string) bool {
	return allDigits(s) && s[:2] != "00" && weighted(s, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0
}

// belgian is the national register number: date of birth, order, and 97 less the
// remainder; a 2 stands before it for those born since 2000.
func belgian(s string) bool {
	if !allDigits(s) {
		return false
	}
	month, _ := strconv.Atoi(s[2:4])
	day, _ := strconv.Atoi(s[4:6])
	if month %= 20; month > 12 || day > 31 {
		return false
	}
	key, _ := strconv.Atoi(s[9:])
	return key == 97-mod97(s[:9]) || key == 97-mod97("2"+s[:9])
}

// polish is the PESEL: date of birth with the century in the month, and weights 1,
// 3, 7, 9.
func polish(s string) bool {
	if !allDigits(s) {
		return false
	}
	month, _ := strconv.Atoi(s[2:4])
	day, _ := strconv.Atoi(s[4:6])
	return month%20 >= 1 && month%20 <= 12 && day >= 1 && day <= 31 && weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0
}

// swedish is the personnummer: a date of birth, a number, and the check of Luhn
// over ten digits; 60 is added to the day of a co-ordination number.
func swedish(s string) bool {
	if !allDigits(s) {
		return false
	}
	if len(s) == 12 {
		if s[:2] != "19" && s[:2] != "20" {
			return false
		}
		s = s[2:]
	}
	day, _ := strconv.Atoi(s[4:6])
	if day > 60 {
		day -= 60
	}
	return date(s[2:4], strconv.Itoa(day)) && luhn(s)
}

// british is the NHS number: weights 10 to 2, and 11 less the remainder.
func british(s string) bool {
	if !allDigits(s) {
		return false
	}
	check := 11 - weighted(s, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11 == int(s[9]-'0') && check != 10
}
