controller "Example GmbH" {
  alert_route       = "on-call rota privacy"
  breach_drilled_on = "2020-02-01"
}
