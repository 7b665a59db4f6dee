resource "terraform_data" "s" {
  input = {
    format     = format("Hello %s, %d%% of %v", "x", 50, ["a", 1])
    formatlist = formatlist("%s-%s", ["a", "b"], "z")
    join       = join(", ", ["a", "b"])
    split      = split(",", "a,,b")
    replace    = [replace("a+b", "+", "-"), replace("aaa", "/a{2}/", "b")]
    regex      = regex("[a-z]+", "53453453.345345aaabbbccc23454")
    regexn     = regex("^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<host>[^/?#]*))?", "https://example.org/x")
    regexl     = regex("(\\d+)-(\\d+)", "10-20")
    regexall   = regexall("[a-z]", "1a2b")
    substr     = [substr("hello", 1, 3), substr("hello", -2, -1)]
    trim       = [trim("?!hi!?", "!?"), trimprefix("abc", "a"), trimsuffix("abc", "c"), trimspace("  x \n"), chomp("x\n\n")]
    cases      = [upper("a"), lower("A"), title("a b")]
    indent     = indent(2, "a\nb")
    starts     = [startswith("abc", "a"), endswith("abc", "b"), strcontains("abc", "b")]
    rev        = strrev("abc")
    date       = [formatdate("DD MMM YYYY hh:mm ZZZ", "2024-01-02T03:04:05Z"), timeadd("2024-01-01T00:00:00Z", "36h"), timecmp("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")]
    now        = timestamp()
    uuid       = uuid()
    bcrypt     = bcrypt("x")
    strjoin    = "${"a"}${1}"
    abspath    = basename(abspath("x"))
    pathexp    = pathexpand("/x")
    arn        = provider::aws::arn_parse("arn:aws:s3:::bucket").service
    tfvars     = provider::terraform::encode_tfvars({ a = 1 })
    type       = provider::terraform::decode_tfvars("a = 1").a
    namespaced = core::upper("x")
    sha        = substr(sha256("synthetic"), 0, 8)
    plantime   = formatdate("YYYY", plantimestamp()) != ""
  }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "/shop/${timestamp()}"
  retention_in_days = 30
}

resource "aws_s3_bucket" "b" {
  bucket = lower(join("-", ["Shop", formatdate("YYYY", "2024-01-02T03:04:05Z")]))
}
