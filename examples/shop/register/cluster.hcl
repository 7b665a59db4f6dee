# What runs in the cluster.
service "reviews" {
  targets            = ["config/**/kubernetes#shop/**"]
  owner              = "team-shop"
  purpose            = "What customers write about goods"
  environment        = "production"
  data               = ["user.contact"]
  access_reviewed_on = "2026-09-15"

  port "443/tcp" {
    purpose   = "Reviews, for browsers"
    sources   = ["internet"]
    exposure  = "internet"
    activity  = "ROPA-05 reviews"
    review_by = "2027-04-01"
  }

  port "5432/tcp" {
    purpose   = "SQL, for reviews"
    sources   = ["production"]
    exposure  = "internal"
    activity  = "ROPA-05 reviews"
    review_by = "2027-04-01"
  }

  port "8080/tcp" {
    purpose   = "Pages, for the gateway"
    sources   = ["production"]
    exposure  = "internal"
    activity  = "ROPA-05 reviews"
    review_by = "2027-04-01"
  }
}

service "cluster" {
  targets            = ["config/**/kubernetes#Cluster*/**", "config/**/kubernetes#Policy"]
  owner              = "team-platform"
  purpose            = "Who may do what in the cluster, and what it records"
  environment        = "production"
  data               = []
  access_reviewed_on = "2026-10-01"
}

dataset "reviews" {
  store       = "reviews"
  purpose     = "Show what customers write about goods"
  owner       = "team-shop"
  legal_basis = "contract"
  subjects    = ["customers"]
  recipients  = ["none"]
  retention   = "P2Y"
  backup      = "P35D"
  anchor      = "reviews.written_at"
}
