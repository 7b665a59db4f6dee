resource "aws_ssm_parameter" "p" {
  for_each = {
    dollar     = "$${not} $$ $ $$${1}"
    percent    = "%%{not} %% % 100%"
    quotes     = "\"double\" 'single' \\ back"
    control    = "tab\tnewline\nreturn\r"
    unicode    = "\u00e9\U0001F512"
    html       = "<a href='x'>&amp;</a>"
    regex      = replace("a.b.c", "/\\./", "$0$0")
    regexgroup = replace("key=value", "/(\\w+)=(\\w+)/", "$2=$1")
    cloud      = "arn:aws:s3:::b/$${aws:username}/*"
    json       = "{\"a\": \"\\u0041\\n\"}"
  }
  name  = "/${each.key}"
  type  = "String"
  value = each.value
}

resource "aws_ssm_document" "d" {
  name          = "doc"
  document_type = "Command"
  content       = jsonencode({ schemaVersion = "2.2", p = "{{ x }}", d = "$${y}" })
}
