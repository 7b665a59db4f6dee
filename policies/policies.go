// Package policies holds the embedded GDPR controls, their parameters and dated
// tables. Controls stand at gdpr/<topic>/<slug>/, helpers in lib/.
package policies

import "embed"

// FS holds the Rego files, params.yaml and data/.
//
//go:embed gdpr lib params.yaml
var FS embed.FS
