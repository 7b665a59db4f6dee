package installed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
)

// dpkg finds files in the lists that dpkg keeps of each package, one path a line.
func dpkg(host fs.FS, files []string, owners map[string]Package) error {
	names := spelled(host, files)
	data, err := collectors.ReadFile(host, dpkgMoved, most)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	moved, err := parseDiversions(data)
	if err != nil {
		return err
	}
	info, err := fs.Sub(host, dpkgInfo)
	if err != nil {
		return err
	}
	if c, ok := info.(io.Closer); ok {
		defer c.Close()
	}
	entries, err := listing(info)
	if err != nil {
		return err
	}
	// A file that was moved aside is in its package's list by its former name, and what
	// stands there belongs to who moved it.
	from, by := map[string]string{}, map[string]string{}
	for _, d := range moved {
		if f, ok := names[d.to]; ok {
			from[d.from] = f
		}
		if f, ok := names[d.from]; ok {
			by[f] = d.by
		}
	}
	var lengths [1 << 12]bool // of what is looked for: most lines are none of it
	for _, sought := range []map[string]string{from, names} {
		for name := range sought {
			lengths[len(name)%len(lengths)] = true
		}
	}
	lists := map[string]string{} // file → package
	var buffer bytes.Buffer
	buffer.Grow(1 << 20)
	slices.Sort(entries)
	for _, e := range entries {
		name, ok := strings.CutSuffix(e, ".list")
		if !ok {
			continue
		}
		buffer.Reset()
		if err := readInto(&buffer, info, e); err != nil {
			return fmt.Errorf("%s: %w", e, err)
		}
		plain, _, _ := strings.Cut(name, ":")
		eachLine(buffer.Bytes(), func(line []byte) {
			if !lengths[len(line)%len(lengths)] {
				return
			}
			if f, ok := from[string(line)]; ok && by[f] == "" {
				lists[f] = name
			}
			if f, ok := names[string(line)]; ok && (by[f] == "" || by[f] == plain) {
				lists[f] = name
			}
		})
	}
	if len(lists) == 0 {
		return nil
	}
	status, err := collectors.ReadFile(host, dpkgStatus, most)
	if err != nil {
		return err
	}
	versions := parseStatus(status)
	for f, name := range lists {
		plain, _, _ := strings.Cut(name, ":")
		version, ok := versions[name]
		if !ok {
			version, ok = versions[plain]
		}
		if ok { // else it was removed, and its list is of what it left
			owners[f] = Package{"dpkg", plain, version}
		}
	}
	return nil
}

// listing names the files of a folder.
func listing(folder fs.FS) ([]string, error) {
	f, err := folder.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if d, ok := f.(interface{ Readdirnames(int) ([]string, error) }); ok {
		return d.Readdirnames(-1) // without asking for each what it is
	}
	entries, err := fs.ReadDir(folder, ".")
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func readInto(b *bytes.Buffer, fsys fs.FS, name string) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if n, err := b.ReadFrom(io.LimitReader(f, most)); err != nil || n == most {
		return errors.Join(err, errors.New("too large"))
	}
	return nil
}

// eachLine calls f with each line, without its end.
func eachLine(data []byte, f func([]byte)) {
	for len(data) > 0 {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		f(line)
	}
}

// parseStatus reads the version of every installed package, by "name" and "name:arch".
func parseStatus(data []byte) map[string]string {
	versions := map[string]string{}
	var name, arch, version string
	installed := false
	end := func() {
		if installed && name != "" {
			versions[name] = version
			versions[name+":"+arch] = version
		}
		name, arch, version, installed = "", "", "", false
	}
	eachLine(data, func(line []byte) {
		if len(line) == 0 {
			end()
			return
		}
		for _, f := range []struct {
			key string
			to  *string
		}{{"Package: ", &name}, {"Architecture: ", &arch}, {"Version: ", &version}} {
			if v, ok := bytes.CutPrefix(line, []byte(f.key)); ok {
				*f.to = strings.TrimSpace(string(v))
				return
			}
		}
		if v, ok := bytes.CutPrefix(line, []byte("Status: ")); ok {
			f := bytes.Fields(v)
			// Of one that is half removed the files may still be there.
			installed = len(f) == 3 && string(f[2]) != "not-installed" && string(f[2]) != "config-files"
		}
	})
	end()
	return versions
}

// diversion is a file that dpkg puts elsewhere, unless it is of the package by; ":" is
// the administrator.
type diversion struct{ from, to, by string }

// parseDiversions reads three lines for each.
func parseDiversions(data []byte) ([]diversion, error) {
	var lines []string
	eachLine(data, func(line []byte) { lines = append(lines, string(line)) })
	if len(lines)%3 != 0 {
		return nil, errList("diversions", len(lines))
	}
	var out []diversion
	for ; len(lines) > 0; lines = lines[3:] {
		out = append(out, diversion{lines[0], lines[1], lines[2]})
	}
	return out, nil
}
