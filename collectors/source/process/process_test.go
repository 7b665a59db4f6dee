package process

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
const other = "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// Units and containers by control groups. What a service or a container names itself
// is not taken for another's.
func TestGroups(t *testing.T) {
	for groups, want := range map[string]struct {
		unit      string
		container Container
	}{
		"0::/system.slice/nginx.service\n":                                      {unit: "nginx.service"},
		"0::/system.slice/system-postgresql.slice/postgresql@17-main.service\n": {unit: "postgresql@17-main.service"},
		"0::/system.slice/evil.service/nginx.service\n":                         {unit: "evil.service"},
		"0::/system.slice/_cpu.service\n":                                       {unit: "cpu.service"},
		"0::/init.scope\n":                                                      {},
		"0::/\n":                                                                {},
		"":                                                                      {},
		"0::/user.slice/user-1000.slice/session-3.scope\n":                                                            {},
		"0::/user.slice/user-1000.slice/session-3.scope/nginx.service\n":                                              {},
		"0::/user.slice/user-1000.slice/user@1000.service/app.slice/nginx.service\n":                                  {unit: "user@1000.service/nginx.service"},
		"0::/user.slice/user-1000.slice/user@1000.service/init.scope\n":                                               {unit: "user@1000.service"},
		"0::/system.slice/docker-" + id + ".scope\n":                                                                  {container: Container{Runtime: "docker", ID: id}},
		"0::/system.slice/docker-" + id + ".scope/docker/" + other + "\n":                                             {container: Container{Runtime: "docker", ID: id}},
		"0::/system.slice/evil.service/docker-" + id + ".scope\n":                                                     {unit: "evil.service", container: Container{Runtime: "docker", ID: id, Claimed: true}},
		"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-" + id + ".scope\n": {container: Container{Runtime: "containerd", ID: id}},
		"0::/kubepods/burstable/pod1-2/" + id + "\n":                                                                  {container: Container{Runtime: "cri", ID: id}},
		"0::/system.slice/kubepods-pod1.slice:cri-containerd:" + id + "\n":                                            {container: Container{Runtime: "containerd", ID: id}},
		"0::/machine.slice/libpod-" + id + ".scope/container\n":                                                       {container: Container{Runtime: "podman", ID: id}},
		"0::/machine.slice/libpod-conmon-" + id + ".scope\n":                                                          {},
		"0::/machine.slice/crio-" + id + ".scope\n":                                                                   {container: Container{Runtime: "crio", ID: id}},
		"0::/lxc.payload.web\n": {container: Container{Runtime: "lxc", ID: "web"}},
		"5:memory:/docker/" + id + "\n1:name=systemd:/docker/" + id + "\n0::/\n": {container: Container{Runtime: "docker", ID: id}},
		"4:memory:/x\n1:name=systemd:/system.slice/a.service\n0::/\n":            {unit: "a.service"},
		"0::/system.slice/b.service\n1:name=systemd:/system.slice/a.service\n":   {unit: "a.service"},
		"0::/system.slice/docker-0123.scope\n":                                   {},
		"0::/system.slice/../../x\n0::/a\x00b\xff.service\nnonsense\n":           {},
	} {
		unit, all := parseGroups([]byte(groups))
		if got := Unit(unit); got != want.unit {
			t.Errorf("unit of %q is %q, want %q", groups, got, want.unit)
		}
		if diff := cmp.Diff(want.container, ContainerOf(all)); diff != "" {
			t.Errorf("container of %q (-want +got)\n%s", groups, diff)
		}
	}
}

func TestParse(t *testing.T) {
	if n, err := parseStart([]byte("7 (a) b) c (d) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20\n")); n != 4242 || err != nil {
		t.Errorf("start %d, %v", n, err)
	}
	if b, err := parseBoot([]byte("cpu 1\nbtime 1700000000\n")); !b.Equal(time.Unix(1700000000, 0)) || err != nil {
		t.Errorf("boot %v, %v", b, err)
	}
	if u, err := parseUser([]byte("Name:\tUid:\nUid:\t1\t2\t3\t4\n")); u != 2 || err != nil {
		t.Errorf("user %d, %v", u, err)
	}
	users := ParseUsers([]byte("root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n#a:x:1:1:\n+::::\nbroken\nweb:x:33:33\n"))
	if users.Name(0) != "root" || users.Name(33) != "web" || users.Name(1) != "1" {
		t.Errorf("users %v", users)
	}
	if u, ok := within([]byte("         0     100000      65536\n"), 100999); u != 999 || !ok {
		t.Errorf("within %d, %v", u, ok)
	}
	if _, ok := within([]byte("0 100000 65536\n"), 99999); ok {
		t.Error("a user outside was mapped")
	}
}

