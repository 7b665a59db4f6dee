package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/writ-policy/writ/collectors"
)

// Image is what a container was made of.
type Image struct {
	Name string // as it was asked for
	// Digest of its manifest, or its id where it comes from no registry.
	Digest       string
	NameReason   string
	DigestReason string
}

// mostState bounds a runtime's file.
const mostState = 64 << 20

// ImageOf reads the image of a container from the files that its runtime keeps on the
// host.
func ImageOf(host fs.FS, c Container) Image {
	var image Image
	var err error
	switch {
	case c.Claimed:
		err = errors.New("a service names its control groups itself")
	case c.Runtime == "docker":
		image, err = dockerImage(host, c.ID)
	case c.Runtime == "podman" || c.Runtime == "crio":
		image, err = storedImage(host, c.ID)
	case c.Runtime == "containerd" || c.Runtime == "cri":
		image, err = containerdImage(host, c.ID)
	default:
		err = errors.New("the files of " + c.Runtime + " are not read")
	}
	if err != nil {
		reason := "the image of the container is not known: " + err.Error()
		return Image{NameReason: reason, DigestReason: reason}
	}
	return image
}

// readJSON reads a file of a runtime.
func readJSON(host fs.FS, name string, into any) error {
	data, err := collectors.ReadFile(host, name, mostState)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		return fmt.Errorf("/%s: %w", name, err)
	}
	return nil
}

// dockerImage reads what Docker keeps of a container, and by which digests its image was
// pulled.
func dockerImage(host fs.FS, id string) (Image, error) {
	var container struct {
		Image  string
		Config struct{ Image string }
		// With the image store of containerd.
		ImageManifest *struct {
			Digest string `json:"digest"`
		}
	}
	if err := readJSON(host, "var/lib/docker/containers/"+id+"/config.v2.json", &container); err != nil {
		return Image{}, err
	}
	image := Image{Name: container.Config.Image, Digest: container.Image}
	if _, digest, ok := strings.Cut(image.Name, "@"); ok {
		image.Digest = digest
		return image, nil
	}
	if container.ImageManifest != nil {
		image.Digest = container.ImageManifest.Digest
		return image, nil
	}
	drivers, err := fs.ReadDir(host, "var/lib/docker/image")
	if err != nil {
		return image, nil
	}
	var digests []string
	for _, d := range drivers {
		var file struct{ Repositories map[string]map[string]string }
		if err := readJSON(host, "var/lib/docker/image/"+d.Name()+"/repositories.json", &file); err != nil {
			continue
		}
		for repository, names := range file.Repositories {
			for name, id := range names {
				_, digest, ok := strings.Cut(name, "@")
				tag, same := strings.CutPrefix(image.Name, repository)
				if ok && id == container.Image && same && (tag == "" || tag[0] == ':') {
					digests = append(digests, digest)
				}
			}
		}
	}
	switch {
	case len(digests) == 1:
		image.Digest = digests[0]
	case len(digests) > 1:
		image.Digest, image.DigestReason = "", "the image was pulled by several digests"
	}
	return image, nil
}

// storedImage reads the store that Podman and CRI-O share.
func storedImage(host fs.FS, id string) (Image, error) {
	const folder = "var/lib/containers/storage/"
	var containers []struct {
		ID    string `json:"id"`
		Image string `json:"image"`
	}
	if err := readJSON(host, folder+"overlay-containers/containers.json", &containers); err != nil {
		return Image{}, err
	}
	var images []struct {
		ID     string   `json:"id"`
		Digest string   `json:"digest"`
		Names  []string `json:"names"`
	}
	if err := readJSON(host, folder+"overlay-images/images.json", &images); err != nil {
		return Image{}, err
	}
	for _, c := range containers {
		for _, i := range images {
			if c.ID != id || i.ID != c.Image {
				continue
			}
			image := Image{Digest: i.Digest}
			if image.Digest == "" {
				image.Digest = "sha256:" + i.ID
			}
			if len(i.Names) == 1 {
				image.Name = i.Names[0]
			} else if len(i.Names) > 1 {
				image.NameReason = "the image has several names"
			}
			return image, nil
		}
	}
	return Image{}, errors.New("its store does not hold it")
}

// containerdImage reads the specification that a running container was started by. It
// names the image; its digest is in a database that is not read.
func containerdImage(host fs.FS, id string) (Image, error) {
	const folder = "run/containerd/io.containerd.runtime.v2.task"
	namespaces, err := fs.ReadDir(host, folder)
	if err != nil {
		return Image{}, fmt.Errorf("/%s cannot be read", folder)
	}
	for _, n := range namespaces {
		var spec struct {
			Annotations map[string]string `json:"annotations"`
		}
		err := readJSON(host, folder+"/"+n.Name()+"/"+id+"/config.json", &spec)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Image{}, err
		}
		image := Image{Name: spec.Annotations["io.kubernetes.cri.image-name"], DigestReason: "the database of containerd is not read"}
		if image.Name == "" {
			image.NameReason = image.DigestReason
		}
		if _, digest, ok := strings.Cut(image.Name, "@"); ok {
			image.Digest, image.DigestReason = digest, ""
		}
		return image, nil
	}
	return Image{}, errors.New("containerd has no such task")
}
