waiver "gdpr.log.retention_bounded" {
  targets = ["config/infra"]
  subject = "log.store"
}

waiver "gdpr.log.retention_bounded" {
  targets = ["config/infra"]
  subject = "log.stor/x"
}

waiver "gdpr.log.*" {
  targets     = ["config/infra#x"]
  subject     = "*/x"
  approved_on = "2026-11-20"
  expires_on  = "2026-11-19"
}

waiver "gdpr.log.retention_bounded" {
}

waiver "gdpr.log.retention_bounded" {
  targets = []
  subject = "log.store/x"
}

waiver "gdpr.log.retention_bounded" {
  targets = ["config/a"]
  subject = "log.store/y"
}

waiver "gdpr.log.retention_bounded" {
  targets = ["config/a"]
  subject = "log.store/y"
}

change "SEC-1" {
  subject = "log.store/x"
}
