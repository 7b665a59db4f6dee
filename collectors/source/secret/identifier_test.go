package secret

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// checked completes a number with the check digits that make it valid: the first
// filling that the judge accepts. So no number of a person stands here.
func checked(t *testing.T, valid func(string) bool, pattern string) string {
	t.Helper()
	blanks := strings.Count(pattern, "?")
	for n := range 100000 {
		fill, out := fmt.Sprintf("%0*d", blanks, n), ""
		if len(fill) > blanks {
			break
		}
		for _, c := range pattern {
			if c == '?' {
				c, fill = rune(fill[0]), fill[1:]
			}
			out += string(c)
		}
		if valid(out) && !synthetic(out) {
			return out
		}
	}
	t.Fatalf("nothing completes %s", pattern)
	return ""
}

func inGroups(number, sep string, sizes ...int) string {
	var parts []string
	for _, n := range sizes {
		n = min(n, len(number))
		parts = append(parts, number[:n])
		number = number[n:]
	}
	return strings.Join(parts, sep)
}

func TestIdentifiers(t *testing.T) {
	dni := func(s string) bool { return spanish(s) }
	letter := func(n string) string {
		for _, c := range "TRWAGMYFPDXBNJZSQVHLCKE" {
			if s := n + string(c); dni(s) {
				return s
			}
		}
		t.Fatal(n)
		return ""
	}
	italianOf := func(n string) string {
		for _, c := range uppers {
			if s := n + string(c); italian(s) {
				return s
			}
		}
		t.Fatal(n)
		return ""
	}
	german := checked(t, iban, "DE??500105175407324931")
	card := checked(t, paymentCard, "453201511283036?")
	for _, c := range []struct{ name, text, want string }{
		{"iban", "iban = " + german, "iban"},
		{"iban grouped", "Konto " + inGroups(german, " ", 4, 4, 4, 4, 4, 2) + ".", "iban"},
		{"iban with letters", checked(t, iban, "GB??NWBK60161331926717"), "iban"},
		{"iban of France", "a;" + checked(t, iban, "FR??3000600001123456789018?") + ";b", "iban"},
		{"iban published", "DE89370400440532013000", ""},
		{"iban wrong", "DE00500105175407324931", ""},
		{"iban inside a word", "xDE" + german[2:], ""},
		{"card alone", "n: " + card, ""},
		{"card named", "card_number: " + card, "payment_card"},
		{"card grouped", inGroups(card, " ", 4, 4, 4, 4), "payment_card"},
		{"card with dashes", "pay " + inGroups(card, "-", 4, 4, 4, 4), "payment_card"},
		{"card published", "card 4242424242424242", ""},
		{"american express", "amex " + checked(t, paymentCard, "37828224631001?"), "payment_card"},
		{"tax number", "Steuer-ID: 86095742719", ""}, // published for tests
		{"tax number of someone", "steuerId = " + checked(t, germanTax, "2695437182?"), "de_tax_id"},
		{"dni", "DNI " + letter("73625481"), "es_dni"},
		{"dni with dash", "dni;" + letter("73625481")[:8] + "-" + letter("73625481")[8:], "es_dni"},
		{"nie", "nie: " + letter("Y4837261"), "es_dni"},
		{"dni unnamed", letter("73625481"), ""},
		{"codice fiscale", "x " + italianOf("BNCLRA91S52F839"), "it_codice_fiscale"},
		{"codice fiscale with letters for digits", "x " + italianOf("BNCLRAV1S52F839"), "it_codice_fiscale"},
		{"nir", inGroups(checked(t, french, "2870338142675??"), " ", 1, 2, 2, 2, 3, 3, 2), "fr_nir"},
		{"nir of Corsica", "nir " + checked(t, french, "287032A142675??"), "fr_nir"},
		{"nir unnamed", checked(t, french, "2870338142675??"), ""},
		{"bsn", "BSN: " + checked(t, dutch, "28364718?"), "nl_bsn"},
		{"bsn in camel case", "burgerServiceNummer=" + checked(t, dutch, "28364718?"), "nl_bsn"},
		{"belgian", inGroups(checked(t, belgian, "870412372??"), ".", 2, 2, 2, 3, 2), "be_national_number"},
		{"pesel", "pesel " + checked(t, polish, "8704123726?"), "pl_pesel"},
		{"personnummer", "personnummer 870412-" + checked(t, swedish, "870412372?")[6:], "se_personnummer"},
		{"personnummer with century", "personnr 19870412-" + checked(t, swedish, "19870412372?")[8:], "se_personnummer"},
		{"nhs", "NHS " + inGroups(checked(t, british, "628374192?"), " ", 3, 3, 4), "uk_nhs_number"},
		{"account number of a cloud", "arn:aws:iam::628374192012:role/card-payment", ""},
		{"time", "card expires 1763778000 1763778000000000", ""},
		{"uuid", "card 550e8400-e29b-41d4-a716-446655440000", ""},
		{"decimal", "visa 0.4532015112830366", ""},
	} {
		var got []string
		for _, f := range Identifiers("data/customers.csv", c.text+"\n") {
			got = append(got, f.Rule)
			if !strings.Contains(c.text, f.Value) {
				t.Errorf("%s: the value is not from the text", c.name)
			}
		}
		want := strings.Fields(c.want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
	}
}

// A column of numbers is recognised without a name, numbers of a form by chance
// are not.
func TestColumn(t *testing.T) {
	var people, chance strings.Builder
	for i := range 12 {
		fmt.Fprintf(&people, "%d;%s\n", i, checked(t, dutch, fmt.Sprintf("2836%02d7??", 10+7*i)))
		fmt.Fprintf(&chance, "%d;2836%02d719\n", i, 10+i)
	}
	if got := Identifiers("a.csv", people.String()); len(got) < 10 || got[0].Rule != "nl_bsn" {
		t.Errorf("people: %s", told(got))
	}
	if got := Identifiers("a.csv", chance.String()); len(got) > 0 {
		t.Errorf("by chance: %s", told(got))
	}
}

func TestAddresses(t *testing.T) {
	list := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+"\n", string(rune('a'+i%26))+"nna", i)
		}
		return b.String()
	}
	for _, c := range []struct {
		name, file, text string
		want             int
	}{
		{"people", "users.csv", list(12, "%d,%s"), 0},
		{"customers", "users.csv", list(12, "%s.k%d@mail.shop-eu.de"), 12},
		{"few", "users.csv", list(9, "%s.k%d@mail.shop-eu.de"), 0},
		{"documentation", "users.csv", list(20, "%s%d@example.org"), 0},
		{"tests", "users.csv", list(20, "%s%d@mail.test"), 0},
		{"algorithms", "a.go", list(20, "%s-v%d@openssh.com"), 0},
		{"authors", "AUTHORS.md", list(20, "%s%d@mail.shop-eu.de"), 0},
		{"one again and again", "log.txt", strings.Repeat("anna@mail.shop-eu.de\n", 20), 0},
		{"packages", "README.md", list(20, "%s%d@1.2.3"), 0},
		{"repositories", "x.yaml", list(20, "git@%s%d.shop-eu.de:a/b.git"), 0},
	} {
		if got := Identifiers(c.file, c.text); len(got) != c.want {
			t.Errorf("%s: %d, want %d", c.name, len(got), c.want)
		}
	}
}

func FuzzIdentifiers(f *testing.F) {
	for _, s := range []string{"DE89 3704 0044 0532 0130 00", "card 4242-4242-4242-4242", "A1 2 3 4 5 6 7 8", "a@b.cc", "\xff12345678Z", "12.34.56-789.01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range Identifiers("a.csv", text) {
			if m.Start < end || m.End > len(text) || text[m.Start:m.End] != m.Value || m.Value == "" {
				t.Errorf("%s at %d to %d", m.Rule, m.Start, m.End)
			}
			end = m.End
		}
	})
}
