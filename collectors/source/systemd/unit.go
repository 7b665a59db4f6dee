// Package systemd reads unit files as systemd's manager does (systemd.unit(5),
// systemd.syntax(7)): those of the first folder that has a name, and the drop-ins of
// all. Specifiers are not resolved: a value that holds one is kept as it is.
package systemd

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// folders are where units of the system are, the first wins.
func folders() []string {
	return []string{
		"etc/systemd/system.control", "run/systemd/system.control", "run/systemd/transient", "run/systemd/generator.early",
		"etc/systemd/system", "run/systemd/system", "run/systemd/generator", "usr/local/lib/systemd/system",
		"usr/lib/systemd/system", "lib/systemd/system", "run/systemd/generator.late",
	}
}

// most bounds a unit file.
const most = 1 << 20

// Setting is an assignment. Section and Key are as written.
type Setting struct {
	Section, Key, Value string
	Pos                 fact.Position
}

// Unit is a unit with its drop-ins, in the order that they count.
type Unit struct {
	Name     string
	Pos      fact.Position // of its file
	Settings []Setting
	// Wanted says that a target or another unit pulls it in.
	Wanted bool
	// Reason says why a part of it could not be read.
	Reason string
}

// All returns the values of a key that may be given often. An empty one drops those
// before it.
func (u *Unit) All(section, key string) []Setting {
	var out []Setting
	for _, s := range u.Settings {
		switch {
		case s.Section != section || s.Key != key:
		case s.Value == "":
			out = nil
		default:
			out = append(out, s)
		}
	}
	return out
}

// Get returns the last value of a key, an empty Setting if there is none.
func (u *Unit) Get(section, key string) Setting {
	if all := u.All(section, key); len(all) > 0 {
		return all[len(all)-1]
	}
	return Setting{Section: section, Key: key, Pos: u.Pos}
}

// Units reads the units of the system whose names have a suffix, sorted by name. Those
// that are masked are left out. A reason says why some may be missing.
func Units(host fs.FS, suffix string) (units []*Unit, reasons []string) {
	seen := map[string]bool{}
	wanted := map[string]bool{}
	for _, folder := range folders() {
		entries, err := fs.ReadDir(host, folder)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				reasons = append(reasons, "units of /"+folder+" cannot be read")
			}
			continue
		}
		for _, e := range entries {
			name := e.Name()
			if strings.HasSuffix(name, ".wants") || strings.HasSuffix(name, ".requires") || strings.HasSuffix(name, ".upholds") {
				pulled, err := fs.ReadDir(host, folder+"/"+name)
				if err != nil {
					reasons = append(reasons, "units of /"+folder+" cannot be read")
				}
				for _, p := range pulled {
					wanted[p.Name()] = true
				}
			}
			if !strings.HasSuffix(name, suffix) || seen[name] {
				continue
			}
			seen[name] = true
			if u := read(host, folder, name); u != nil {
				units = append(units, u)
			}
		}
	}
	for _, u := range units {
		u.Wanted = wanted[u.Name]
	}
	slices.SortFunc(units, func(a, b *Unit) int { return strings.Compare(a.Name, b.Name) })
	return units, reasons
}

// read reads a unit and its drop-ins; nil if it is masked.
func read(host fs.FS, folder, name string) *Unit {
	file := folder + "/" + name
	u := &Unit{Name: name, Pos: fact.Position{Source: "/" + file, Line: 1}}
	if to, err := fs.ReadLink(host, file); err == nil && path.Clean("/"+to) == "/dev/null" {
		return nil
	}
	data, err := collectors.ReadFile(host, file, most)
	switch {
	case err != nil:
		u.Reason = "/" + file + " cannot be read: " + err.Error()
	case len(data) == 0:
		return nil
	}
	u.Settings = Parse("/"+file, data)
	u.dropIns(host)
	return u
}

// dropIns adds what stands in NAME.d/*.conf: of a file name in several folders the first
// counts, and all are read in the order of their names.
func (u *Unit) dropIns(host fs.FS) {
	files := map[string]string{}
	for _, folder := range folders() {
		for _, name := range dropInFolders(u.Name) {
			entries, err := fs.ReadDir(host, folder+"/"+name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				u.Reason = "/" + folder + "/" + name + " cannot be read"
			}
			for _, e := range entries {
				if !strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), ".conf") && files[e.Name()] == "" {
					files[e.Name()] = folder + "/" + name + "/" + e.Name()
				}
			}
		}
	}
	for _, name := range fact.SortedKeys(files) {
		file := files[name]
		if to, err := fs.ReadLink(host, file); err == nil && path.Clean("/"+to) == "/dev/null" {
			continue
		}
		data, err := collectors.ReadFile(host, file, most)
		if err != nil {
			u.Reason = "/" + file + " cannot be read: " + err.Error()
		}
		u.Settings = append(u.Settings, Parse("/"+file, data)...)
	}
}

// dropInFolders are those of a unit: its own, those of its prefixes ("a-.socket.d"), and
// that of its type.
func dropInFolders(name string) []string {
	out := []string{name + ".d"}
	stem, kind := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	for i := strings.LastIndexByte(stem, '-'); i > 0; i = strings.LastIndexByte(stem[:i], '-') {
		out = append(out, stem[:i+1]+kind+".d")
	}
	return append(out, strings.TrimPrefix(kind, ".")+".d")
}

// Parse reads a unit file. A line that ends in a backslash goes on in the next; lines
// that begin with # or ; say nothing, also among those. What is no assignment is left
// out, as the manager does.
func Parse(source string, data []byte) []Setting {
	var out []Setting
	section, value := "", ""
	begin := 0
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" && value == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		if begin == 0 {
			begin = number
		}
		if more, ok := strings.CutSuffix(line, `\`); ok {
			value += more + " "
			continue
		}
		line, value = value+line, ""
		at := begin
		begin = 0
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section = line[1 : len(line)-1]
			continue
		}
		key, v, ok := strings.Cut(line, "=")
		if !ok || section == "" {
			continue
		}
		out = append(out, Setting{section, strings.TrimSpace(key), strings.TrimSpace(v), fact.Position{Source: source, Line: at, EndLine: number}})
	}
	return out
}
