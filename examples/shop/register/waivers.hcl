# What is accepted for a while, by whom, and what is done meanwhile.
waiver "gdpr.tls.version_modern" {
  targets      = ["config/**/infra"]
  subject      = "tls.endpoint/module.edge.aws_lb_listener.partners"
  reason       = "two partners replace their terminals in January"
  compensation = "partners come from addresses that the listener's log is read for weekly"
  owner        = "team-platform"
  approver     = "ciso"
  approved_on  = "2026-11-16"
  expires_on   = "2027-01-31"
}
