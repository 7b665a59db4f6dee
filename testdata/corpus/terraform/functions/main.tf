# every function at its edges: each output is the value of an expression, or ERROR
# where Terraform refuses it

output "e001" {
  value = try(abs(-12.4), "ERROR")
}

output "e002" {
  value = try(abs("5"), "ERROR")
}

output "e003" {
  value = try(abs("x"), "ERROR")
}

output "e004" {
  value = try(ceil(5.1), "ERROR")
}

output "e005" {
  value = try(ceil(-5.9), "ERROR")
}

output "e006" {
  value = try(floor("4.9"), "ERROR")
}

output "e007" {
  value = try(log(16, 2), "ERROR")
}

output "e008" {
  value = try(log(10, 0), "ERROR")
}

output "e009" {
  value = try(max(), "ERROR")
}

output "e010" {
  value = try(max(1, "x"), "ERROR")
}

output "e011" {
  value = try(min(12, 54, 3), "ERROR")
}

output "e012" {
  value = try(parseint("FF", 16), "ERROR")
}

output "e013" {
  value = try(parseint("08", 8), "ERROR")
}

output "e014" {
  value = try(parseint("", 10), "ERROR")
}

output "e015" {
  value = try(parseint(10, 2), "ERROR")
}

output "e016" {
  value = try(pow(3, 2), "ERROR")
}

output "e017" {
  value = try(pow(2, -1), "ERROR")
}

output "e018" {
  value = try(pow(2, 0.5), "ERROR")
}

output "e019" {
  value = try(pow(10, 30), "ERROR")
}

output "e020" {
  value = try(signum(-13), "ERROR")
}

output "e021" {
  value = try(signum(0), "ERROR")
}

output "e022" {
  value = try(0 / 0, "ERROR")
}

output "e023" {
  value = try(5 % 0, "ERROR")
}

output "e024" {
  value = try(10 % 3, "ERROR")
}

output "e025" {
  value = try(-10 % 3, "ERROR")
}

output "e026" {
  value = try(1e308 * 10, "ERROR")
}

output "e027" {
  value = try(chomp("hello\r\n\n"), "ERROR")
}

output "e028" {
  value = try(endswith("hello", ""), "ERROR")
}

output "e029" {
  value = try(format("%s", null), "ERROR")
}

output "e030" {
  value = try(format("%d", 1.5), "ERROR")
}

output "e031" {
  value = try(format("%d", "12"), "ERROR")
}

output "e032" {
  value = try(format("%05.2f", 3.14159), "ERROR")
}

output "e033" {
  value = try(format("%+d", 5), "ERROR")
}

output "e034" {
  value = try(format("%x", 255), "ERROR")
}

output "e035" {
  value = try(format("%X", "255"), "ERROR")
}

output "e036" {
  value = try(format("%o", 8), "ERROR")
}

output "e037" {
  value = try(format("%b", 5), "ERROR")
}

output "e038" {
  value = try(format("%e", 1234.5), "ERROR")
}

output "e039" {
  value = try(format("%g", 1e21), "ERROR")
}

output "e040" {
  value = try(format("%G", 0.0000001), "ERROR")
}

output "e041" {
  value = try(format("%s %s", "only"), "ERROR")
}

output "e042" {
  value = try(format("%s", "a", "extra"), "ERROR")
}

output "e043" {
  value = try(format("%[2]s %[1]s", "a", "b"), "ERROR")
}

output "e044" {
  value = try(format("%*d", 5, 42), "ERROR")
}

output "e045" {
  value = try(format("%-8s|", "ab"), "ERROR")
}

output "e046" {
  value = try(format("%8.3s|", "abcdef"), "ERROR")
}

output "e047" {
  value = try(format("%q", "tab\t"), "ERROR")
}

output "e048" {
  value = try(format("%v %v %v", true, 1.50, ["a"]), "ERROR")
}

output "e049" {
  value = try(format("%#v", "x"), "ERROR")
}

output "e050" {
  value = try(format("%t", "true"), "ERROR")
}

output "e051" {
  value = try(format("%t", "maybe"), "ERROR")
}

output "e052" {
  value = try(format("%z", 1), "ERROR")
}

output "e053" {
  value = try(format("%c", 65), "ERROR")
}

output "e054" {
  value = try(format("%U", 9731), "ERROR")
}

