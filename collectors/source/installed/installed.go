// Package installed says which installed package a file belongs to, from the databases
// of package managers: dpkg's and apk's. No package manager is run.
package installed

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors"
)

// Package is an installed package; the zero Package is none.
type Package struct{ Manager, Name, Version string }

const (
	dpkgInfo   = "var/lib/dpkg/info"
	dpkgStatus = "var/lib/dpkg/status"
	dpkgMoved  = "var/lib/dpkg/diversions"
	apkDB      = "lib/apk/db/installed"
)

// most bounds a file of a database.
const most = 64 << 20

// Owners finds the packages of files, which are absolute paths, in the file tree of a
// host. A file without an entry belongs to none; the reason says why that is not known.
func Owners(host fs.FS, files []string) (owners map[string]Package, reason string) {
	owners = map[string]Package{}
	if len(files) == 0 {
		return owners, ""
	}
	known := false
	if _, err := fs.Stat(host, dpkgInfo); err == nil {
		if err := dpkg(host, files, owners); err != nil {
			return nil, "the packages of dpkg cannot be read: " + err.Error()
		}
		known = true
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, "the packages of dpkg cannot be read"
	}
	data, err := collectors.ReadFile(host, apkDB, most)
	switch {
	case err == nil:
		err = apk(data, spelled(host, files), owners)
		known = true
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	}
	if err != nil {
		return nil, "the packages of apk cannot be read: " + err.Error()
	}
	for _, folder := range []string{"var/lib/rpm", "usr/lib/sysimage/rpm"} {
		for _, name := range []string{"rpmdb.sqlite", "Packages", "Packages.db"} {
			if _, err := fs.Stat(host, folder+"/"+name); err == nil {
				return nil, "the database of rpm is not read"
			}
		}
	}
	if !known {
		return nil, "no database of dpkg or apk is there"
	}
	return owners, ""
}

// spelled maps every spelling of the files to them: where /sbin is a link to usr/sbin, a
// package may list /sbin/sshd for what is /usr/sbin/sshd.
func spelled(host fs.FS, files []string) map[string]string {
	merged := map[string]bool{}
	names := make(map[string]string, 2*len(files))
	for _, f := range files {
		names[f] = f
		rest, ok := strings.CutPrefix(f, "/usr/")
		if !ok {
			continue
		}
		top, _, _ := strings.Cut(rest, "/")
		is, asked := merged[top]
		if !asked {
			to, err := fs.ReadLink(host, top)
			is = err == nil && path.Join("/", to) == "/usr/"+top
			merged[top] = is
		}
		if is {
			names["/"+rest] = f
		}
	}
	return names
}

// errList is a line of a database that cannot be read.
func errList(name string, line int) error {
	return fmt.Errorf("%s: line %d cannot be read", name, line)
}