// Images from the files of runtimes; these are synthetic.
func TestImages(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	digest := "sha256:" + strings.Repeat("1", 64)
	docker := "var/lib/docker/containers/" + id + "/config.v2.json"
	repositories := "var/lib/docker/image/overlay2/repositories.json"
	for _, c := range []struct {
		name, runtime string
		host          fstest.MapFS
		want          Image
	}{
		{"pulled", "docker", fstest.MapFS{docker: file(`{"Image":"sha256:22","Config":{"Image":"nginx:1"}}`),
			repositories: file(`{"Repositories":{"nginx":{"nginx:1":"sha256:22","nginx@` + digest + `":"sha256:22"},"x":{"x@sha256:3":"sha256:22"}}}`)}, Image{Name: "nginx:1", Digest: digest}},
		{"built here", "docker", fstest.MapFS{docker: file(`{"Image":"sha256:22","Config":{"Image":"own"}}`)}, Image{Name: "own", Digest: "sha256:22"}},
		{"twice", "docker", fstest.MapFS{docker: file(`{"Image":"sha256:22","Config":{"Image":"a"}}`),
			repositories: file(`{"Repositories":{"a":{"a@sha256:1":"sha256:22","a@sha256:2":"sha256:22"}}}`)}, Image{Name: "a", DigestReason: "the image was pulled by several digests"}},
		{"manifest", "docker", fstest.MapFS{docker: file(`{"Image":"sha256:22","Config":{"Image":"a"},"ImageManifest":{"digest":"sha256:9"}}`)}, Image{Name: "a", Digest: "sha256:9"}},
		{"by digest", "docker", fstest.MapFS{docker: file(`{"Image":"sha256:22","Config":{"Image":"a@sha256:5"}}`)}, Image{Name: "a@sha256:5", Digest: "sha256:5"}},
		{"podman", "podman", fstest.MapFS{"var/lib/containers/storage/overlay-containers/containers.json": file(`[{"id":"` + id + `","image":"i"}]`),
			"var/lib/containers/storage/overlay-images/images.json": file(`[{"id":"i","digest":"sha256:7","names":["q.example/a:1"]}]`)}, Image{Name: "q.example/a:1", Digest: "sha256:7"}},
		{"containerd", "containerd", fstest.MapFS{"run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id + "/config.json": file(`{"annotations":{"io.kubernetes.cri.image-name":"q.example/a:1"}}`)},
			Image{Name: "q.example/a:1", DigestReason: "the database of containerd is not read"}},
		{"no state", "docker", fstest.MapFS{}, Image{NameReason: "the image of the container is not known: /" + docker + ": file does not exist", DigestReason: "the image of the container is not known: /" + docker + ": file does not exist"}},
	} {
		if diff := cmp.Diff(c.want, ImageOf(c.host, Container{Runtime: c.runtime, ID: id})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("0::/system.slice/a.service\n"))
	f.Add([]byte("7 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20\n"))
	f.Add([]byte("root:x:0:0::/:/bin/sh\nUid: 1 2 3 4\nbtime 1\n0 1 2\n"))
	f.Add([]byte(`{"Image":"sha256:22","Config":{"Image":"a"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		unit, all := parseGroups(data)
		if name := Unit(unit); strings.Contains(name, "\n") || strings.Count(name, "/") > 1 {
			t.Errorf("unit %q", name)
		}
		if c := ContainerOf(all); (c.Runtime == "") != (c.ID == "") {
			t.Errorf("container %+v", c)
		}
		parseStart(data)
		parseBoot(data)
		parseUser(data)
		ParseUsers(data)
		within(data, 7)
		remote(data)
		ImageOf(fstest.MapFS{"var/lib/docker/containers/" + id + "/config.v2.json": {Data: data}}, Container{Runtime: "docker", ID: id})
	})
}