output "e055" {
  value = try(format("%s", [1, "a"]), "ERROR")
}

output "e056" {
  value = try(format("%s", { a = 1 }), "ERROR")
}

output "e057" {
  value = try(format("100%%"), "ERROR")
}

output "e058" {
  value = try(format("%"), "ERROR")
}

output "e059" {
  value = try(formatlist("%s=%d", ["a", "b"], [1, 2]), "ERROR")
}

output "e060" {
  value = try(formatlist("%s", "x"), "ERROR")
}

output "e061" {
  value = try(formatlist("%s=%s", ["a"], ["x", "y"]), "ERROR")
}

output "e062" {
  value = try(formatlist("%s", []), "ERROR")
}

output "e063" {
  value = try(indent(4, "a\nb\n\nc"), "ERROR")
}

output "e064" {
  value = try(join("-", ["a", 1, true]), "ERROR")
}

output "e065" {
  value = try(join("-", []), "ERROR")
}

output "e066" {
  value = try(join("-", ["a"], ["b"]), "ERROR")
}

output "e067" {
  value = try(join("-", [["a"]]), "ERROR")
}

output "e068" {
  value = try(join("-", ["a", null]), "ERROR")
}

output "e069" {
  value = try(lower("ÀÉ"), "ERROR")
}

output "e070" {
  value = try(upper("ßñ"), "ERROR")
}

output "e071" {
  value = try(title("hello wORLD foo-bar it's"), "ERROR")
}

output "e072" {
  value = try(regex("[a-z]+", "ABC"), "ERROR")
}

output "e073" {
  value = try(regex("a(b)?(c)?", "ab"), "ERROR")
}

output "e074" {
  value = try(regex("(?P<y>\\d{4})-(?P<m>\\d\\d)", "2024-05"), "ERROR")
}

output "e075" {
  value = try(regex("(?P<a>x)?y", "y"), "ERROR")
}

output "e076" {
  value = try(regex("(", "x"), "ERROR")
}

output "e077" {
  value = try(regex("(a)(?P<n>b)", "ab"), "ERROR")
}

output "e078" {
  value = try(regexall("\\d+", "a1b22c333"), "ERROR")
}

output "e079" {
  value = try(regexall("(\\w)=(\\d)", "a=1,b=2"), "ERROR")
}

output "e080" {
  value = try(regexall("z", "abc"), "ERROR")
}

output "e081" {
  value = try(replace("hello world", "o", "0"), "ERROR")
}

output "e082" {
  value = try(replace("hello", "/l+/", "L"), "ERROR")
}

output "e083" {
  value = try(replace("a/b", "/", "-"), "ERROR")
}

output "e084" {
  value = try(replace("x", "", "-"), "ERROR")
}

output "e085" {
  value = try(replace("abc", "/(?P<first>a)/", "[$first]"), "ERROR")
}

output "e086" {
  value = try(replace("abc", "/(a)/", "$${1}z"), "ERROR")
}

output "e087" {
  value = try(replace("abc", "/(a)/", "$1z"), "ERROR")
}

output "e088" {
  value = try(split("", "abc"), "ERROR")
}

output "e089" {
  value = try(split(",", ""), "ERROR")
}

output "e090" {
  value = try(split(",", "a,"), "ERROR")
}

output "e091" {
  value = try(startswith("", "x"), "ERROR")
}

output "e092" {
  value = try(strcontains("abc", ""), "ERROR")
}

output "e093" {
  value = try(strrev("hello"), "ERROR")
}

output "e094" {
  value = try(strrev("e\u0301x"), "ERROR")
}

output "e095" {
  value = try(substr("hello world", 1, 4), "ERROR")
}

output "e096" {
  value = try(substr("hello", 2, -1), "ERROR")
}

output "e097" {
  value = try(substr("hello", -3, 2), "ERROR")
}

output "e098" {
  value = try(substr("hello", 10, 1), "ERROR")
}

output "e099" {
  value = try(substr("hello", 0, 0), "ERROR")
}

output "e100" {
  value = try(substr("🔒ab", 1, 1), "ERROR")
}

output "e101" {
  value = try(trim("  x  ", " "), "ERROR")
}

output "e102" {
  value = try(trim("xxabcxx", "x"), "ERROR")
}

