# which files make a module, and how they may be written
module "up" {
  source = "./a/../b/"
}

module "twice" {
  source = "./b"
  name   = "twice"
}

/* a block
   comment */ resource "aws_sns_topic" "one_line" { name = "one-line" } // after
resource "aws_sns_topic" "comments" {
  # name = "no"
  name /* in between */ = /* here too */ "comments" # not here
  tags = {
    a = "1", // comma
    b = "2"  # and newline
    "c" : "3",
  }
}

resource "aws_sns_topic" "second_file" {
  name = local.from_second
}
