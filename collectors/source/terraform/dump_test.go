package terraform

import (
	"fmt"
	"strings"
)

// dump writes a root as text: one line per resource, argument and element.
func dump(r *Root) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	for _, v := range r.Variables {
		if v.Module == "" {
			dumpValue(&b, "var."+v.Name, v.Value)
		}
	}
	for _, o := range r.Outputs {
		if o.Module == "" {
			dumpValue(&b, "output."+o.Name, o.Value)
		}
	}
	for _, m := range r.Modules {
		if !m.Resolved {
			p("%s unresolved: %s", m.Address, m.Reason)
		}
	}
	for _, pr := range r.Providers {
		p("provider %s%s %s%s", prefixed(pr.Module), pr.Name, pr.Alias, at(pr.Pos.String()))
		dumpValue(&b, "  ", pr.Body)
	}
	if r.Backend != nil {
		p("%s %s%s", r.Backend.Type, strings.Join(r.Backend.Labels, " "), at(r.Backend.Pos.String()))
		dumpValue(&b, "  ", r.Backend.Body)
	}
	for _, res := range r.Resources {
		p("%s%s", res.Address, at(fmt.Sprintf("%s-%d", res.Pos, res.Pos.EndLine)))
		if res.Provider != nil && (res.Provider.Alias != "" || res.Provider.Module != res.Module || res.Provider.Body != nil) {
			p("  provider: %s%s %s", prefixed(res.Provider.Module), res.Provider.Name, res.Provider.Alias)
		}
		if !res.KnownCount {
			p("  any number of instances")
		}
		for _, c := range res.Callers {
			p("  called at %s", c)
		}
		dumpValue(&b, "  ", res.Body)
	}
	for _, s := range r.Incomplete {
		p("incomplete: %s", s)
	}
	for _, d := range r.Diagnostics {
		p("%s: %s: %s", d.Pos, d.Severity, d.Summary)
		if d.Detail != "" {
			p("    %s", d.Detail)
		}
		if d.Hint != "" {
			p("    hint: %s", d.Hint)
		}
		if d.Line != "" {
			p("    | %s", d.Line)
		}
	}
	return b.String()
}

func prefixed(module string) string {
	if module == "" {
		return ""
	}
	return module + "."
}

func at(pos string) string { return "  @" + strings.TrimPrefix(pos, "main.tf:") }

// dumpValue writes v under its path; containers that say nothing by themselves
// are left out.
func dumpValue(b *strings.Builder, path string, v *Value) {
	if v == nil {
		return
	}
	sub := func(name string) string {
		if strings.TrimSpace(path) == "" {
			return path + name
		}
		return path + "." + name
	}
	var text string
	switch v.Kind {
	case Absent:
		text = "absent"
	case Null:
		text = "null"
	case Bool:
		text = fmt.Sprint(v.Bool)
	case Number:
		text = v.Number
	case String:
		text = fmt.Sprintf("%q", v.Text)
	case Unknown:
		text = "unknown: " + v.Reason
	case List:
		text = fmt.Sprintf("list of %d", len(v.Elems))
	case Object:
		text = fmt.Sprintf("object of %d", len(v.Fields))
	}
	for _, r := range v.Refs {
		text += fmt.Sprintf(" <- %s:%s", r.Address, r.Path)
	}
	if v.Direct {
		text += " direct"
	}
	if v.Sensitive {
		text += " sensitive"
	}
	if v.Literal {
		text += " literal"
	}
	switch {
	case len(v.Elems)+len(v.Fields) > 0:
	case v.Origin == Computed:
		text += " computed"
	case v.Origin == Provided:
		text += " provided"
	}
	if v.Parts != nil {
		text += " parts "
		for _, p := range v.Parts {
			switch {
			case p.Kind == String:
				text += p.Text
			case p.Direct:
				text += "{" + p.Refs[0].Address + ":" + p.Refs[0].Path + "}"
			default:
				text += "{?}"
			}
		}
	}
	for _, l := range v.Literals {
		text += fmt.Sprintf(" [%q%s]", l.Text, at(l.Pos.String()))
	}
	if strings.TrimSpace(path) != "" {
		fmt.Fprintf(b, "%s = %s%s\n", path, text, at(v.Pos.String()))
	} else if v.Kind != Object {
		fmt.Fprintf(b, "%s%s%s\n", path, text, at(v.Pos.String()))
	}
	for i, e := range v.Elems {
		dumpValue(b, sub(fmt.Sprint(i)), e)
	}
	for _, f := range v.Fields {
		dumpValue(b, sub(f.Name), f.Value)
	}
}