output "e103" {
  value = try(trim("abc", ""), "ERROR")
}

output "e104" {
  value = try(trimprefix("helloworld", "hello"), "ERROR")
}

output "e105" {
  value = try(trimprefix("aaab", "a"), "ERROR")
}

output "e106" {
  value = try(trimsuffix("helloworld", "world"), "ERROR")
}

output "e107" {
  value = try(trimspace("\t x \u00a0\n"), "ERROR")
}

output "e108" {
  value = try(alltrue([]), "ERROR")
}

output "e109" {
  value = try(alltrue(["true", false]), "ERROR")
}

output "e110" {
  value = try(alltrue([true, null]), "ERROR")
}

output "e111" {
  value = try(alltrue(["x"]), "ERROR")
}

output "e112" {
  value = try(anytrue(["true", false]), "ERROR")
}

output "e113" {
  value = try(anytrue([null]), "ERROR")
}

output "e114" {
  value = try(chunklist([1, 2, 3, 4, 5], 2), "ERROR")
}

output "e115" {
  value = try(chunklist([1], 0), "ERROR")
}

output "e116" {
  value = try(chunklist([], 2), "ERROR")
}

output "e117" {
  value = try(chunklist([1], -1), "ERROR")
}

output "e118" {
  value = try(coalesce("", "b"), "ERROR")
}

output "e119" {
  value = try(coalesce("a", 1), "ERROR")
}

output "e120" {
  value = try(coalesce(null, null), "ERROR")
}

output "e121" {
  value = try(coalesce(""), "ERROR")
}

output "e122" {
  value = try(coalesce(null, 2, "x"), "ERROR")
}

output "e123" {
  value = try(coalesce([], ["a"]), "ERROR")
}

output "e124" {
  value = try(coalescelist([], ["c", "d"]), "ERROR")
}

output "e125" {
  value = try(coalescelist([], []), "ERROR")
}

output "e126" {
  value = try(coalescelist(null, ["a"]), "ERROR")
}

output "e127" {
  value = try(compact(["a", "", null, "b"]), "ERROR")
}

output "e128" {
  value = try(compact([1, ""]), "ERROR")
}

output "e129" {
  value = try(concat(["a"], ["b", 1]), "ERROR")
}

output "e130" {
  value = try(concat([], []), "ERROR")
}

output "e131" {
  value = try(concat(toset(["b", "a"]), ["c"]), "ERROR")
}

output "e132" {
  value = try(concat(null, ["a"]), "ERROR")
}

output "e133" {
  value = try(contains(["a", "b"], "c"), "ERROR")
}

output "e134" {
  value = try(contains([1, 2], "1"), "ERROR")
}

output "e135" {
  value = try(contains(["1"], 1), "ERROR")
}

output "e136" {
  value = try(contains(toset(["x"]), "x"), "ERROR")
}

output "e137" {
  value = try(contains([null], null), "ERROR")
}

output "e138" {
  value = try(contains({ a = 1 }, "a"), "ERROR")
}

output "e139" {
  value = try(distinct(["b", "a", "b", "1", 1]), "ERROR")
}

output "e140" {
  value = try(distinct([]), "ERROR")
}

output "e141" {
  value = try(element(["a", "b"], 3), "ERROR")
}

output "e142" {
  value = try(element([], 0), "ERROR")
}

output "e143" {
  value = try(element(["a"], "0"), "ERROR")
}

output "e144" {
  value = try(element(["a", "b", "c"], 1.5), "ERROR")
}

output "e145" {
  value = try(flatten([["a", []], [["b"], "c"]]), "ERROR")
}

output "e146" {
  value = try(flatten("x"), "ERROR")
}

output "e147" {
  value = try(flatten([toset(["b", "a"]), null]), "ERROR")
}

output "e148" {
  value = try(flatten([{ a = [1] }]), "ERROR")
}

output "e149" {
  value = try(index(["a", "b", "c"], "b"), "ERROR")
}

output "e150" {
  value = try(index(["a"], "z"), "ERROR")
}

output "e151" {
  value = try(index([1, 2], "2"), "ERROR")
}

output "e152" {
  value = try(keys({ c = 1, a = 2, B = 3 }), "ERROR")
}

output "e153" {
  value = try(keys({}), "ERROR")
}

