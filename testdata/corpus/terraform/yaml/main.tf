resource "terraform_data" "y" {
  input = {
    encode = yamlencode({ s = "yes", n = 1.5, b = false, null = null, m = "a\nb\n", num = "123", l = [], o = {}, u = "ü", c = "a: b", e = "", nested = [{ a = [1] }] })
    scalar = [yamlencode("x"), yamlencode(5), yamlencode(null)]
    decode = yamldecode(<<-Y
      text: plain words
      quoted: "a\tb"
      single: 'it''s'
      int: 42
      float: 3.14
      exp: 1e3
      bool: true
      off: off
      nothing:
      tilde: ~
      date: 2024-05-06
      hex: 0xff
      big: 123456789012345678901234567890
      list:
        - a
        - {b: c}
        - [d, 1]
      folded: >
        one
        two
      literal: |-
        x
          y
      base: &base
        k: v
      merged:
        <<: *base
        z: 1
    Y
    )
    empty  = yamldecode("{}")
    top    = yamldecode("- a\n- b\n")
    number = yamldecode("5")
  }
}

resource "aws_ssm_parameter" "p" {
  name  = "/yaml"
  type  = "String"
  value = yamlencode({ listen = { port = 443, tls = true }, hosts = ["a", "b"] })
}
