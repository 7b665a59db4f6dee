package secrets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/secret"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// leak is one entry of another scanner's report.
type leak struct {
	rule, file, commit string
	line, column       int
	secrets            []string
}

// report reads the named file if it is a report of gitleaks (JSON) or of
// trufflehog (version 3, a JSON object a line); nil if it is none. Reports beside
// other files are not taken over: they are searched like those.
func report(env *collectors.Env, name string) []*fact.Document {
	t := env.Tree
	if len(t.Files) != 1 || !t.Named(t.Files[0]) {
		return nil
	}
	file := t.Files[0]
	if ext := path.Ext(file); ext != ".json" && ext != ".jsonl" && ext != ".ndjson" {
		return nil
	}
	data, err := collectors.ReadFile(t.FS, file, collectors.MaxFile)
	if err != nil {
		return nil
	}
	for _, r := range []struct {
		tool string
		read func([]byte) ([]leak, bool, error)
	}{{"gitleaks", parseGitleaks}, {"trufflehog", parseTrufflehog}} {
		leaks, is, err := r.read(data)
		if !is {
			continue
		}
		env.MarkRead(file, "")
		m := newMatches(env, &terraform.Root{Dir: path.Dir(file)}, name)
		m.b = fact.NewBuilder("secret.match", terraform.Target(&terraform.Root{Dir: path.Dir(file)}), env.Envelope(name, r.tool), env.Now)
		m.b.Source(file, "")
		if err != nil {
			m.b.Incomplete(file + ": the report cannot be read to its end")
			env.Diagnose(fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read report of " + r.tool, Detail: err.Error(), Pos: fact.Position{Source: file}})
		}
		for _, l := range leaks {
			m.leak(l, file)
		}
		return []*fact.Document{m.document()}
	}
	return nil
}

// leak takes over one entry. Its values go to the redactor and nowhere else.
func (m *matches) leak(l leak, report string) {
	for _, v := range l.secrets {
		if strings.Trim(v, "*") != "" && v != "REDACTED" {
			m.env.Redactor.Add(v)
		}
	}
	one := match{rule: l.rule, carrier: carrierOf(l.file), form: secret.Literal, by: "pattern", place: l.file, at: fact.Position{Source: l.file, Line: l.line, Column: l.column}}
	if l.file == "" {
		one.place, one.at = "no file is named", fact.Position{Source: report}
	}
	if len(l.commit) >= 12 {
		one.commit = l.commit
		one.place = fmt.Sprintf("%s:%d@%.12s", l.file, l.line, l.commit)
		one.at = fact.Position{Source: one.at.Source}
	}
	m.list = append(m.list, one)
}

// cleaned makes a path of a report relative: where the other scanner ran is nobody's
// business.
func cleaned(name string) string {
	name = path.Clean("/" + strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimPrefix(name, "/")
}

// parseGitleaks reads an array of findings. is reports whether the data is one at
// all: an empty array is not.
func parseGitleaks(data []byte) (leaks []leak, is bool, err error) {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) || !bytes.Contains(data[:min(len(data), 64<<10)], []byte(`"RuleID"`)) {
		return nil, false, nil
	}
	in := json.NewDecoder(bytes.NewReader(data))
	if _, err := in.Token(); err != nil {
		return nil, true, err
	}
	for in.More() {
		var e struct {
			RuleID, Match, Secret, File, Commit string
			SymlinkFile                         string
			StartLine, StartColumn              int
		}
		if err := in.Decode(&e); err != nil {
			return leaks, true, err
		}
		if e.RuleID == "" {
			return leaks, true, errors.New("an entry names no rule")
		}
		leaks = append(leaks, leak{e.RuleID, cleaned(e.File), e.Commit, max(0, e.StartLine), max(0, e.StartColumn), []string{e.Secret}})
	}
	if _, err := in.Token(); err != nil {
		return leaks, true, err
	}
	if _, err := in.Token(); err != io.EOF {
		return leaks, true, errors.New("something follows the report")
	}
	return leaks, true, nil
}

// parseTrufflehog reads findings, one object after another. Messages of its log
// may stand between them.
func parseTrufflehog(data []byte) (leaks []leak, is bool, err error) {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) || !bytes.Contains(data[:min(len(data), 256<<10)], []byte(`"DetectorName"`)) {
		return nil, false, nil
	}
	in := json.NewDecoder(bytes.NewReader(data))
	for {
		var e struct {
			SourceMetadata struct {
				Data map[string]map[string]any
			}
			DetectorName, Raw, RawV2 string
		}
		if err := in.Decode(&e); err == io.EOF {
			return leaks, true, nil
		} else if err != nil {
			return leaks, true, err
		}
		if e.DetectorName == "" {
			continue
		}
		l := leak{rule: strings.ToLower(e.DetectorName), secrets: []string{e.Raw, e.RawV2}}
		for _, where := range e.SourceMetadata.Data {
			if file, ok := where["file"].(string); ok && file != "" {
				l.file = cleaned(file)
			}
			l.commit, _ = where["commit"].(string)
			if line, ok := where["line"].(float64); ok && line > 0 {
				l.line = int(line)
			}
		}
		leaks = append(leaks, l)
	}
}
