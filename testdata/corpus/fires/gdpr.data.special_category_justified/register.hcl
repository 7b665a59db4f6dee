dataset "patients" {
  data        = ["user.health"]
  purpose     = "treat patients"
  owner       = "team-app"
  legal_basis = "contract"
  recipients  = ["none"]
  retention   = "P10Y"
  anchor      = "patients.treated_at"
}
