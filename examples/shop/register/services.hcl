# What runs, who answers for it, and what it opens.
service "edge" {
  targets            = ["config/**#module.edge.**"]
  owner              = "team-platform"
  purpose            = "Takes in what customers and partners send"
  environment        = "production"
  data               = ["user.contact"]
  access_reviewed_on = "2026-10-01"

  port "80/tcp" {
    purpose   = "Sends browsers on to HTTPS"
    sources   = ["internet"]
    exposure  = "internet"
    tls       = "none"
    reason    = "answers with a redirect only"
    activity  = "ROPA-01 shop"
    review_by = "2027-04-01"
  }

  port "443/tcp" {
    purpose   = "The shop, for browsers"
    sources   = ["internet"]
    exposure  = "internet"
    activity  = "ROPA-01 shop"
    review_by = "2027-04-01"
  }
}

service "web" {
  targets            = ["config/**#module.service[\"web\"].**"]
  owner              = "team-shop"
  purpose            = "Shows the shop and takes in baskets"
  environment        = "production"
  data               = ["user.contact"]
  access_reviewed_on = "2026-09-15"

  port "8080/tcp" {
    purpose   = "Pages, for the load balancer"
    sources   = ["production"]
    exposure  = "internal"
    activity  = "ROPA-01 shop"
    review_by = "2027-04-01"
  }

  log "web" {
    match    = ["/shop-web"]
    category = "application"
  }
}

# Pictures of goods, nothing about people.
service "assets" {
  targets            = ["config/**#module.storage.**[\"assets\"]"]
  owner              = "team-shop"
  purpose            = "Pictures of goods"
  environment        = "production"
  data               = []
  access_reviewed_on = "2026-09-15"
}

service "orders" {
  targets            = ["config/**#module.service[\"orders\"].**"]
  owner              = "team-orders"
  purpose            = "Takes orders and writes invoices"
  environment        = "production"
  data               = ["user.contact", "user.financial"]
  processors         = ["mailer"]
  access_reviewed_on = "2026-09-15"

  port "8081/tcp" {
    purpose   = "Orders, for the load balancer"
    sources   = ["production"]
    exposure  = "internal"
    activity  = "ROPA-02 orders"
    review_by = "2027-04-01"
  }

  log "orders" {
    match    = ["/shop-orders"]
    category = "application"
  }
}

service "files" {
  targets = [
    "config/**#module.storage.**[\"invoices\"]",
    "config/**#module.storage.**[\"returns\"]",
    "config/**#module.storage.**[\"uploads\"]",
  ]
  owner              = "team-orders"
  purpose            = "Invoices, returns and what customers upload"
  environment        = "production"
  data               = ["user.contact", "user.financial"]
  access_reviewed_on = "2026-09-15"
}

service "mail" {
  targets            = ["config/**#module.service[\"mail\"].**"]
  owner              = "team-shop"
  purpose            = "Sends mails about orders"
  environment        = "production"
  data               = ["user.contact"]
  processors         = ["mailer"]
  access_reviewed_on = "2025-11-02" # Planted: for a year nobody has looked at who may do what.

  port "8082/tcp" {
    purpose   = "Mails, for other services"
    sources   = ["production"]
    exposure  = "internal"
    activity  = "ROPA-03 mails"
    review_by = "2027-04-01"
  }

  log "mail" {
    match    = ["/shop-mail"]
    category = "application"
  }
}

service "database" {
  targets            = ["config/**#module.database.**"]
  owner              = "team-orders"
  purpose            = "Keeps orders, customers and sessions"
  environment        = "production"
  data               = ["user.contact", "user.financial"]
  access_reviewed_on = "2026-09-15"

  port "5432/tcp" {
    purpose   = "SQL, for the services"
    sources   = ["production"]
    exposure  = "internal"
    activity  = "ROPA-02 orders"
    review_by = "2027-04-01"
  }

  port "6379/tcp" {
    purpose   = "Sessions, for the services"
    sources   = ["production"]
    exposure  = "internal"
    activity  = "ROPA-01 shop"
    review_by = "2027-04-01"
  }

  log "database" {
    match    = ["/aws/rds/**"]
    category = "db_statement"
  }
}

service "jobs" {
  targets            = ["config/**#aws_*.jobs", "config/**#aws_backup_*.*"]
  owner              = "team-platform"
  purpose            = "Runs nightly jobs and backups"
  environment        = "production"
  data               = ["user.contact", "user.financial"]
  access_reviewed_on = "2026-10-01"

  port "22/tcp" {
    purpose   = "Administration, from the office"
    sources   = ["office"]
    exposure  = "internal"
    activity  = "ROPA-02 orders"
    review_by = "2027-04-01"
  }
}

service "keys" {
  targets            = ["config/**#aws_kms_key.*"]
  owner              = "team-platform"
  purpose            = "Keys of data and of logs"
  environment        = "production"
  data               = []
  access_reviewed_on = "2026-10-01"
  secret_roles = [
    "arn:aws:iam::111122223333:role/shop-mail",
    "arn:aws:iam::111122223333:role/shop-orders",
    "arn:aws:iam::111122223333:role/shop-web",
    "cloudtrail.amazonaws.com",
    "logs.eu-central-1.amazonaws.com",
  ]
}

service "platform" {
  targets = [
    "config/**#module.network**",
    "config/**#aws_cloudtrail.main",
    "config/**#aws_s3_bucket.logs",
    "config/**#terraform.backend",
  ]
  owner              = "team-platform"
  purpose            = "Networks, the audit trail and the state"
  environment        = "production"
  data               = ["user.device.ip_address"]
  access_reviewed_on = "2026-10-01"

  log "trail" {
    match    = ["aws_s3_bucket.logs/trail"]
    category = "security_audit"
  }

  log "balancer" {
    match    = ["aws_s3_bucket.logs/balancer"]
    category = "app_access"
  }

  log "flow" {
    match    = ["/shop-*/flow"]
    category = "network_flow"
  }
}
