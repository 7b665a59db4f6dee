package compose_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt of the cases anew")

// archive returns the files of a case, without what is expected.
func archive(t testing.TB, name string, expected ...string) (*txtar.Archive, map[string]string, map[string]string) {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files, wants := map[string]string{}, map[string]string{}
	for _, f := range a.Files {
		if slices.Contains(expected, f.Name) {
			wants[f.Name] = string(f.Data)
		} else {
			files[f.Name] = string(f.Data)
		}
	}
	return a, files, wants
}

// TestProjects lists what is read of a source, each value with its place.
func TestProjects(t *testing.T) {
	names, err := filepath.Glob("testdata/projects/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, files, wants := archive(t, name, "want.txt")
			got := list(files)
			if *update {
				a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want.txt" })
				a.Files = append(a.Files, txtar.File{Name: "want.txt", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(wants["want.txt"], got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func list(files map[string]string) string {
	env := sourcetest.Env(files)
	var out bytes.Buffer
	for _, target := range compose.Targets(env) {
		fmt.Fprintf(&out, "== %s\n", target.ID)
		for _, p := range target.Projects {
			var read []string
			for _, f := range p.Files {
				read = append(read, f.Name)
			}
			fmt.Fprintf(&out, "project %s\n", strings.Join(read, " "))
			for _, s := range p.Services {
				fmt.Fprintf(&out, "  %s @%s\n", s.ID(), at(s.Pos))
				value(&out, "    ", s.Root)
			}
			for _, section := range []struct {
				name string
				of   *compose.Value
			}{{"volumes", p.Volumes}, {"networks", p.Networks}, {"secrets", p.Secrets}, {"configs", p.Configs}} {
				if section.of != nil {
					fmt.Fprintf(&out, "  %s\n", section.name)
					value(&out, "    ", section.of)
				}
			}
			for _, reason := range p.Missing {
				fmt.Fprintf(&out, "  missing: %s\n", reason)
			}
		}
	}
	for _, name := range env.Tree.Files {
		switch {
		case env.Tree.Left(name) != "":
			fmt.Fprintf(&out, "left out %s: %s\n", name, env.Tree.Left(name))
		case !env.WasRead(name):
			fmt.Fprintf(&out, "not read %s\n", name)
		}
	}
	for _, d := range env.Diagnostics() {
		fmt.Fprintf(&out, "%s %s\n", d.Severity, d.Error())
	}
	return out.String()
}

func at(p fact.Position) string { return fmt.Sprintf("%s:%d", p.Source, p.Line) }

// value writes a tree, a line for each scalar.
func value(out *bytes.Buffer, indent string, v *compose.Value) {
	if v == nil {
		return
	}
	for i, e := range v.Elems {
		name := "-"
		if len(v.Keys) > 0 {
			name = v.Keys[i].Name + ":"
		}
		switch {
		case len(e.Elems) > 0:
			fmt.Fprintf(out, "%s%s\n", indent, name)
			value(out, indent+"  ", e)
		case e.Reason != "":
			fmt.Fprintf(out, "%s%s ? %s @%s\n", indent, name, e.Reason, at(e.Pos))
		default:
			fmt.Fprintf(out, "%s%s %q @%s\n", indent, name, e.Text, at(e.Pos))
		}
	}
}

// TestConfig compares with what the reference implementation made of the same files:
// config.json is its answer, with all profiles, recorded with compose-go 2.16.2.
func TestConfig(t *testing.T) {
	names, err := filepath.Glob("testdata/config/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			_, files, wants := archive(t, name, "config.json")
			var recorded map[string]any
			if err := json.Unmarshal([]byte(wants["config.json"]), &recorded); err != nil {
				t.Fatalf("config.json: %v", err)
			}
			targets := compose.Targets(sourcetest.Env(files))
			if len(targets) == 0 {
				t.Fatal("no project")
			}
			p := targets[0].Projects[0]
			for _, reason := range p.Missing {
				t.Errorf("missing: %s", reason)
			}
			if diff := cmp.Diff(expected(recorded), model(p)); diff != "" {
				t.Errorf("-reference +own:\n%s", diff)
			}
		})
	}
}

// expected writes down of a recorded answer what facts are made of.
func expected(config map[string]any) map[string][]string {
	out := map[string][]string{}
	text := func(m map[string]any, name string) string {
		if m[name] == nil {
			return ""
		}
		return fmt.Sprint(m[name])
	}
	services, _ := config["services"].(map[string]any)
	for name, s := range services {
		m := s.(map[string]any)
		lines := []string{"image " + text(m, "image"), "network_mode " + text(m, "network_mode")}
		for _, p := range array(m["ports"]) {
			lines = append(lines, strings.TrimRight(fmt.Sprintf("port %s|%s|%s|%s|%s", text(p, "host_ip"), text(p, "published"), text(p, "target"), text(p, "protocol"), text(p, "mode")), " "))
		}
		for _, v := range array(m["volumes"]) {
			lines = append(lines, fmt.Sprintf("volume %s %s %s %v", text(v, "type"), path.Base(text(v, "source")), text(v, "target"), v["read_only"] == true))
		}
		environment, _ := m["environment"].(map[string]any)
		for _, key := range fact.SortedKeys(environment) {
			lines = append(lines, "environment "+key+"="+text(environment, key))
		}
		command, _ := m["command"].([]any)
		lines = append(lines, "command "+strings.Trim(fmt.Sprint(command), "[]"))
		l, _ := m["logging"].(map[string]any)
		lines = append(lines, "logging "+text(l, "driver"))
		options, _ := l["options"].(map[string]any)
		for _, key := range fact.SortedKeys(options) {
			lines = append(lines, "logging "+key+"="+text(options, key))
		}
		out[name] = lines
	}
	for _, section := range []string{"volumes", "secrets"} {
		all, _ := config[section].(map[string]any)
		for name, v := range all {
			m, _ := v.(map[string]any)
			out[section+"/"+name] = []string{fmt.Sprintf("%s %s %v", text(m, "driver"), path.Base(text(m, "file")), m["external"] == true)}
		}
	}
	return out
}

func array(v any) (out []map[string]any) {
	list, _ := v.([]any)
	for _, e := range list {
		out = append(out, e.(map[string]any))
	}
	return out
}

// model writes down the same of a project.
func model(p *compose.Project) map[string][]string {
	out := map[string][]string{}
	for _, s := range p.Services {
		lines := []string{"image " + s.Image().Value, "network_mode " + s.NetworkMode().Value}
		ports, _ := s.Ports()
		for _, port := range ports {
			lines = append(lines, published(port)...)
		}
		mounts, _ := s.Mounts()
		for _, m := range mounts {
			lines = append(lines, fmt.Sprintf("volume %s %s %s %v", m.Type.Value, path.Base(m.Source.Value), m.Target.Value, m.ReadOnly.Value))
		}
		keys, values, _ := s.Get("environment").Members()
		var environment []string
		for i, key := range keys {
			environment = append(environment, "environment "+key.Name+"="+values[i].Text)
		}
		slices.Sort(environment)
		lines = append(lines, environment...)
		words, _ := s.Get("command").List()
		var command []string
		for _, w := range words {
			command = append(command, w.Text)
		}
		lines = append(lines, "command "+strings.Join(command, " "))
		logging := s.Get("logging")
		lines = append(lines, "logging "+logging.Get("driver").String("", s.Pos).Value)
		keys, values, _ = logging.Get("options").Members()
		var options []string
		for i, key := range keys {
			options = append(options, "logging "+key.Name+"="+values[i].Text)
		}
		slices.Sort(options)
		out[s.Name] = append(lines, options...)
	}
	for section, of := range map[string]*compose.Value{"volumes": p.Volumes, "secrets": p.Secrets} {
		keys, values, _ := of.Members()
		for i, key := range keys {
			v := values[i]
			out[section+"/"+key.Name] = []string{fmt.Sprintf("%s %s %v", v.Get("driver").String("", key.Pos).Value, path.Base(v.Get("file").String("", key.Pos).Value), v.Get("external").Bool(false, key.Pos).Value)}
		}
	}
	return out
}

// published lists the ports of an entry one by one, as the reference does, unless the
// range is one that the engine picks from.
func published(p compose.Port) (lines []string) {
	number := func(n aws.Answer[int]) string {
		if !n.Known() {
			return ""
		}
		return strconv.Itoa(n.Value)
	}
	for i := 0; p.TargetFrom.Value+i <= p.TargetTo.Value; i++ {
		from := number(p.From)
		switch {
		case p.From.Known() && p.To.Value > p.From.Value && p.TargetFrom.Value == p.TargetTo.Value:
			from += "-" + number(p.To)
		case p.From.Known():
			from = strconv.Itoa(p.From.Value + i)
		}
		lines = append(lines, fmt.Sprintf("port %s|%s|%d|%s|%s", p.Address.Value, from, p.TargetFrom.Value+i, p.Protocol.Value, p.Mode.Value))
	}
	return lines
}
