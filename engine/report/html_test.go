package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/finding"
)

var (
	htmlTag  = regexp.MustCompile(`^<(/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9-]+(?:="[^"<>]*")?)*)/?>`)
	htmlAttr = regexp.MustCompile(` ([a-zA-Z0-9-]+)(?:="([^"<>]*)")?`)
	// htmlSafe are the references that a text may hold.
	htmlSafe = regexp.MustCompile(`&(amp|lt|gt|#34|#39|#43|#96|#61);`)
)

// Elements and attributes that the page is made of: none loads, none runs.
var (
	htmlElements = strings.Fields(`html head meta title style body a header p b h1 h2 h3 h4 h5 time div strong ul li span section table thead
		tbody tr th td nav main form fieldset legend label input select option button details summary article code pre i dl dt dd br figure figcaption
		svg g rect text path line footer script`)
	htmlAttributes = strings.Fields(`colspan lang charset http-equiv content name class href datetime id aria-label aria-labelledby role scope hidden
		type value checked placeholder tabindex open data-c data-t data-o data-s data-h
		width height viewBox x y x1 x2 y1 y2 rx d fill-opacity`)
)

// checkHTML takes a page apart by rules stricter than a browser's: known elements,
// known attributes, quoted values, and a policy that lets in its own style and
// script by their hashes only.
func checkHTML(t testing.TB, page []byte) {
	t.Helper()
	s := string(page)
	for n, line := range strings.Split(s, "\n") {
		for _, r := range line {
			if !unicode.IsPrint(r) && r != '\t' {
				t.Errorf("line %d has a raw %U: %.200q", n+1, r, line)
				break
			}
		}
	}
	policy := html.UnescapeString(between(s, `http-equiv="Content-Security-Policy" content="`, `"`))
	for _, element := range []string{"style", "script"} {
		if n := strings.Count(s, "<"+element); n != 1 {
			t.Errorf("%d times <%s", n, element)
		}
		own := between(s, "<"+element+">", "</"+element+">")
		sum := sha256.Sum256([]byte(own))
		if own == "" || !strings.Contains(policy, element+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("the policy does not name this %s: %s", element, policy)
		}
		s = strings.Replace(s, own, "", 1)
	}
	if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy is wide: %s", policy)
	}
	rest, ok := strings.CutPrefix(s, "<!doctype html>")
	if !ok {
		t.Error("no doctype")
	}
	for {
		at := strings.IndexByte(rest, '<')
		if at < 0 {
			at = len(rest)
		}
		if text := htmlSafe.ReplaceAllString(rest[:at], ""); strings.ContainsAny(text, "<>&") {
			t.Errorf("raw markup in text: %.200q", text)
		}
		if at == len(rest) {
			return
		}
		tag := htmlTag.FindStringSubmatch(rest[at:])
		if tag == nil {
			t.Errorf("no element of ours: %.200q", rest[at:])
			return
		}
		if !slices.Contains(htmlElements, tag[2]) {
			t.Errorf("element %.200q", tag[0])
		}
		for _, a := range htmlAttr.FindAllStringSubmatch(tag[3], -1) {
			switch {
			case !slices.Contains(htmlAttributes, a[1]):
				t.Errorf("attribute %s of %.200q", a[1], tag[0])
			case a[1] == "href" && !strings.HasPrefix(a[2], "#"):
				t.Errorf("a link leads out: %.200q", tag[0])
			}
		}
		rest = rest[at+len(tag[0]):]
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// Hostile values in the facts that are drawn. Member names stay, or nothing would
// be drawn.
func TestHostileDrawings(t *testing.T) {
	for i, h := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			n := i
			for _, mixed := range []bool{false, true} {
				page := render(t, "html", Options{}, rewritten(func(path, s string) string {
					n++
					switch {
					case path == "Item.Kind", strings.HasSuffix(path, "/key"), !strings.HasPrefix(path, "Item."):
						return s
					case mixed && n%3 > 0: // else no value would be one that decides what is drawn
						return s
					case mixed:
						return hostile[n%len(hostile)]
					}
					return h
				}))
				checkHTML(t, page)
				if !bytes.Contains(page, []byte("<svg")) {
					t.Error("nothing is drawn")
				}
			}
		})
	}
}

// What a saved report holds in place of a fact need not be one.
func TestDrawingsOfAnything(t *testing.T) {
	for _, kind := range drawnKinds() {
		for _, item := range []map[string]any{nil, {}, {"paths": 1, "versions": "x", "declared": []any{}, "residual": true}, {"paths": []any{nil, 1, "x"}, "versions": []any{nil}}} {
			page := render(t, "html", Options{}, []*finding.Message{{Run: &finding.Run{}}, {Item: &finding.Item{Kind: kind, Item: item}}, {Summary: &finding.Summary{}}})
			checkHTML(t, page)
		}
	}
}

