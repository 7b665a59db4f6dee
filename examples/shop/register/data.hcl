# Which personal data there are, why, how long, and who else gets them.
dataset "orders" {
  store       = ["database", "files", "jobs", "orders"]
  purpose     = "Fulfil orders and keep the books"
  owner       = "team-orders"
  legal_basis = "contract"
  subjects    = ["customers"]
  recipients  = ["mailer"]
  retention   = "P10Y"
  backup      = "P35D"
  anchor      = "orders.closed_at"
}

# Planted: no legal basis, no period, nothing to count it from.
dataset "newsletter" {
  store      = "mail"
  purpose    = "Tell customers about offers"
  owner      = "team-shop"
  subjects   = ["customers"]
  recipients = ["mailer"]
}

dataset "traces" {
  store       = "platform"
  purpose     = "Find out who did what, and defend the shop"
  owner       = "team-platform"
  legal_basis = "legitimate_interests"
  subjects    = ["customers", "employees"]
  recipients  = ["none"]
  retention   = "P365D"
  anchor      = "time"
}

processor "mailer" {
  country                   = "DE"
  purpose                   = "Delivers mails"
  contract                  = "DPA-2026-07"
  data                      = ["user.contact"]
  hosts                     = ["smtp.mailer.example.org"]
  subprocessors_reviewed_on = "2026-03-01"
}

# Planted: used without a contract.
processor "reports" {
  country                   = "FR"
  purpose                   = "Draws sales reports"
  data                      = ["user.contact"]
  hosts                     = ["reports.example.org"]
  subprocessors_reviewed_on = "2026-03-01"
}

change "OPS-204" {
  ticket      = "OPS-204"
  change      = "the report tool connects from changing addresses"
  approved_by = "team-platform"
  approved_on = "2026-05-04"
}

change "OPS-118" {
  ticket      = "OPS-118"
  change      = "a contractor repairs the nightly jobs"
  approved_by = "team-platform"
  approved_on = "2026-06-01"
}
