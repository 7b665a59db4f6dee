locals {
  rows   = [{ id = 1, tags = ["a", "b"] }, { id = 2, tags = ["z"] }, { id = 3, tags = ["c"] }]
  single = { id = 9, tags = ["s"] }
  none   = null
  set    = toset(["q", "p"])
}

resource "aws_sqs_queue" "c" {
  count                     = 3
  name                      = "q${count.index}"
  message_retention_seconds = 60 * (count.index + 1)
}

resource "aws_sqs_queue" "single" {
  name = "single"
}

resource "terraform_data" "s" {
  input = {
    ids      = local.rows[*].id
    legacy   = local.rows.*.id
    nested   = flatten(local.rows[*].tags)
    attr_idx = local.rows.*.tags[0]
    single   = local.single[*].id
    none     = local.none[*]
    set      = [for v in local.set[*] : upper(v)]
    count    = aws_sqs_queue.c[*].name
    sums     = sum(aws_sqs_queue.c[*].message_retention_seconds)
    one      = one(aws_sqs_queue.single[*].name)
    chain    = aws_sqs_queue.c.*.name[1]
    last     = element(aws_sqs_queue.c[*].name, 5)
    unknown  = aws_sqs_queue.c[*].arn
    mixed    = [for q in aws_sqs_queue.c : "${q.name}:${q.message_retention_seconds}"]
    deep     = local.rows[*]["id"]
  }
}
