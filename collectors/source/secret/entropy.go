package secret

import "math"

// Entropy is Shannon's, of the bytes of a text, in bits per byte: 0 for "aaaa", 4
// for hexadecimal digits at random, up to 6 for base64 of random bytes.
func Entropy(text string) float64 {
	if text == "" {
		return 0
	}
	var count [256]int
	for i := range len(text) {
		count[text[i]]++
	}
	h, n := 0.0, float64(len(text))
	for _, c := range count {
		if c > 0 {
			p := float64(c) / n
			h -= p * math.Log2(p)
		}
	}
	return h
}
