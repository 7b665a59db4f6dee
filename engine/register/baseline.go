package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/writ-policy/writ/engine/finding"
)

// Baseline is what an earlier report found, by finding id.
type Baseline map[string][]known

type known struct {
	outcome  finding.Outcome
	severity finding.Severity
}

// ReportSchema is the version of reports that a baseline is read from.
const ReportSchema = "writ.report/v1"

// ReadBaseline reads a saved report, a json object or a jsonl stream.
func ReadBaseline(data []byte) (Baseline, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	out, versions := Baseline{}, 0
	for n := 1; ; n++ {
		var part struct {
			Schema string `json:"schema"`
			Run    *struct {
				Schema string `json:"schema"`
			} `json:"run"`
			Finding  *finding.Finding   `json:"finding"`
			Findings []*finding.Finding `json:"findings"`
		}
		if err := dec.Decode(&part); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read baseline: value %d: %w", n, err)
		}
		version := part.Schema
		if version == "" && part.Run != nil {
			version = part.Run.Schema
		}
		if version != "" {
			if version != ReportSchema {
				return nil, fmt.Errorf("read baseline: schema is %q, want %q", version, ReportSchema)
			}
			versions++
		}
		if part.Finding != nil {
			part.Findings = append(part.Findings, part.Finding)
		}
		for _, f := range part.Findings {
			if f == nil || f.ID == "" {
				return nil, fmt.Errorf("read baseline: value %d: a finding without id", n)
			}
			out[f.ID] = append(out[f.ID], known{f.Outcome, f.Severity})
		}
	}
	if versions == 0 {
		return nil, fmt.Errorf("read baseline: not a report: no %q in it", ReportSchema)
	}
	return out, nil
}

// Mark returns "known" if the baseline has the finding with the same outcome and
// no lower severity, else "new". A finding that passed, was waived or could not
// be decided before is new when it fails.
func (b Baseline) Mark(f *finding.Finding) string {
	for _, k := range b[f.ID] {
		if k.outcome == f.Outcome && f.Severity.Rank() <= k.severity.Rank() {
			return "known"
		}
	}
	return "new"
}
