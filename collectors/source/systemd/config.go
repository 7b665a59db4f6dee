package systemd

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Config reads a configuration file of one of systemd's programs with its drop-ins:
// "systemd/journald.conf" and "systemd/journald.conf.d/*.conf" (the order of
// systemd-analyze cat-config). The main file is that of the first folder that has
// one; of drop-ins of one name the first folder's counts, all are read in the order
// of their names whatever their folder, and a link to /dev/null masks. Files lists
// what was read. Without a file it has no settings and a zero position.
func Config(host fs.FS, name string) (config *Unit, files []string) {
	u := &Unit{Name: path.Base(name)}
	take := func(file string, main bool) {
		if to, err := fs.ReadLink(host, file); err == nil && path.Clean("/"+to) == "/dev/null" {
			return
		}
		data, err := collectors.ReadFile(host, file, most)
		if err != nil {
			u.Reason = "/" + file + " cannot be read: " + err.Error()
			return
		}
		files = append(files, file)
		if main {
			u.Pos = fact.Position{Source: "/" + file, Line: 1}
		}
		u.Settings = append(u.Settings, Parse("/"+file, data)...)
	}
	for _, folder := range configFolders() {
		file := folder + "/" + name
		if _, err := fs.Lstat(host, file); err == nil {
			take(file, true)
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			u.Reason = "/" + file + " cannot be read: " + err.Error()
		}
	}
	dropIns := map[string]string{}
	for _, folder := range configFolders() {
		entries, err := fs.ReadDir(host, folder+"/"+name+".d")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			u.Reason = "/" + folder + "/" + name + ".d cannot be read"
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), ".conf") && dropIns[e.Name()] == "" {
				dropIns[e.Name()] = folder + "/" + name + ".d/" + e.Name()
			}
		}
	}
	for _, each := range fact.SortedKeys(dropIns) {
		take(dropIns[each], false)
	}
	return u, files
}

func configFolders() []string {
	return []string{"etc", "run", "usr/local/lib", "usr/lib", "lib"}
}

// Bool reads a truth value as systemd does; an empty one is not known.
func Bool(s string) (value, known bool) {
	if s == "" {
		return false, false
	}
	return boolean(s)
}
