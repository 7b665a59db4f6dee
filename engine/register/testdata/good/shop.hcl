controller "Example GmbH" {
  contact                 = "privacy@example.org"
  data_protection_officer = "dpo@example.org"
}

network "app-tier" {
  cidrs       = ["fd00:2::/64", "10.0.2.0/24"]
  environment = "production"
}

network "office" {
  cidrs = ["198.51.100.7"]
  scope = "partner"
  admin = true
}

network "local" {
  cidrs = ["127.0.0.0/8", "::1"]
}

service "orders-db" {
  targets            = ["host/db*", "config/infra#aws_db_instance.orders"]
  owner              = "team-orders"
  purpose            = "order storage"
  data               = ["user.contact", "user.payment"]
  environment        = "production"
  processors         = ["mailer"]
  multi_tenant       = ["public.orders"]
  access_reviewed_on = "2026-09-01"

  port "5432/tcp" {
    purpose   = "SQL from the app tier"
    process   = { exe = "/usr/lib/postgresql/*/bin/postgres", unit = "postgresql@*.service" }
    sources   = ["app-tier", "10.0.9.9"]
    exposure  = "internal"
    tls       = "required"
    logging   = "required"
    review_by = "2027-04-01"
  }

  port "9187/tcp" {
    address  = "127.0.0.1"
    owner    = "team-metrics"
    data     = []
    tls      = "none"
    reason   = "loopback only"
    required = false
  }

  log "audit" {
    match    = ["/var/log/postgresql/audit-*.log"]
    category = "security_audit"
    regimes  = ["pci"]
  }

  access "app" {
    objects    = ["public.orders", "public.items"]
    privileges = ["select", "insert"]
  }
}

service "silent" {
  targets = ["host/web1"]
  port "8000-8010/udp" {}
}

service "static" {
  targets = ["config/site"]
  data    = []
}

dataset "orders" {
  store             = "orders-db"
  purpose           = "order fulfilment"
  owner             = "team-orders"
  retention         = "P10Y"
  backup            = "P35D"
  legal_basis       = "contract"
  subjects          = ["customers"]
  recipients        = ["carrier"]
  anchor            = "public.orders.closed_at"
  quasi_identifiers = ["zip", "birth_year"]

  eraser "erase-customer" {
    tables     = ["public.orders"]
    recipients = ["carrier"]
  }
  export "takeout" {
    tables = ["public.orders"]
    format = "json"
  }
  transfer "US" {
    mechanism  = "scc"
    processors = ["mailer"]
  }
}

dataset "health" {
  store     = ["orders-db", "config/infra#aws_s3_bucket.health"]
  data      = ["user.health", "user.name"]
  retention = "unlimited"
}

processor "mailer" {
  country                   = "US"
  contract                  = "DPA-2026-07"
  data                      = ["user.contact.email"]
  hosts                     = ["*.mailer.example"]
  subprocessors_reviewed_on = "2026-07-01"
  mechanism                 = "scc"
  valid_to                  = "2027-12-31"
  assessed_on               = "2026-07-02"
}

waiver "gdpr.log.retention_bounded" {
  targets      = ["config/infra"]
  subject      = "log.store/aws_cloudwatch_log_group.app[\"x\"]"
  reason       = "migration until January"
  compensation = "reviewed daily"
  owner        = "team-orders"
  approver     = "ciso"
  approved_on  = "2026-11-20"
  expires_on   = "2027-01-31"
}

waiver "gdpr.log.retention_bounded" {
  targets = ["**"]
  subject = "log.store/**"
}

change "SEC-123" {
  targets     = ["host/db1"]
  subject     = "log.store//var/log/x.log"
  change      = "log moved"
  approved_by = "ciso"
  approved_on = "2026-11-20"
}
