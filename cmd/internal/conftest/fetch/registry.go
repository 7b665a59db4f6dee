package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"strings"

	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
)

// Media types of what is kept in registries: conftest's and OPA's.
const (
	policyLayer  = "application/vnd.cncf.openpolicyagent.policy.layer.v1+rego"
	dataLayer    = "application/vnd.cncf.openpolicyagent.data.layer.v1+json"
	dockerImage  = "application/vnd.docker.distribution.manifest.v2+json"
	emptyConfig  = "application/vnd.unknown.config.v1+json"
	bundleSuffix = ".tar.gz"
)

// repository is a tag or a digest of a repository in an OCI registry.
type repository struct{ ref registry.Reference }

func (r repository) String() string { return "oci://" + r.ref.String() }
func (r repository) base() string {
	text := r.ref.String()
	return text[strings.LastIndex(text, "/")+1:]
}

// open makes a client of the repository. Credentials are those of docker's settings.
func (r repository) open(o Options) (*remote.Repository, func(), error) {
	repo := &remote.Repository{Reference: r.ref}
	repo.PlainHTTP = isLoopback(r.ref.Host())
	if o.Plain != nil {
		repo.PlainHTTP = *o.Plain
	}
	store, err := credentials.NewStoreFromDocker(credentials.StoreOptions{})
	if err != nil {
		return nil, nil, fmt.Errorf("credentials: %w", err)
	}
	client, closeIdle := newClient()
	authorized := &auth.Client{Client: client, Credential: credentials.Credential(store), Cache: auth.NewCache()}
	authorized.SetUserAgent(o.Agent)
	repo.Client = authorized
	return repo, closeIdle, nil
}

// fetch writes the layers that have names under these, as conftest pushes them, and
// unpacks a layer that is a bundle of OPA's.
func (r repository) fetch(ctx context.Context, s *stage, o Options) error {
	repo, closeIdle, err := r.open(o)
	if err != nil {
		return err
	}
	defer closeIdle()
	manifest, err := r.manifest(ctx, repo)
	if err != nil {
		return err
	}
	if len(manifest.Layers) > maxFiles {
		return fmt.Errorf("manifest: more than %d layers", maxFiles)
	}
	for _, layer := range manifest.Layers {
		if err := fetchLayer(ctx, s, repo, layer); err != nil {
			return fmt.Errorf("layer %.80q: %w", layer.Digest, err)
		}
	}
	return nil
}

func (r repository) manifest(ctx context.Context, repo *remote.Repository) (*ocispec.Manifest, error) {
	of, body, err := repo.Manifests().FetchReference(ctx, r.ref.Reference)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", plainly(err))
	}
	defer body.Close()
	const most = 4 << 20
	if of.Size > most {
		return nil, fmt.Errorf("manifest: more than %d MiB", most>>20)
	}
	if of.MediaType != ocispec.MediaTypeImageManifest && of.MediaType != dockerImage {
		return nil, fmt.Errorf("manifest: %.80q is not that of an artifact: name one by its digest", of.MediaType)
	}
	text, err := content.ReadAll(body, of)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	var m ocispec.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if m.SchemaVersion != 2 || m.MediaType != "" && m.MediaType != of.MediaType {
		return nil, fmt.Errorf("manifest: not of the form that %s has", of.MediaType)
	}
	return &m, nil
}

func fetchLayer(ctx context.Context, s *stage, repo *remote.Repository, layer ocispec.Descriptor) error {
	name := layer.Annotations[ocispec.AnnotationTitle]
	kind, _, err := mime.ParseMediaType(layer.MediaType)
	if err != nil {
		return fmt.Errorf("media type: %w", err)
	}
	bundle := (kind == ocispec.MediaTypeImageLayerGzip || strings.HasSuffix(kind, ".tar+gzip")) &&
		(name == "" || strings.HasSuffix(name, bundleSuffix))
	if name == "" && !bundle {
		return fmt.Errorf("a layer of the type %.80q that has no name is no policy", kind)
	}
	if layer.Size < 0 || layer.Size > maxPacked {
		return fmt.Errorf("more than %d MiB", maxPacked>>20)
	}
	if err := layer.Digest.Validate(); err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	if !bundle {
		if err := checkName(name); err != nil {
			return err
		}
	}
	body, err := repo.Blobs().Fetch(ctx, layer)
	if err != nil {
		return plainly(err)
	}
	defer body.Close()
	text, err := content.ReadAll(body, layer)
	if err != nil {
		return err
	}
	if bundle {
		return unpack(ctx, s, bytes.NewReader(text))
	}
	return s.write(name, bytes.NewReader(text), layer.Size)
}

// File is a file that is pushed.
type File struct {
	Name   string // a path beneath a folder, with slashes
	Text   []byte
	Policy bool // data, if not
}

// Push writes files to a repository, a layer each, as conftest does, in their order, and
// returns the digest of the manifest. The same files have the same digest.
func Push(ctx context.Context, address string, files []File, o Options) (string, error) {
	for _, f := range files {
		if err := checkName(f.Name); err != nil {
			return "", fmt.Errorf("%w: push from a folder above it", err)
		}
	}
	from, err := parseRepository(strings.TrimPrefix(address, "oci://"))
	if err != nil {
		return "", err
	}
	to := from.(repository)
	if _, err := to.ref.Digest(); err == nil {
		return "", fmt.Errorf("%s: what is pushed is named by a tag", address)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("not pushed within %s", o.Timeout))
	defer cancel()
	repo, closeIdle, err := to.open(o)
	if err != nil {
		return "", err
	}
	defer closeIdle()
	digest, err := to.push(ctx, repo, files)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return digest, err
}

func (r repository) push(ctx context.Context, repo *remote.Repository, files []File) (string, error) {
	manifest := ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}}
	for _, f := range files {
		kind := dataLayer
		if f.Policy {
			kind = policyLayer
		}
		layer, err := pushBlob(ctx, repo, kind, f.Text)
		if err != nil {
			return "", fmt.Errorf("push %s: %w", f.Name, err)
		}
		layer.Annotations = map[string]string{ocispec.AnnotationTitle: f.Name}
		manifest.Layers = append(manifest.Layers, layer)
	}
	var err error
	if manifest.Config, err = pushBlob(ctx, repo, emptyConfig, []byte("{}")); err != nil {
		return "", fmt.Errorf("push settings: %w", err)
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		return "", err
	}
	of := content.NewDescriptorFromBytes(ocispec.MediaTypeImageManifest, text)
	if err := repo.Manifests().PushReference(ctx, of, bytes.NewReader(text), r.ref.Reference); err != nil {
		return "", fmt.Errorf("push manifest: %w", plainly(err))
	}
	return of.Digest.String(), nil
}

// pushBlob writes a blob that is not there.
func pushBlob(ctx context.Context, repo *remote.Repository, kind string, text []byte) (ocispec.Descriptor, error) {
	of := content.NewDescriptorFromBytes(kind, text)
	if there, err := repo.Blobs().Exists(ctx, of); err != nil || there {
		return of, plainly(err)
	}
	return of, plainly(repo.Blobs().Push(ctx, of, bytes.NewReader(text)))
}
