# The documented plan of the shop. Synthetic.
controller "Example Shop GmbH" {
  contact                 = "privacy@shop.example.org"
  data_protection_officer = "dpo@shop.example.org"
  alert_route             = "on-call rota privacy"
  breach_drilled_on       = "2026-09-15"
}

network "internet" {
  cidrs = ["0.0.0.0/0", "::/0"]
  scope = "internet"
}

network "production" {
  cidrs       = ["10.20.0.0/16"]
  scope       = "internal"
  environment = "production"
}

network "staging" {
  cidrs       = ["10.30.0.0/16"]
  scope       = "internal"
  environment = "staging"
}

network "office" {
  cidrs       = ["10.40.0.0/24"]
  scope       = "internal"
  environment = "production"
  admin       = true
}