output "e154" {
  value = try(keys(["a"]), "ERROR")
}

output "e155" {
  value = try(keys(tomap({ x = 1 })), "ERROR")
}

output "e156" {
  value = try(length(""), "ERROR")
}

output "e157" {
  value = try(length("e\u0301"), "ERROR")
}

output "e158" {
  value = try(length(null), "ERROR")
}

output "e159" {
  value = try(length(5), "ERROR")
}

output "e160" {
  value = try(length([null]), "ERROR")
}

output "e161" {
  value = try(length({ a = null }), "ERROR")
}

output "e162" {
  value = try(lookup({ a = 1 }, "a"), "ERROR")
}

output "e163" {
  value = try(lookup({ a = 1 }, "b"), "ERROR")
}

output "e164" {
  value = try(lookup({ a = 1 }, "b", "x"), "ERROR")
}

output "e165" {
  value = try(lookup({ a = 1, b = "x" }, "c", true), "ERROR")
}

output "e166" {
  value = try(lookup({}, "x", null), "ERROR")
}

output "e167" {
  value = try(lookup(tomap({ a = "1" }), "b", 5), "ERROR")
}

output "e168" {
  value = try(lookup({ a = null }, "a", "d"), "ERROR")
}

output "e169" {
  value = try(matchkeys(["a", "b", "c"], [1, 2, 3], [1, 3]), "ERROR")
}

output "e170" {
  value = try(matchkeys(["a"], ["x", "y"], ["x"]), "ERROR")
}

output "e171" {
  value = try(matchkeys(["a", "b"], ["x", "y"], []), "ERROR")
}

output "e172" {
  value = try(merge({ a = 1 }, { a = "x" }), "ERROR")
}

output "e173" {
  value = try(merge(), "ERROR")
}

output "e174" {
  value = try(merge({}), "ERROR")
}

output "e175" {
  value = try(merge(null), "ERROR")
}

output "e176" {
  value = try(merge({ a = 1 }, null), "ERROR")
}

output "e177" {
  value = try(merge(tomap({ a = "1" }), { b = 2 }), "ERROR")
}

output "e178" {
  value = try(merge({ a = { b = 1 } }, { a = { c = 2 } }), "ERROR")
}

output "e179" {
  value = try(merge(["a"]), "ERROR")
}

output "e180" {
  value = try(one([]), "ERROR")
}

output "e181" {
  value = try(one(["x"]), "ERROR")
}

output "e182" {
  value = try(one(["x", "y"]), "ERROR")
}

output "e183" {
  value = try(one(toset(["q"])), "ERROR")
}

output "e184" {
  value = try(one(null), "ERROR")
}

output "e185" {
  value = try(range(5), "ERROR")
}

output "e186" {
  value = try(range(1, 10, 3), "ERROR")
}

output "e187" {
  value = try(range(5, 1, -2), "ERROR")
}

output "e188" {
  value = try(range(1, 5, -1), "ERROR")
}

output "e189" {
  value = try(range(0, 1, 0), "ERROR")
}

output "e190" {
  value = try(range(2.5), "ERROR")
}

output "e191" {
  value = try(range("3"), "ERROR")
}

output "e192" {
  value = try(reverse(["a", "b"]), "ERROR")
}

output "e193" {
  value = try(reverse(toset(["a", "b"])), "ERROR")
}

output "e194" {
  value = try(reverse("ab"), "ERROR")
}

output "e195" {
  value = try(setintersection(["a", "b"], ["b", "c"], ["b"]), "ERROR")
}

output "e196" {
  value = try(setproduct(["a", "b"], ["x"], [1, 2]), "ERROR")
}

output "e197" {
  value = try(setproduct([], ["x"]), "ERROR")
}

output "e198" {
  value = try(setproduct(["a"]), "ERROR")
}

output "e199" {
  value = try(setproduct(toset(["b", "a"]), ["x"]), "ERROR")
}

output "e200" {
  value = try(setsubtract(["a", "b"], ["a"]), "ERROR")
}

output "e201" {
  value = try(setsubtract([1, "2"], [2]), "ERROR")
}

output "e202" {
  value = try(setunion(["a"], ["b"], ["a"]), "ERROR")
}

output "e203" {
  value = try(setunion(["a"], [1]), "ERROR")
}

