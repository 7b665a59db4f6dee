variable "ports" {
  type    = list(number)
  default = [443, 5432, 22]
}

variable "rules" {
  type = map(object({ port = number, cidrs = list(string), note = optional(string) }))
  default = {
    ssh = { port = 22, cidrs = ["10.0.0.0/8"] }
    any = { port = 0, cidrs = ["0.0.0.0/0"], note = "open" }
  }
}

resource "aws_security_group" "list" {
  name = "list"
  dynamic "ingress" {
    for_each = var.ports
    content {
      description = "rule ${ingress.key}"
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["192.0.2.0/24"]
    }
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "map" {
  name = "map"
  dynamic "ingress" {
    for_each = var.rules
    iterator = rule
    content {
      description      = rule.value.note == null ? rule.key : "${rule.key}: ${rule.value.note}"
      from_port        = rule.value.port
      to_port          = rule.value.port == 0 ? 65535 : rule.value.port
      protocol         = "tcp"
      cidr_blocks      = rule.value.cidrs
      ipv6_cidr_blocks = rule.value.port == 0 ? ["::/0"] : []
    }
  }
  dynamic "egress" {
    for_each = length(var.ports) > 5 ? [1] : []
    content {
      from_port = 0
      to_port   = 0
      protocol  = "-1"
    }
  }
}

resource "aws_security_group" "mixed" {
  name = "mixed"
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "ingress" {
    for_each = toset(["10.1.0.0/16", "10.2.0.0/16"])
    content {
      from_port   = 8080
      to_port     = 8080
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
      description = ingress.key
    }
  }
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  dynamic "attribute" {
    for_each = { id = "S", created = "N" }
    content {
      name = attribute.key
      type = attribute.value
    }
  }
  dynamic "ttl" {
    for_each = ["expires"]
    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }
  global_secondary_index {
    name            = "created"
    hash_key        = "created"
    projection_type = "KEYS_ONLY"
  }
  point_in_time_recovery {
    enabled = true
  }
}
