package terraform

import (
	"slices"
	"strings"
)

// functionCases returns calls of every function of Terraform, made from lists
// of arguments. The answers stand in testdata/functions.txt.
func functionCases() []string {
	var calls []string
	for _, line := range strings.Split(strings.TrimSpace(functionArguments), "\n") {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		params := strings.Split(rest, " × ")
		combine(params, "", func(args string) { calls = append(calls, name+"("+args+")") })
	}
	calls = append(calls, strings.Split(strings.TrimSpace(functionExpressions), "\n")...)
	slices.Sort(calls)
	return slices.Compact(calls)
}

// combine yields every combination of the alternatives of each parameter.
func combine(params []string, before string, yield func(string)) {
	if len(params) == 0 {
		yield(before)
		return
	}
	for _, alternative := range strings.Split(params[0], " | ") {
		args := strings.TrimSpace(alternative)
		if args == "-" { // not given
			args = ""
		}
		joined := args
		if before != "" && args != "" {
			joined = before + ", " + args
		} else if args == "" {
			joined = before
		}
		combine(params[1:], joined, yield)
	}
}

// functionArguments has a line per function: its name, then for each parameter
// the values to try, "|" between values and "×" between parameters.
const functionArguments = `
abs 1 | -1.5 | 0 | "-3" | "x" | null
alltrue [] | [true] | [true, false] | ["true"] | [null] | ["x"] | true
anytrue [] | [false] | [true, false] | ["true"] | [null] | [null, true]
base64decode "aGVsbG8=" | "" | "aGVsbG8" | "/w==" | "!!"
base64encode "hello" | "" | "é😀" | 5 | null
base64gzip "hello" | ""
base64sha256 "hello" | ""
base64sha512 "hello"
basename "a/b/c.txt" | "/" | "" | "a/" | "."
can 1 | [1][2] | tonumber("x") | null | {}.a
ceil 1.2 | -1.2 | 3 | "4.1" | 0
chomp "a\n" | "a\r\n\n" | "a" | "\n\n"
chunklist ["a","b","c"] | [] | toset(["a"]) | [1, "b"] × 2 | 0 | -1 | 1.5
cidrhost "10.0.0.0/8" | "010.1.0.0/24" | "fd00::/64" | "10.0.0.1/32" | "10.0.0.0" × 0 | 5 | -1 | 256 | 1.5 | 16777216
cidrnetmask "10.0.0.0/8" | "192.168.1.7/20" | "fd00::/64" | "x" | "0.0.0.0/0"
cidrsubnet "10.0.0.0/8" | "fd00::/48" | "10.1.2.3/16" × 8 | 0 | 33 × 0 | 255 | 256
cidrsubnets "10.0.0.0/8" | "fd00::/48" | "10.0.0.0/30" × - | 1 | 8, 4, 8 | 0 | 33 | 1, 1, 1
coalesce "a" | "" | null | 0 | [] × "b" | null | 5 | true
coalescelist [] | ["a"] | null × [1] | [] | toset(["x"])
compact ["a", "", null, "b"] | [] | [1, ""] | ["", ""] | {}
concat [] | [1] | ["a"] | tolist(["x"]) × [2] | ["b", null] | toset(["z"]) | "x"
contains ["a", "b"] | [1, 2] | toset(["a"]) | [] | [null] | "abc" × "a" | 1 | null
csvdecode "a,b\n1,2\n3,4" | "a\n" | "" | "a,a\n1,2" | "a,b\n1" | "a,b\n\"x\ny\",\"q\"\"q\"\n"
dirname "a/b/c.txt" | "/" | "" | "a/" | "a"
distinct ["a","b","a"] | [1, 1.0, "1"] | [] | [null, null] | [[1],[1]]
element ["a","b","c"] | tolist(["x"]) | [] | toset(["a"]) × 0 | 4 | -1 | 1.5
endswith "hello" | "" × "lo" | "" | "x"
ephemeralasnull "a" | null | {a = 1} | [1]
fileexists "hello.txt" | "none.txt" | "sub" | "./sub/../hello.txt"
file "hello.txt" | "none.txt" | "bin.dat" | "sub/a.json" | "./hello.txt" | "sub"
filebase64 "hello.txt" | "bin.dat" | "none.txt"
filebase64sha256 "hello.txt" | "bin.dat"
filebase64sha512 "hello.txt"
filemd5 "hello.txt" | "none"
filesha1 "hello.txt" | "bin.dat"
filesha256 "hello.txt"
filesha512 "hello.txt"
fileset "." | "sub" | "none" × "*.txt" | "**" | "*" | "**/*.json" | "*.{txt,dat}" | "sub/*" | "[a-h]*" | "?in.dat" | "**/**" | "*/deep/*" | "{sub/,}*.json"
flatten [] | [[1],[2,[3]]] | [1, ["a"]] | toset([["a"]]) | [[], [[]]] | "x" | [null] | [{a = [1]}]
floor 1.7 | -1.2 | 3 | "4.9"
format "%s" | "%q" | "%v" | "%#v" | "%5s|" | "%-5s|" | "%T" × "a" | 1 | true | null | [1, "b"] | {a = 1}
format "%d" | "%05d" | "%x" | "%X" | "%o" | "%b" | "%+d" | "%e" | "%f" | "%.2f" | "%g" | "%8.3f" | "%t" | "%c" | "%%" × 12 | 12.5 | "7" | -3
format "%s-%s" | "%[2]s %[1]s" | "%s" | "none" × "a" × "b"
formatdate "YYYY-MM-DD" | "EEEE, DD-MMM-YY hh:mm:ss ZZZ" | "H 'o''clock' AA Z" | "MMMM M m s h aa EEE D ZZZZ ZZZZZ" | "Q" × "2018-01-02T23:12:01Z" | "2020-02-29T00:00:00+05:30" | "x"
formatlist "%s-%s" × ["a","b"] | "x" | [] × ["c","d"] | ["z"] | 5
indent 2 | 0 | -1 | 1.5 × "a\nb\n" | "" | "x"
index ["a","b"] | [1,2] | [] | toset(["a"]) × "b" | 2 | null
issensitive "a" | sensitive("a") | [sensitive("a")] | null
join ", " | "" × ["a","b"] | [] | [1, true] | toset(["b","a"]) | [null] | "x" | [["a"]]
join "-" × ["a"], ["b"]
jsondecode "{\"a\":[1,2.50,null,true]}" | "\"x\"" | "1e3" | "" | "{" | "[]" | "123456789012345678901234567890" | "null" | "{\"a\":1,\"a\":2}" | "{} x"
jsonencode {a = 1, b = [true, null]} | "<é&\"\u2028>" | 1.50 | 1e30 | null | toset(["b","a"]) | 0.1 | [] | 123456789012345678901234567890 | -0.0
keys {b = 1, a = 2} | {} | tomap({x = "y"}) | [1] | null
length [] | [1,2] | "héllo" | {a = 1} | toset(["a","a"]) | 5 | null | "👨‍👩‍👧" | tomap({a = 1})
log 8 | 10 | 0 | -1 × 2 | 10 | 1 | 0
lookup {a = 1, b = "x"} | tomap({a = "y"}) | {} | [1] × "a" | "z" × - | "d" | null | 5
lower "ÀBC" | "" | 5 | "İ"
matchkeys ["a","b","c"] | [] | [1,2,3] × ["x","y","x"] | [1,2,1] | ["x"] × ["x"] | [] | ["q"] | ["1"]
max 1 | "5" | -2.5 × 3 | - | 1e10
md5 "hello" | ""
merge {a = 1} | {} | null | tomap({x = "y"}) × {b = 2} | {a = "z"} | tomap({x = "q"}) | - | [1]
min 1 | "5" | -2.5 × 3 | - | 1e10
nonsensitive "a" | sensitive("x") | [sensitive(1)]
one [] | ["a"] | toset(["a"]) | ["a","b"] | null | "x" | [null]
parseint "100" | "FF" | "-12" | "z" | "" | 12 | "1.5" | "0x1F" × 10 | 16 | 36 | 62 | 1
pow 2 | 9 | -2 | 0 × 3 | 0.5 | -1 | 0
range 3 | 0 | -2 | 1.5
range 1 | 5 | 0 × 4 | 0 | 1.5
range 0 | 10 × 6 | 0 × 2 | -3 | 0 | 0.5
range 1025
regex "[a-z]+" | "(\\d+)-(\\d+)" | "(?P<y>\\d+)-(?P<m>\\d+)" | "[" | "x*" × "2020-10 abc" | ""
regexall "[a-z]+" | "(\\d+)-(\\d+)" | "(?P<y>\\d+)" | "[" | "" × "2020-10 abc de" | ""
replace "hello" | "a.b.c" | "" × "l" | "/l+/" | "/(h)(.)/" | "." | "" | "/[/" × "L" | "$2$1" | ""
reverse [1,2,3] | [] | toset(["a","b"]) | ["a", 1] | "abc"
rsadecrypt "x" | "" × "nokey"
sensitive "a" | null
setintersection ["a","b"] | [] | [1,2] × ["b","c"] | toset(["1"]) | []
setproduct ["a","b"] | [] | toset(["x"]) × ["c"] | [1, 2] | []
setproduct ["a"]
setsubtract ["a","b"] | [] | [1,2] × ["b"] | toset(["1"]) | []
setunion ["b","a"] | [] | [1,2] × ["c"] | toset(["1"]) | []
sha1 "hello" | ""
sha256 "hello" | ""
sha512 "hello"
signum -5 | 0 | 2.5 | "x"
slice ["a","b","c"] | tolist(["x","y"]) | [] | toset(["a"]) × 0 | 1 × 2 | 0 | 4
sort ["b","a","C"] | [] | [3, 10, 2] | toset(["y","x"]) | [null] | ["é","z","e"]
split "," | "" | ", " × "a,b, c" | "" | "x"
startswith "hello" | "" × "he" | "" | "x"
strcontains "hello" | "" × "ell" | "" | "x"
strrev "hello" | "" | "é👨‍👩‍👧x" | "añb"
substr "héllo" | "" | "👨‍👩‍👧ab" × 0 | 1 | -2 | 9 × 2 | -1 | 0 | 99
sum [1,2,3] | [] | ["1", 2] | [1.5, 2.25] | toset([1,2]) | [null] | ["x"] | {} | 5 | [0.1, 0.2]
templatefile "t.tftpl" × {name = "x", list = ["a","b"]} | {name = "x"} | {name = 5, list = []} | {} | [] | {name = null, list = []} | tomap({name = "q", list = "r"})
templatefile "loop.tftpl" | "one.tftpl" | "none.tftpl" | "bad.tftpl" | "call.tftpl" × {v = [1,2]} | {v = {a = 1}} | {v = "s"}
textdecodebase64 "aABpAA==" | "aGk=" | "!!" × "UTF-16LE" | "UTF-8" | "nope"
textencodebase64 "hi" | "é" | "😀" × "UTF-16LE" | "UTF-8" | "ISO-8859-1" | "utf-16be" | "nope"
timeadd "2017-11-22T00:00:00Z" | "2020-02-29T23:59:59+02:00" | "x" × "10m" | "-24h" | "1.5s" | "1d" | "1h30m"
timecmp "2017-11-22T00:00:00Z" | "2017-11-22T01:00:00+01:00" | "x" × "2017-11-22T00:00:00Z" | "2018-01-01T00:00:00Z" | "2016-01-01T00:00:00Z"
title "hello world" | "ÀB c-d" | "" | "it's"
tobool "true" | "false" | true | "yes" | 1 | null | "1" | "True"
tolist ["a", 1] | toset(["b","a"]) | [] | null | "x" | [1, true] | {a = 1} | [[1], ["a"]]
tomap {a = 1, b = "x"} | {} | null | [1] | {a = [1], b = "c"} | {a = null}
tonumber "1.50" | 5 | "x" | true | null | "" | "1e3" | "0x10" | " 1"
toset ["b","a","b"] | [1, "1"] | [] | null | {a = 1} | [[1],[1]] | [true, false]
tostring 1.50 | true | "x" | null | [1] | 1e21 | 100000000000000000000000 | 0.1
transpose {a = ["1","2"], b = ["2"]} | {} | {a = []} | {a = "x"} | {a = [null]}
trim "?!hello?!" | "" | "  x " × "!?" | "" | " "
trimprefix "helloworld" | "" × "hello" | "x" | ""
trimspace "  a \n" | "" | "\u00a0x\u2003"
trimsuffix "helloworld" | "" × "world" | "x" | ""
try tonumber("x"), "d" | "a", "b" | [1][3], {}.x, null | [1][3] | -
upper "àbc" | "" | "ß" | "ŉ"
urlencode "a b&c=d/é?" | "" | "~*'()!"
uuidv5 "dns" | "url" | "oid" | "x500" | "6ba7b810-9dad-11d1-80b4-00c04fd430c8" | "nope" × "example.org" | ""
values {b = 1, a = "x"} | {} | tomap({x = "y"}) | [1] | null
zipmap ["a","b"] | [] | ["a"] | ["a","a"] × [1, "x"] | [] | [1] | tolist(["p","q"])
abspath "."
bcrypt "x"
pathexpand "~/x" | "x"
plantimestamp -
timestamp -
uuid -
core::upper "x"
core::length [1]
nosuchfunction 1
type "x"
list 1
map "a", 1
`