output "e204" {
  value = try(slice(["a", "b", "c"], 0, 2), "ERROR")
}

output "e205" {
  value = try(slice(["a"], 0, 5), "ERROR")
}

output "e206" {
  value = try(slice(["a"], 1, 0), "ERROR")
}

output "e207" {
  value = try(slice(toset(["a"]), 0, 1), "ERROR")
}

output "e208" {
  value = try(sort(["c", "a", "B", "10", "9", ""]), "ERROR")
}

output "e209" {
  value = try(sort([3, 1, 20]), "ERROR")
}

output "e210" {
  value = try(sort([null, "a"]), "ERROR")
}

output "e211" {
  value = try(sum([1, 2, "3"]), "ERROR")
}

output "e212" {
  value = try(sum([]), "ERROR")
}

output "e213" {
  value = try(sum(["x"]), "ERROR")
}

output "e214" {
  value = try(sum(toset([1, 1, 2])), "ERROR")
}

output "e215" {
  value = try(sum([0.1, 0.2]), "ERROR")
}

output "e216" {
  value = try(transpose({ a = ["x", "y"], b = ["y"] }), "ERROR")
}

output "e217" {
  value = try(transpose({}), "ERROR")
}

output "e218" {
  value = try(values({ b = 1, a = "x" }), "ERROR")
}

output "e219" {
  value = try(values([]), "ERROR")
}

output "e220" {
  value = try(zipmap(["a", "b"], [1, "x"]), "ERROR")
}

output "e221" {
  value = try(zipmap(["a"], [1, 2]), "ERROR")
}

output "e222" {
  value = try(zipmap(["a", "a"], [1, 2]), "ERROR")
}

output "e223" {
  value = try(zipmap([], []), "ERROR")
}

output "e224" {
  value = try(base64decode("aGVsbG8="), "ERROR")
}

output "e225" {
  value = try(base64decode("!!"), "ERROR")
}

output "e226" {
  value = try(base64decode("/w=="), "ERROR")
}

output "e227" {
  value = try(base64encode("ñ"), "ERROR")
}

output "e228" {
  value = try(base64gzip("hello"), "ERROR")
}

output "e229" {
  value = try(csvdecode("a,b\n1,2\n3,4"), "ERROR")
}

output "e230" {
  value = try(csvdecode("a,b\n1"), "ERROR")
}

output "e231" {
  value = try(csvdecode("a,a\n1,2"), "ERROR")
}

output "e232" {
  value = try(csvdecode(""), "ERROR")
}

output "e233" {
  value = try(csvdecode("a\n\"x\ny\""), "ERROR")
}

output "e234" {
  value = try(jsondecode("{\"a\":[1,null,true,\"x\",1.0,1e2]}"), "ERROR")
}

output "e235" {
  value = try(jsondecode("[]"), "ERROR")
}

output "e236" {
  value = try(jsondecode(""), "ERROR")
}

output "e237" {
  value = try(jsondecode("1 2"), "ERROR")
}

output "e238" {
  value = try(jsondecode("{\"a\":1,\"a\":2}"), "ERROR")
}

output "e239" {
  value = try(jsondecode("\"\\u00e9\\n\""), "ERROR")
}

output "e240" {
  value = try(jsonencode("<>&\u2028"), "ERROR")
}

output "e241" {
  value = try(jsonencode(1.0), "ERROR")
}

output "e242" {
  value = try(jsonencode(1e30), "ERROR")
}

output "e243" {
  value = try(jsonencode(0.1 + 0.2), "ERROR")
}

output "e244" {
  value = try(jsonencode(null), "ERROR")
}

output "e245" {
  value = try(jsonencode({ b = 1, a = [toset(["y", "x"])] }), "ERROR")
}

output "e246" {
  value = try(jsonencode(tomap({ a = 1, b = "x" })), "ERROR")
}

output "e247" {
  value = try(jsonencode("a\"b\\c/d\u0001"), "ERROR")
}

output "e248" {
  value = try(textencodebase64("Hello", "UTF-16LE"), "ERROR")
}

output "e249" {
  value = try(textdecodebase64("SABlAGwAbABvAA==", "UTF-16LE"), "ERROR")
}

output "e250" {
  value = try(textencodebase64("x", "nope"), "ERROR")
}

output "e251" {
  value = try(urlencode("hello world/?&=+~*"), "ERROR")
}

