package installed

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
)

// The lists of dpkg, with links of a merged /usr, a package that was removed, and files
// that were moved aside.
func TestDpkg(t *testing.T) {
	host := fstest.MapFS{
		"sbin":                            {Data: []byte("usr/sbin"), Mode: os.ModeSymlink | 0o777},
		"bin":                             {Mode: os.ModeDir | 0o755},
		"var/lib/dpkg/info/ssh.list":      {Data: []byte("/.\n/usr\n/sbin/sshd\n")},
		"var/lib/dpkg/info/web:i386.list": {Data: []byte("/usr/sbin/web\n/usr/bin/tool\n")},
		"var/lib/dpkg/info/gone.list":     {Data: []byte("/usr/sbin/gone\n")},
		"var/lib/dpkg/info/own.list":      {Data: []byte("/usr/bin/tool\n/bin/other")},
		"var/lib/dpkg/diversions":         {Data: []byte("/usr/bin/tool\n/usr/bin/tool.web\nown\n")},
		"var/lib/dpkg/status": {Data: []byte("Package: ssh\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:9.2p1-2\n\n" +
			"Package: web\nStatus: install ok installed\nArchitecture: i386\nVersion: 2\nDescription: a\n Package: x\n\n" +
			"Package: gone\nStatus: deinstall ok config-files\nVersion: 3\n\nPackage: own\nStatus: install ok unpacked\nVersion: 4")},
	}
	got, reason := Owners(host, []string{"/usr/sbin/sshd", "/usr/sbin/web", "/usr/sbin/gone", "/usr/bin/tool", "/usr/bin/tool.web", "/usr/bin/other", "/opt/x"})
	want := map[string]Package{
		"/usr/sbin/sshd": {"dpkg", "ssh", "1:9.2p1-2"}, "/usr/sbin/web": {"dpkg", "web", "2"},
		"/usr/bin/tool": {"dpkg", "own", "4"}, "/usr/bin/tool.web": {"dpkg", "web", "2"},
	}
	if diff := cmp.Diff(want, got); diff != "" || reason != "" {
		t.Errorf("reason %q (-want +got)\n%s", reason, diff)
	}
}

func TestApk(t *testing.T) {
	host := fstest.MapFS{"lib/apk/db/installed": {Data: []byte("C:Q1\nP:nginx\nV:1.28.0-r1\nF:usr/sbin\nR:nginx\na:0:0:755\nF:\nR:top\n\nP:x\nV:1\nR:nginx\n")}}
	got, reason := Owners(host, []string{"/usr/sbin/nginx", "/top", "/nginx", "/etc/none"})
	want := map[string]Package{"/usr/sbin/nginx": {"apk", "nginx", "1.28.0-r1"}, "/top": {"apk", "nginx", "1.28.0-r1"}, "/nginx": {"apk", "x", "1"}}
	if diff := cmp.Diff(want, got); diff != "" || reason != "" {
		t.Errorf("reason %q (-want +got)\n%s", reason, diff)
	}
}

// What cannot be read is not "no package".
func TestReasons(t *testing.T) {
	for want, host := range map[string]fstest.MapFS{
		"no database of dpkg or apk is there":                                    {},
		"the database of rpm is not read":                                        {"var/lib/rpm/rpmdb.sqlite": {}},
		"the packages of apk cannot be read: installed: line 1 cannot be read":   {"lib/apk/db/installed": {Data: []byte("?\n")}},
		"the packages of dpkg cannot be read: diversions: line 1 cannot be read": {"var/lib/dpkg/info/a.list": {}, "var/lib/dpkg/diversions": {Data: []byte("/a\n")}},
		"the packages of dpkg cannot be read: file does not exist":               {"var/lib/dpkg/info/a.list": {Data: []byte("/a\n")}},
	} {
		if got, reason := Owners(host, []string{"/a"}); reason != want || got != nil {
			t.Errorf("reason %q, want %q; %v", reason, want, got)
		}
	}
}

// dpkg itself says the same.
func TestDpkgOracle(t *testing.T) {
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		t.Skip("no dpkg here: nothing was compared")
	}
	files := []string{"/usr/bin/dpkg", "/usr/bin/bash", "/usr/bin/login", "/usr/bin/mawk", "/usr/bin/git", "/usr/bin/none-such"}
	h, err := collectors.OpenHost("")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	start := time.Now()
	got, reason := Owners(h.Files, files)
	t.Log(time.Since(start))
	if reason != "" {
		t.Fatal(reason)
	}
	for _, f := range files {
		var want Package
		name := f
		out, err := exec.Command("dpkg-query", "-S", f).Output()
		if err != nil {
			name = strings.TrimPrefix(f, "/usr") // as the package spells it
			out, err = exec.Command("dpkg-query", "-S", name).Output()
		}
		if err == nil {
			pkg, _, _ := strings.Cut(strings.TrimSpace(string(out)), ": ")
			version, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", pkg).Output()
			if err != nil {
				t.Fatal(err)
			}
			pkg, _, _ = strings.Cut(pkg, ":")
			want = Package{"dpkg", pkg, string(version)}
		}
		if got[f] != want {
			t.Errorf("%s is of %v, dpkg-query says %v", f, got[f], want)
		}
	}
}

func FuzzDatabases(f *testing.F) {
	f.Add([]byte("P:x\nV:1\nF:a\nR:b\n"), []byte("Package: a\nStatus: install ok installed\nVersion: 1\n"), []byte("/a\n/b\n:\n"))
	f.Fuzz(func(t *testing.T, list, status, moved []byte) {
		_ = apk(list, map[string]string{"/a/b": "/a/b"}, map[string]Package{})
		host := fstest.MapFS{dpkgInfo + "/a.list": {Data: list}, dpkgStatus: {Data: status}, dpkgMoved: {Data: moved}}
		owners, reason := Owners(host, []string{"/a"})
		for file, p := range owners {
			if file != "/a" || p.Name != "a" || reason != "" {
				t.Errorf("%s is of %v (%s)", file, p, reason)
			}
		}
	})
}
