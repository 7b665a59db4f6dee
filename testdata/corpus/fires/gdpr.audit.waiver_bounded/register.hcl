waiver "gdpr.log.store_registered" {
  targets      = ["config/**/gdpr.audit.waiver_bounded"]
  subject      = "log.store/aws_cloudwatch_log_group.app"
  reason       = "the category is being decided"
  compensation = "nobody writes to it yet"
  owner        = "team-app"
  approver     = "team-app"
  approved_on  = "2026-11-01"
  expires_on   = "2026-12-01"
}