output "e252" {
  value = try(yamldecode("a: [1, 2]\nb: !!str 1"), "ERROR")
}

output "e253" {
  value = try(yamldecode("a: *x"), "ERROR")
}

output "e254" {
  value = try(yamldecode("a: 1\na: 2"), "ERROR")
}

output "e255" {
  value = try(yamldecode("--- 1\n--- 2"), "ERROR")
}

output "e256" {
  value = try(yamldecode("!!binary aGk="), "ERROR")
}

output "e257" {
  value = try(yamldecode("a: 0123\nb: 1_000\nd: 1:30"), "ERROR")
}

output "e258" {
  value = try(yamldecode("y: y\nyes: Yes\nT: TRUE\nn: Null"), "ERROR")
}

output "e259" {
  value = try(yamldecode("a: 2024-01-02 03:04:05"), "ERROR")
}

output "e260" {
  value = try(yamlencode({ a = "1", b = 1, c = null, d = true, e = "true", f = "null", g = "~", h = " lead", i = "#x", j = "a\nb", k = "- x", l = "1e3", m = "0x1" }), "ERROR")
}

output "e261" {
  value = try(yamlencode([[], {}, [[1]], "multi\nline\n", ""]), "ERROR")
}

output "e262" {
  value = try(basename("/a/b/c.txt"), "ERROR")
}

output "e263" {
  value = try(basename(""), "ERROR")
}

output "e264" {
  value = try(basename("/"), "ERROR")
}

output "e265" {
  value = try(dirname("a"), "ERROR")
}

output "e266" {
  value = try(dirname("/a/b/"), "ERROR")
}

output "e267" {
  value = try(dirname(""), "ERROR")
}

output "e268" {
  value = try(pathexpand("plain"), "ERROR")
}

output "e269" {
  value = try(formatdate("YYYY-MM-DD'T'hh:mm:ssZ", "2024-02-03T04:05:06+02:00"), "ERROR")
}

