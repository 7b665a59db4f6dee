resource "terraform_data" "later" {
  input = ["10.0.0.0/8"]
}

resource "aws_security_group" "unknown" {
  name = "unknown"
  dynamic "ingress" {
    for_each = terraform_data.later.output
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_security_group" "partly" {
  name = "partly"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "ingress" {
    for_each = toset(terraform_data.later.output)
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_security_group" "values" {
  name = "values"
  dynamic "ingress" {
    for_each = { a = terraform_data.later.id, b = "198.51.100.0/24" }
    content {
      description = ingress.key
      from_port   = 25
      to_port     = 25
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_dynamodb_table" "t" {
  name         = "t"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  dynamic "server_side_encryption" {
    for_each = terraform_data.later.id == "x" ? [1] : []
    content {
      enabled = true
    }
  }
}
