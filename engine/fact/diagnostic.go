package fact

// Diagnostic is a problem in an input, at a place its owner can look at.
type Diagnostic struct {
	// Severity is "error" (the file, block or value could not be used) or
	// "warning".
	Severity string   `json:"severity"`
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail,omitempty"`
	Hint     string   `json:"hint,omitempty"`
	Pos      Position `json:"position"`
	// Line is the source line at Pos, without its newline; "" if not at hand.
	Line string `json:"line,omitempty"`
	// Fatal diagnostics make the exit status 2: a usage error, an invalid policy,
	// register or parameter, a file of a modelled format that cannot be read.
	Fatal bool `json:"fatal"`
}

// Error renders "file:line:column: summary: detail".
func (d Diagnostic) Error() string {
	s := d.Summary
	if d.Detail != "" {
		s += ": " + d.Detail
	}
	if at := d.Pos.String(); at != "" {
		s = at + ": " + s
	}
	return s
}
