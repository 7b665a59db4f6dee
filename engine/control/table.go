package control

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// ReadTables reads data/<topic>.<name>.yaml: dated tables that controls see as
// data.params.<topic>.<name>. Rows outside valid_from … valid_to at now are cut. A
// table with as_at, the day it was last checked, gets age_days, the whole days
// since then.
func (p *Parameters) ReadTables(fsys fs.FS, now time.Time) error {
	files, err := fs.Glob(fsys, "data/*.yaml")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read tables: %w", err)
	}
	for _, name := range files {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read table %s: %w", name, err)
		}
		var table any
		if err := yaml.Unmarshal(data, &table); err != nil {
			return fmt.Errorf("read table %s: %w", name, err)
		}
		table = cut(table, now.UTC().Format(time.DateOnly))
		if m, ok := table.(map[string]any); ok {
			if at, err := time.Parse(time.DateOnly, date(m["as_at"])); err == nil {
				m["age_days"] = int(now.UTC().Sub(at).Hours() / 24)
			}
		}
		p.SetTable(strings.TrimSuffix(path.Base(name), ".yaml"), table)
	}
	return nil
}

// cut drops the rows of lists that are not in force on a day.
func cut(v any, day string) any {
	switch v := v.(type) {
	case []any:
		kept := []any{}
		for _, row := range v {
			if inForce(row, day) {
				kept = append(kept, cut(row, day))
			}
		}
		return kept
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, m := range v {
			if inForce(m, day) {
				out[name] = cut(m, day)
			}
		}
		return out
	case time.Time: // an unquoted date in YAML
		return v.UTC().Format(time.DateOnly)
	}
	return v
}

func inForce(row any, day string) bool {
	m, ok := row.(map[string]any)
	if !ok {
		return true
	}
	from, to := date(m["valid_from"]), date(m["valid_to"])
	return (from == "" || from <= day) && (to == "" || day <= to)
}

func date(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		return v.UTC().Format(time.DateOnly)
	}
	return ""
}