output "e270" {
  value = try(formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ AA", "2024-02-03T16:05:06Z"), "ERROR")
}

output "e271" {
  value = try(formatdate("D M h H m s aa Z ZZZZ ZZZZZ EEE MMMM", "2024-02-03T16:05:06-05:30"), "ERROR")
}

output "e272" {
  value = try(formatdate("Q", "2024-02-03T16:05:06Z"), "ERROR")
}

output "e273" {
  value = try(formatdate("YYYY", "2024-02-03"), "ERROR")
}

output "e274" {
  value = try(timeadd("2024-02-28T23:00:00Z", "26h"), "ERROR")
}

output "e275" {
  value = try(timeadd("2024-01-01T00:00:00+02:00", "-1m30.5s"), "ERROR")
}

output "e276" {
  value = try(timeadd("2024-01-01T00:00:00Z", "1d"), "ERROR")
}

output "e277" {
  value = try(timecmp("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00"), "ERROR")
}

output "e278" {
  value = try(base64sha256("hello"), "ERROR")
}

output "e279" {
  value = try(base64sha512("hello"), "ERROR")
}

output "e280" {
  value = try(md5("hello"), "ERROR")
}

output "e281" {
  value = try(sha1("hello"), "ERROR")
}

output "e282" {
  value = try(sha256("hello"), "ERROR")
}

output "e283" {
  value = try(sha512("hello"), "ERROR")
}

output "e284" {
  value = try(uuidv5("url", "https://example.org/"), "ERROR")
}

output "e285" {
  value = try(uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x"), "ERROR")
}

output "e286" {
  value = try(uuidv5("nope", "x"), "ERROR")
}

output "e287" {
  value = try(cidrhost("10.12.112.0/20", 16), "ERROR")
}

output "e288" {
  value = try(cidrhost("10.12.112.0/20", 268), "ERROR")
}

output "e289" {
  value = try(cidrhost("10.0.0.0/30", 4), "ERROR")
}

output "e290" {
  value = try(cidrhost("10.0.0.0/8", -1), "ERROR")
}

output "e291" {
  value = try(cidrhost("fd00::/8", 340282366920938463463374607431768211), "ERROR")
}

output "e292" {
  value = try(cidrhost("10.0.0.1", 1), "ERROR")
}

output "e293" {
  value = try(cidrhost("10.0.0.0/08", 1), "ERROR")
}

output "e294" {
  value = try(cidrhost("010.0.0.0/8", 1), "ERROR")
}

output "e295" {
  value = try(cidrnetmask("172.16.0.0/12"), "ERROR")
}

output "e296" {
  value = try(cidrnetmask("fd00::/8"), "ERROR")
}

output "e297" {
  value = try(cidrsubnet("172.16.0.0/12", 4, 2), "ERROR")
}

output "e298" {
  value = try(cidrsubnet("10.1.2.0/24", 9, 1), "ERROR")
}

output "e299" {
  value = try(cidrsubnet("10.1.2.0/24", 4, 16), "ERROR")
}

output "e300" {
  value = try(cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162), "ERROR")
}

output "e301" {
  value = try(cidrsubnet("10.0.0.0/8", 0, 0), "ERROR")
}

output "e302" {
  value = try(cidrsubnet("10.0.0.0/8", -1, 0), "ERROR")
}

output "e303" {
  value = try(cidrsubnets("10.1.0.0/16", 4, 4, 8, 4), "ERROR")
}

output "e304" {
  value = try(cidrsubnets("10.1.0.0/16"), "ERROR")
}

output "e305" {
  value = try(cidrsubnets("10.1.0.0/30", 1, 1, 1), "ERROR")
}

output "e306" {
  value = try(cidrsubnets("10.1.0.0/16", 8, 2), "ERROR")
}

output "e307" {
  value = try(can(tonumber("1x")), "ERROR")
}

output "e308" {
  value = try(issensitive("a"), "ERROR")
}

output "e309" {
  value = try(nonsensitive("a"), "ERROR")
}

output "e310" {
  value = try(tobool("True"), "ERROR")
}

output "e311" {
  value = try(tobool("1"), "ERROR")
}

output "e312" {
  value = try(tobool(1), "ERROR")
}

output "e313" {
  value = try(tobool(null), "ERROR")
}

output "e314" {
  value = try(tolist(["a", 1]), "ERROR")
}

output "e315" {
  value = try(tolist({ a = 1 }), "ERROR")
}

output "e316" {
  value = try(tolist("x"), "ERROR")
}

output "e317" {
  value = try(tolist([1, [2]]), "ERROR")
}

output "e318" {
  value = try(tolist([{ a = 1 }, { a = "x" }]), "ERROR")
}

output "e319" {
  value = try(tolist([{ a = 1 }, { b = 1 }]), "ERROR")
}

output "e320" {
  value = try(tomap({ a = 1, b = "x" }), "ERROR")
}

output "e321" {
  value = try(tomap({ a = [1], b = ["x"] }), "ERROR")
}

output "e322" {
  value = try(tomap(["a"]), "ERROR")
}

output "e323" {
  value = try(tomap({ a = 1, b = [1] }), "ERROR")
}

output "e324" {
  value = try(tonumber("0x10"), "ERROR")
}

output "e325" {
  value = try(tonumber("1_000"), "ERROR")
}

output "e326" {
  value = try(tonumber(" 1"), "ERROR")
}

output "e327" {
  value = try(tonumber("1e5"), "ERROR")
}

output "e328" {
  value = try(tonumber(""), "ERROR")
}

output "e329" {
  value = try(tonumber(true), "ERROR")
}

output "e330" {
  value = try(toset(["b", "a", "b", 1]), "ERROR")
}

output "e331" {
  value = try(toset([[1], [1]]), "ERROR")
}

output "e332" {
  value = try(toset("x"), "ERROR")
}

output "e333" {
  value = try(tostring(1e21), "ERROR")
}

output "e334" {
  value = try(tostring(0.1), "ERROR")
}

output "e335" {
  value = try(tostring(1 / 3), "ERROR")
}

output "e336" {
  value = try(tostring(100000000000000000000000000000), "ERROR")
}

output "e337" {
  value = try(tostring(["x"]), "ERROR")
}

output "e338" {
  value = try(tostring(1.10), "ERROR")
}

output "e339" {
  value = try("${1e21} ${1.50} ${- 0.0} ${1e-10}", "ERROR")
}

output "e340" {
  value = try("${null}", "ERROR")
}

output "e341" {
  value = try("${[1]}", "ERROR")
}

output "e342" {
  value = try("a${true}b", "ERROR")
}

output "e343" {
  value = try([for i in range(3) : i * i], "ERROR")
}

output "e344" {
  value = try({ for k in ["a", "a"] : k => 1 }, "ERROR")
}

output "e345" {
  value = try({ for k in ["a", "a"] : k => 1... }, "ERROR")
}

output "e346" {
  value = try([for k, v in { b = 1, a = 2 } : "${k}${v}"], "ERROR")
}

output "e347" {
  value = try([for x in "abc" : x], "ERROR")
}

output "e348" {
  value = try([for x in null : x], "ERROR")
}

output "e349" {
  value = try({ for k in [1, true] : k => k }, "ERROR")
}

output "e350" {
  value = try({ for k in [null] : k => 1 }, "ERROR")
}

output "e351" {
  value = try(["a", "b"][2], "ERROR")
}

output "e352" {
  value = try(["a", "b"][-1], "ERROR")
}

output "e353" {
  value = try(["a", "b"]["1"], "ERROR")
}

output "e354" {
  value = try(["a", "b"][0.5], "ERROR")
}

output "e355" {
  value = try({ a = 1 }["b"], "ERROR")
}

output "e356" {
  value = try({ a = 1 }.b, "ERROR")
}

output "e357" {
  value = try([{ a = 1 }, { a = 2 }][*].a, "ERROR")
}

output "e358" {
  value = try([{ a = 1 }, { b = 2 }][*].a, "ERROR")
}

output "e359" {
  value = try(null[*], "ERROR")
}

output "e360" {
  value = try("x" [*], "ERROR")
}

output "e361" {
  value = try({ a = 1 }[*].a, "ERROR")
}

output "e362" {
  value = try([[1, 2], [3]][*][0], "ERROR")
}

output "e363" {
  value = try(true ? 1 : "x", "ERROR")
}

output "e364" {
  value = try(false ? [1] : ["x", "y"], "ERROR")
}

output "e365" {
  value = try(true ? { a = 1 } : { b = 2 }, "ERROR")
}

output "e366" {
  value = try(true ? tolist(["a"]) : [], "ERROR")
}

output "e367" {
  value = try(true ? null : [], "ERROR")
}

output "e368" {
  value = try(null == null, "ERROR")
}

output "e369" {
  value = try(null == "x", "ERROR")
}

output "e370" {
  value = try(1 == "1", "ERROR")
}

output "e371" {
  value = try([1] == tolist([1]), "ERROR")
}

output "e372" {
  value = try({} == tomap({}), "ERROR")
}

output "e373" {
  value = try("a" < "b", "ERROR")
}

output "e374" {
  value = try("2" < "10", "ERROR")
}

output "e375" {
  value = try(!"false", "ERROR")
}

output "e376" {
  value = try(-"5", "ERROR")
}

output "e377" {
  value = try("5" + "5", "ERROR")
}

output "e378" {
  value = try(true && "true", "ERROR")
}

output "e379" {
  value = try(null + 1, "ERROR")
}

output "e380" {
  value = try(max([1, 2]...), "ERROR")
}

output "e381" {
  value = try(max(tolist([3, 4])...), "ERROR")
}

output "e382" {
  value = try(max(toset([3, 4])...), "ERROR")
}

output "e383" {
  value = try(max(null...), "ERROR")
}

output "e384" {
  value = try(try(null, 1), "ERROR")
}

output "e385" {
  value = try(templatestring("x", {}), "ERROR")
}

output "e386" {
  value = try(strcontains("abc", null), "ERROR")
}

output "e387" {
  value = try(ephemeralasnull("x"), "ERROR")
}

output "e388" {
  value = try(sort(keys({ "é" = 1, "e" = 2, "f" = 3 })), "ERROR")
}

output "e389" {
  value = try(tolist(toset(["é", "e", "f", "E", "10", "9"])), "ERROR")
}

output "e390" {
  value = try(tolist(toset([10, 9, 2.5, -1])), "ERROR")
}

output "e391" {
  value = try(tolist(toset([true, false])), "ERROR")
}

output "e392" {
  value = try(tolist(toset([["b", "a"], ["a", "z"]])), "ERROR")
}

output "e393" {
  value = try(tolist(toset([{ n = "b" }, { n = "a" }])), "ERROR")
}
