package control

import (
	"github.com/writ-policy/writ/engine/fact"
)

// knownMeta is the METADATA of a control, checked when the set was built.
type knownMeta struct {
	ID          string   `json:"id"`
	File        string   `json:"file"`
	Row         int      `json:"row"` // of the package
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Remediation string   `json:"remediation"`
	Severity    string   `json:"severity"`
	Subject     string   `json:"subject"`
	Facts       []string `json:"facts,omitempty"`
	MayRead     []string `json:"may_read,omitempty"`
	GDPR        []string `json:"gdpr"`
	References  []string `json:"references,omitempty"`
	Params      []string `json:"params,omitempty"`
	GateUnknown bool     `json:"gate_unknown,omitempty"`
	AbsencePass bool     `json:"absence_pass,omitempty"`
	Has         []string `json:"has"`
}

func metaOf(c *Control) knownMeta {
	return knownMeta{
		ID: c.ID, File: c.file.path, Row: c.Pos.Line, Title: c.Title, Description: c.Description, Remediation: c.Remediation,
		Severity: c.Severity, Subject: c.Subject, Facts: c.Facts, MayRead: c.MayRead, GDPR: c.GDPR, References: c.References, Params: c.Params,
		GateUnknown: c.GateUnknown, AbsencePass: c.AbsencePass, Has: fact.SortedKeys(c.Has),
	}
}

func (m *knownMeta) control(f *file) *Control {
	c := &Control{
		ID: m.ID, Title: m.Title, Description: m.Description, Remediation: m.Remediation, Severity: m.Severity, Subject: m.Subject,
		Facts: m.Facts, MayRead: m.MayRead, GDPR: m.GDPR, References: m.References, Params: m.Params,
		GateUnknown: m.GateUnknown, AbsencePass: m.AbsencePass, Has: map[string]bool{}, file: f,
		Pos: fact.Position{Source: f.path, Line: m.Row, Column: 1},
	}
	for _, name := range m.Has {
		c.Has[name] = true
	}
	return c
}
