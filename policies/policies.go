// Package policies holds the embedded GDPR controls, their parameters and dated
// tables. Controls stand at gdpr/<topic>/<slug>/, helpers in lib/.
package policies

import "embed"

// FS holds the Rego files, params.yaml, data/, and reads.json, which is generated:
// what each rule reads. Golden cases are not part of it.
//
//go:embed gdpr/*/*/*.rego lib/*.rego params.yaml reads.json data/*.yaml
var FS embed.FS
