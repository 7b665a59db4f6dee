package output

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

type (
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID         string         `json:"id"`
		Short      sarifText      `json:"shortDescription"`
		Properties map[string]any `json:"properties,omitempty"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
		EndLine   int `json:"endLine"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifDriver struct {
		URI     string      `json:"informationUri"`
		Name    string      `json:"name"`
		Rules   []sarifRule `json:"rules"`
		Version string      `json:"version"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifInvocation struct {
		Successful  bool   `json:"executionSuccessful"`
		ExitCode    int    `json:"exitCode"`
		Description string `json:"exitCodeDescription"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
	}
	sarifLog struct {
		Version string     `json:"version"`
		Schema  string     `json:"$schema"`
		Runs    []sarifRun `json:"runs"`
	}
)

// add appends a result; the first result of a rule gives the rule its properties.
func (run *sarifRun) add(c *Check, kind, level, description string, r Result) {
	id := c.Namespace + "/" + kind
	rules := &run.Tool.Driver.Rules
	index := -1
	for i := range *rules {
		if (*rules)[i].ID == id {
			index = i
		}
	}
	if index < 0 {
		index = len(*rules)
		*rules = append(*rules, sarifRule{ID: id, Short: sarifText{description}, Properties: r.Metadata})
	}
	file := c.FileName
	var at sarifPhysical
	if r.Location != nil {
		file = r.Location.File
		line, _ := strconv.Atoi(r.Location.Line.String())
		at.Region = &sarifRegion{line, line}
	}
	at.Artifact.URI = (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath()
	run.Results = append(run.Results, sarifResult{id, index, level, sarifText{r.Message}, []sarifLocation{{at}}})
}

func writeSARIF(b *bytes.Buffer, o Options, checks Checks) error {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{
		URI: "https://github.com/open-policy-agent/conftest", Name: "conftest", Rules: []sarifRule{},
		Version: strings.TrimPrefix(o.Version, "v"),
	}
	for i := range checks {
		c := &checks[i]
		for _, r := range c.Failures {
			run.add(c, "deny", "error", "Policy violation", r)
		}
		for _, r := range c.Warnings {
			run.add(c, "warn", "warning", "Policy warning", r)
		}
		for _, r := range c.Exceptions {
			run.add(c, "allow", "note", "Policy exception", r)
		}
		if len(c.Failures)+len(c.Warnings) > 0 {
			continue
		}
		kind, text := "skip", "Policy check was skipped"
		if c.Successes+len(c.Exceptions) > 0 {
			kind, text = "success", "Policy was satisfied successfully"
		}
		run.add(c, kind, "none", text, Result{Message: text, Metadata: map[string]any{"description": text}})
	}
	end := sarifInvocation{true, checks.ExitCode(), "No policy violations found"}
	switch t := checks.totals(); {
	case t.Failures > 0:
		end.Description = "Policy violations found"
	case t.Warnings > 0:
		end.Description = "Policy warnings found"
	}
	run.Invocations = []sarifInvocation{end}
	text, err := json.Marshal(sarifLog{
		Version: "2.1.0",
		Schema:  "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json",
		Runs:    []sarifRun{run},
	})
	if err != nil {
		return err
	}
	b.Write(text)
	return nil
}
