package secret

import "strconv"

// luhn is the check of ISO/IEC 7812-1, annex B.
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// paymentCard is a number of a range that a scheme issues cards from, of one of its
// lengths.
func paymentCard(s string) bool {
	if !allDigits(s) || !luhn(s) {
		return false
	}
	prefix, _ := strconv.Atoi(s[:4])
	in := func(low, high int) bool { return prefix >= low && prefix <= high }
	switch n := len(s); {
	case in(4000, 4999): // Visa
		return n == 16 || n == 19
	case in(5100, 5599), in(2221, 2720): // Mastercard
		return n == 16
	case in(3400, 3499), in(3700, 3799): // American Express
		return n == 15
	case in(3000, 3059), in(3600, 3699), in(3800, 3999): // Diners Club
		return n == 14 || n == 16 || n == 19
	case in(6011, 6011), in(6440, 6599), in(6200, 6299): // Discover, UnionPay
		return n == 16 || n == 19
	case in(3528, 3589): // JCB
		return n == 16 || n == 19
	case in(5018, 5018), in(5020, 5020), in(5038, 5038), in(5893, 5893), in(6304, 6304), in(6759, 6763): // Maestro
		return n == 16 || n == 19
	}
	return false
}