// However the findings come, the page has them by urgency, and packing them while
// they wait changes nothing.
func TestHTMLPacks(t *testing.T) {
	messages := []*finding.Message{{Run: &finding.Run{Gate: "low"}}}
	long := strings.Repeat("word ", 300)
	for i := range 4000 {
		f := &finding.Finding{
			ID: fmt.Sprint("n", i), Control: fmt.Sprint("c", i%7), Target: fmt.Sprint("t", i%3), Subject: finding.Subject{Kind: "k", ID: fmt.Sprint(i)},
			Outcome: finding.Outcomes[i%len(finding.Outcomes)], Severity: finding.Severities[i%4], Message: long,
		}
		messages = append(messages, &finding.Message{Finding: f})
	}
	messages = append(messages, &finding.Message{Summary: &finding.Summary{}})
	page := string(render(t, "html", Options{Verbose: true}, messages))
	seen := map[string]int{}
	for _, m := range regexp.MustCompile(`<code>(k \d+)</code>`).FindAllStringSubmatch(page, -1) {
		seen[m[1]]++
	}
	for i := range 4000 {
		if n := seen[fmt.Sprint("k ", i)]; n != 1 {
			t.Fatalf("finding %d is on the page %d times", i, n)
		}
	}
	last := map[string]int{}
	for _, group := range strings.Split(page, `<details class="g"`)[1:] {
		for outcome, rank := range map[string]int{"fail": 0, "error": 1, "unknown": 2, "waived": 3, "pass": 4, "not_applicable": 5} {
			last[outcome] = strings.LastIndex(group, `data-o="`+outcome+`"`)
			for other, before := range map[string]int{"fail": 0, "error": 1, "unknown": 2, "waived": 3, "pass": 4, "not_applicable": 5} {
				first := strings.Index(group, `data-o="`+other+`"`)
				if before > rank && first >= 0 && first < last[outcome] {
					t.Errorf("%s stands before %s", other, outcome)
				}
			}
		}
	}
}

func TestArticleName(t *testing.T) {
	for id, want := range map[string]string{
		"5(1)(e)": "storage limitation", "32(1)(a)": "pseudonymisation and encryption", "30(1)(b)": "records of processing activities",
		"9(2)(a)": "special categories of data", "99": "", "": "", "(": "",
	} {
		if got := articleName(id); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

// Text on what it stands on, in both schemes and in print: contrast of at least 4.5
// to 1 (WCAG 2.2, 1.4.3).
func TestHTMLContrast(t *testing.T) {
	variable := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`)
	schemes := 0
	colours := map[string]string{}
	for _, block := range regexp.MustCompile(`(?s):root \{.*?\n *\}`).FindAllString(htmlStyle, -1) {
		for _, m := range variable.FindAllStringSubmatch(block, -1) {
			colours[m[1]] = m[2]
		}
		schemes++
		pairs := [][2]string{{"bg", "fail"}} // a chip of the highest severity
		for _, under := range []string{"bg", "panel", "sunk"} {
			for _, text := range []string{"text", "soft", "link", "fail", "error", "unknown", "waived", "pass", "na"} {
				pairs = append(pairs, [2]string{text, under})
			}
		}
		for _, o := range []string{"fail", "error", "unknown", "waived", "pass", "na"} {
			pairs = append(pairs, [2]string{o, o + "-bg"}, [2]string{"text", o + "-bg"})
		}
		pairs = append(pairs, [2]string{"text", "mark"}, [2]string{"soft", "mark"})
		for _, p := range pairs {
			if c := contrast(t, colours[p[0]], colours[p[1]]); c < 4.5 {
				t.Errorf("scheme %d: %s on %s is %.2f", schemes, p[0], p[1], c)
			}
		}
	}
	if schemes != 3 {
		t.Errorf("%d schemes, want light, dark and print", schemes)
	}
}

// contrast follows WCAG's definitions of relative luminance and contrast ratio.
func contrast(t *testing.T, a, b string) float64 {
	luminance := func(hex string) float64 {
		if len(hex) == 4 {
			hex = string([]byte{'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]})
		}
		var r, g, b int
		if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
			t.Fatalf("colour %q: %v", hex, err)
		}
		linear := func(n int) float64 {
			c := float64(n) / 255
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Every control of the run counts once in the row of its article, however the record
// was made and is shown.
func TestHTMLArticleRows(t *testing.T) {
	controls := []finding.Control{}
	for i := range 7 {
		controls = append(controls, finding.Control{ID: fmt.Sprint("c", i), GDPR: []string{"32(1)(a)"}})
	}
	outcomes := []finding.Outcome{finding.Fail, finding.Error, finding.Unknown, finding.Waived, finding.Pass, finding.NotApplicable}
	for _, recorded := range []bool{false, true} {
		messages := []*finding.Message{{Run: &finding.Run{Controls: controls}}}
		for i, o := range outcomes {
			if recorded || i < 4 {
				messages = append(messages, &finding.Message{Finding: &finding.Finding{ID: fmt.Sprint(i), Control: controls[i].ID, Outcome: o, GDPR: controls[i].GDPR}})
			}
		}
		messages = append(messages, &finding.Message{Summary: &finding.Summary{NotAsked: []finding.NotAsked{{Control: "c6"}}}})
		for _, verbose := range []bool{false, true} {
			page := string(render(t, "html", Options{Verbose: verbose}, messages))
			row := between(page, `<th scope="row">32(1)(a)`, "\n")
			sum := map[string]string{}
			for _, m := range regexp.MustCompile(`data-h="([a-z ]+)">(\d+)`).FindAllStringSubmatch(row, -1) {
				sum[m[1]] = m[2]
			}
			want := map[string]string{"controls": "7", "failed": "1", "error": "1", "unknown": "1", "waived": "1", "not asked": "1"}
			switch {
			case !verbose:
				want["no finding"] = "2"
			case recorded:
				want["passed"], want["not applicable"] = "1", "1"
			default:
				want["passed"], want["not applicable"], want["no finding"] = "0", "0", "2"
			}
			if diff := cmp.Diff(want, sum); diff != "" {
				t.Errorf("recorded %v, verbose %v: %s", recorded, verbose, diff)
			}
		}
	}
}
