// Package register reads the documented plan, in HCL: services with their ports
// and log stores, networks, datasets, processors, waivers and approved changes.
//
// [Read] decodes and checks it, [Register.Documents] yields it as register.*
// facts, [Register.Annotate] and [Register.Link] join it with what was collected,
// and [Register.Waive] covers findings. [ReadProject] reads the project file.
//
// Every value is written out: no references, calls, templates or null. Periods
// are ISO 8601 durations ("P90D", "PT36H") or "unlimited", dates are "2027-04-01",
// addresses are canonical CIDR blocks or single addresses. Names hold no "/", "#"
// or "*". In globs "*" stays within a segment, "**" crosses segments, and all else
// stands for itself. What is misspelt, undefined, given twice or contradicts
// itself is a diagnostic.
//
//	controller "NAME" {
//	  contact  representative  data_protection_officer
//	  alert_route                       # where alerts of this tool go, for a breach to be notified in time
//	  breach_drilled_on                 # when that was last exercised
//	}
//
//	network "NAME" {
//	  cidrs                             # required
//	  scope                             # loopback host internal partner internet; follows from cidrs unless said
//	  environment  admin
//	}
//
//	service "NAME" {
//	  targets                           # required; globs over target ids, "#" and a glob narrows to items
//	  owner  purpose  environment
//	  data                              # category keys; [] says that there are none, no attribute says nothing
//	  processors  multi_tenant  secret_roles  access_reviewed_on
//	  port "5432/tcp" {                 # or a range, "8000-8010/tcp"
//	    address                         # any unless said
//	    purpose  owner  data            # the service's unless said
//	    process = { exe unit user image_digest }
//	    sources                         # networks by name, or CIDR blocks
//	    exposure                        # loopback host internal partner internet
//	    tls                             # required (unless said), mutual, none (needs a reason)
//	    reason  logging  activity  required  review_by
//	  }
//	  log "NAME" { match category owner regimes }          # see [Log]
//	  access "ROLE" { objects privileges }                 # a row of the access matrix
//	}
//
//	dataset "NAME" {
//	  store                             # services by name, or places ("config/infra#aws_s3_bucket.orders")
//	  data                              # the services' unless said
//	  purpose  legal_basis  owner  subjects  recipients
//	  retention  backup                 # periods
//	  anchor  legal_hold  purge_job  erasure_log
//	  art9_condition  dpia  quasi_identifiers  handling
//	  eraser "JOB" { tables recipients }
//	  export "NAME" { tables format }
//	  transfer "US" { mechanism processors }
//	}
//
//	processor "NAME" {
//	  country                           # required
//	  contract  purpose  data  hosts  mechanism  valid_to  assessed_on
//	  subprocessors_reviewed_on  relies_on_encryption
//	}
//
//	waiver "CONTROL" {
//	  targets                           # required; globs
//	  subject                           # required; kind/id, where id is a glob
//	  reason  compensation  owner  approver  approved_on  expires_on
//	}
//
//	allow "RULE" {                      # a rule of secret.match, a glob
//	  files  reason  owner  expires_on  # required; files are globs
//	}
//
//	change "NAME" {                     # found by its ticket in a comment, or by its subject
//	  targets  subject  change  ticket  approved_by  approved_on
//	}
package register