// functionExpressions are calls that a table of arguments does not express.
const functionExpressions = `
templatestring(local.template, {name = "x"})
templatestring("a", {})
templatestring(local.template, {})
[for x in setproduct(["a", "b"], [1, 2]) : join("-", x)]
{for k, v in {a = 1, b = 2} : v => k}
{for v in ["a", "b", "a"] : v => upper(v)...}
[for i, v in ["a", "b"] : "${i}${v}" if v != "a"]
"%{ for x in [1, 2] }${x},%{ endfor }"
"%{ if true }yes%{ else }no%{ endif }"
"a${1 + 2}b$${c}%%{d}"
1 + 2 * 3 - 4 / 2
7 % 3
-7 % 3
1 / 3
10 / 4
true && false || true
!true
1 == 1.0
"1" == 1
[1] == [1]
{a = 1} == {a = 1}
tolist([1]) == [1]
null == null
"a" < "b"
1 < 2
[1, 2, 3][1]
{a = {b = [5]}}.a.b[0]
[{a = 1}, {a = 2}][*].a
null[*]
"x"[*]
true ? 1 : "a"
false ? [1] : []
true ? {a = 1} : {b = 2}
true ? null : 1
[1, "a", true]
toset([1, 2]) == toset([2, 1])
1e400 > 1
0.1 + 0.2
9007199254740993
1e1000
"\u00e9" == "e\u0301"
max([1, 5, 3]...)
element(tolist(["x", "y", "z"]), -1)
element(tolist(["x", "y", "z"]), -5)
concat([[1], [2]]...)
format("%s", [1]...)
yamldecode(base64decode("YTogMQpiOiBbMSwgMl0K"))
yamldecode("yes")
yamldecode("no")
yamldecode("on")
yamldecode("off")
yamldecode("y")
yamldecode("n")
yamldecode("Y")
yamldecode("~")
yamldecode("null")
yamldecode("Null")
yamldecode("NULL")
yamldecode("")
yamldecode("0x1F")
yamldecode("0o17")
yamldecode("017")
yamldecode("0b11")
yamldecode("1_000")
yamldecode("1e3")
yamldecode("1.5")
yamldecode(".5")
yamldecode("+12")
yamldecode("-0x1F")
yamldecode("-0b1")
yamldecode("190:20:30")
yamldecode(".inf")
yamldecode("-.Inf")
yamldecode(".nan")
yamldecode("+.inf")
yamldecode("2001-12-14")
yamldecode("2001-12-14T21:59:43.10-05:00")
yamldecode("true")
yamldecode("True")
yamldecode("TRUE")
yamldecode("tRUE")
yamldecode("false")
yamldecode("<<")
yamldecode("=")
yamldecode("1.")
yamldecode("1e")
yamldecode("0x")
yamldecode("0o8")
yamldecode("12e03")
yamldecode("-2E+05")
yamldecode("0.1")
yamldecode("123456789012345678901234567890")
yamldecode("1,000")
yamldecode("!!str 12")
yamldecode("!!int \"12\"")
yamldecode("!!float 1")
yamldecode("!!binary aGVsbG8=")
yamldecode("!!binary \"@@\"")
yamldecode("!!bool yes")
yamldecode("!!null x")
yamldecode("!foo x")
yamldecode("! 12")
yamldecode("'12'")
yamldecode("\"12\"")
yamldecode("a: b")
yamldecode("- a")
yamldecode("[]")
yamldecode("{}")
yamldecode("a: [1, 2]\nb: {c: d}")
yamldecode("a: &x 1\nb: *x")
yamldecode("a: &x {b: *x}")
yamldecode("<<: {a: 1}\nb: 2")
yamldecode("a: &d {p: 1, q: 2}\nb:\n  <<: *d\n  q: 3")
yamldecode("a: 1\na: 2")
yamldecode("1: a")
yamldecode("true: x")
yamldecode("null: x")
yamldecode("~: x")
yamldecode("1.0: x")
yamldecode("[a]: b")
yamldecode("? {a: b}\n: c")
yamldecode("a: b\n---\nc: d")
yamldecode("--- a")
yamldecode("a")
yamldecode("|\n  x\n  y")
yamldecode(">\n  x\n  y")
yamldecode("%YAML 1.2\n---\na")
yamldecode("# c")
yamldecode("{a: 1, b}")
yamldecode("[a, [b]]")
yamldecode("!!set {a, b}")
yamldecode("!!timestamp 2001-12-14")
yamldecode("!!map {a: 1}")
yamldecode("!!seq [1]")
yamldecode("\ta: 1")
yamldecode("a: \"\\u00e9\"")
yamldecode("&a a")
yamldecode("*a")
yamldecode("a:\n- b\n- c")
yamldecode("0777")
yamldecode("08")
yamldecode("0_8")
yamldecode("_1")
yamldecode("1__0")
yamldecode("0x_1")
yamldecode("+0x1")
yamldecode("1_000.5")
yamldecode(".5e3")
yamldecode("Inf")
yamldecode("NaN")
yamldecode("-.nan")
yamldecode("0.")
yamldecode("00")
yamldecode("-0")
yamldecode("1e400")
yamldecode("a: !!str")
yamldecode("a: !!null")
yamldecode("!!float .inf")
yamldecode("!!int 1.5")
yamldecode("!!int 0x10")
yamldecode("!!float abc")
yamldecode("!!bool abc")
yamldecode("<<: [ {a: 1}, {a: 2, b: 3} ]")
yamldecode("<<: 1")
yamldecode("<<: x")
yamldecode("q: 3\n<<: {q: 1, z: 2}")
yamldecode("<<: {q: 1}\n<<: {q: 2}")
yamldecode("y: 1")
yamldecode("? a")
yamldecode("a: |\n  x\n")
yamldecode("2001-1-2")
yamldecode("2001-12-14 21:59:43")
yamldecode("2001-12-14t21:59:43Z")
yamldecode("2001-12-14 21:59:43.5 -5")
yamldecode("2001-12-14 21:59:43.5 +1")
yamldecode("2001-13-45")
yamldecode("20011214")
yamldecode("2001-12")
yamldecode("a: 1 # c")
yamldecode("a: yes")
yamldecode("- 1\n- 2\n")
yamldecode("---\na: 1\n...\n")
yamldecode("a")
yamldecode("a b")
yamldecode("\"a\nb\"")
yamldecode("'it''s'")
yamldecode("{a: [1, {b: 2}]}")
yamldecode("a: !!binary aGk=")
yamldecode("x: .inf")
yamldecode("- *a\n- &a 1")
yamldecode("[1, 2")
yamldecode("a: b: c")
yamldecode("- a\n -b")
yamldecode(" a: 1\n b: 2")
yamldecode("\"\\x41\"")
yamldecode("a: \"x\\ty\"")
yamldecode("-")
yamldecode("- ")
yamldecode("a:")
yamldecode("{}x")
yamldecode("!!str")
yamldecode("!!null")
yamldecode("!!int")
yamldecode("!!float 1e3")
yamldecode("!!bool on")
yamldecode("!!str true")
yamldecode("!!str ~")
yamldecode("0b1")
yamldecode("0o7")
yamldecode("-0o7")
yamldecode("0xZ")
yamldecode("1e")
yamldecode(".")
yamldecode("-.5")
yamldecode("+.5")
yamldecode("-1.")
yamldecode("1_0.0")
yamldecode("e3")
yamldecode("!!merge x")
yamldecode("a: <<")
yamldecode("\"<<\": {a: 1}")
yamldecode("2001-12-14T21:59:43Z")
yamldecode("2001-12-14T21:59")
yamldecode("12:30:45")
yamldecode("1:2")
yamldecode("! x")
yamldecode("!local {a: 1}")
yamldecode("a: !x 1")
yamldecode("!<tag:yaml.org,2002:str> 5")
yamldecode("\ufeffa: 1")
yamldecode("a:\t1")
yamldecode("{a:1}")
yamldecode("{\"a\":1}")
yamldecode("[a,b,]")
yamldecode("k: >-\n a\n b\n\n c")
yamldecode("k: |+\n a\n\n")
yamldecode("~")
yamldecode("null: 1")
yamldecode("a: [\n1,\n2]")
yamldecode("&x {a: 1}")
yamldecode("- &x {a: 1}\n- <<: *x\n  b: 2")
yamldecode("? a\n: b")
yamldecode("Yes")
yamldecode("YES")
yamldecode("yEs")
yamldecode("Off")
yamldecode("OFF")
yamldecode("TRUE ")
yamldecode("nUll")
yamldecode("")
yamlencode("x")
yamlencode("")
yamlencode("a\nb")
yamlencode("a\nb\n")
yamlencode("\na")
yamlencode(" a")
yamlencode("é")
yamlencode("\"q\"")
yamlencode("\\")
yamlencode("\t")
yamlencode("a\n\n")
yamlencode("\u0001")
yamlencode("true")
yamlencode("1")
yamlencode("😀")
yamlencode("\u2028")
yamlencode("\n")
yamlencode("a: b")
yamlencode("- x")
yamlencode("%x")
yamlencode("a\n  b\n")
yamlencode("  a\nb")
yamlencode("\u007f")
yamlencode("a\r\nb")
yamlencode("trail \nx")
yamlencode("\ufeffx")
yamlencode("word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word")
yamlencode("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
yamlencode({"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"=1})
yamlencode({a="word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word"})
yamlencode(["a\nword word word word word word word word word word word word word word word word word word word word word word word word word word word word word word"])
yamlencode({a={b="x\ny\n"}})
yamlencode([["x\ny"]])
yamlencode([{a="x\n y"}])
yamlencode({a=["x\ny",["z\nw"]]})
yamlencode("a\u00a0b")
yamlencode("a\u0085b")
yamlencode("\u2029")
yamlencode("tab\there")
yamlencode("tab\tx\ny")
yamlencode("x\ny ")
yamlencode(" x\ny")
yamlencode("x\n\ny")
yamlencode("x\n y\n")
yamlencode({a=" x\ny"})
yamlencode([" x\ny"])
yamlencode("x\n")
yamlencode("#x")
yamlencode("é\ny")
yamlencode("😀\ny")
yamlencode("\u0007")
yamlencode("x\n\t y")
yamlencode("x\n")
yamlencode({a={}})
yamlencode({a=[[]]})
yamlencode({"" = 1})
yamlencode("\u200b")
yamlencode("\ufffd")
yamlencode("a\n\n\nb\n\n\n")
yamlencode("  ")
yamlencode("x  \n")
yamlencode("x\n  ")
yamlencode("\"x\"\n'y'")
yamlencode(1)
yamlencode(1.5)
yamlencode(1e30)
yamlencode(true)
yamlencode(null)
yamlencode([])
yamlencode({})
yamlencode([1,[2,[3]],{a=1,b=[1]}])
yamlencode({a={b={c=1}}, l=[{x=1,y=2},{z=[]}], e={}, n=null, s="m\nn\n"})
yamlencode({"a b"=1, "1"=2, "true"=3})
yamlencode(toset(["b","a"]))
yamlencode(-5)
yamlencode(1e-7)
yamlencode([[],{}])
yamlencode([null,"a\nb"])
yamlencode({a="x\ny"})
yamlencode([{a=[[1,2],[3]]}])
yamlencode({a=toset([1])})
yamlencode({a="x\n\n", b=1})
yamlencode(["x\n", "y\n\n", "z"])
`
