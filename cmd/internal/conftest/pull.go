package conftest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/fetch"
	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
)

func newPull() *cobra.Command {
	c := &cobra.Command{
		Use:   "pull <repository>",
		Short: "Download individual policies",
		Long: `Fetches policies into the folder of --policy: layers or a bundle from an OCI
registry, a file or a .tar.gz over HTTPS, a file or a folder here. All of it arrives,
or nothing. Credentials for registries are those of docker's settings.`,
		Example: `  conftest pull registry.example.org/policies:v3
  conftest pull --verification-key key.pem https://example.org/bundle.tar.gz
  conftest pull -p policies file:///srv/policies`,
		RunE: runPull,
	}
	f := c.Flags()
	f.StringP("policy", "p", "policy", "Path to download the policies to")
	f.Bool("absolute-paths", false, "Preserve absolute paths in policy flag")
	fetchFlags(c)
	verificationFlags(c)
	return c
}

// fetchFlags are those of commands that speak to registries and to nothing else.
func fetchFlags(c *cobra.Command) {
	c.Flags().BoolP("tls", "s", true, "Use TLS to access the registry")
	c.Flags().Duration("timeout", fetchTimeout, "Bound on the whole transfer")
}

// fetchTimeout bounds what is fetched or pushed.
const fetchTimeout = 5 * time.Minute

func runPull(c *cobra.Command, args []string) error {
	if err := configure(c); err != nil {
		return err
	}
	if len(args) == 0 {
		return misused(c, "missing required arguments")
	}
	f := flags{c}
	folder := f.text("policy")
	if !f.is("absolute-paths") || !filepath.IsAbs(folder) {
		folder = filepath.Join(".", folder)
	}
	if err := f.fetch(c.Context(), folder, args, false); err != nil {
		return fmt.Errorf("download policies: %w", err)
	}
	return nil
}

// misused shows how a command is used.
func misused(c *cobra.Command, message string) error {
	if err := c.Usage(); err != nil {
		return err
	}
	return fmt.Errorf("%s", message)
}

func (f flags) fetch(ctx context.Context, folder string, sources []string, overwrite bool) error {
	verify, err := f.verifier()
	if err != nil {
		return err
	}
	o, err := f.fetching()
	if err != nil {
		return err
	}
	o.Overwrite, o.Verify = overwrite, verify
	return fetch.Get(ctx, folder, sources, o)
}

func (f flags) fetching() (fetch.Options, error) {
	o := fetch.Options{Agent: "conftest (writ)", Timeout: fetchTimeout}
	if f.c.Flags().Changed("tls") {
		plain := !f.is("tls")
		o.Plain = &plain
	}
	if name := f.c.Name(); name == "pull" || name == "push" {
		if o.Timeout = f.duration("timeout"); o.Timeout <= 0 {
			return o, fmt.Errorf("--timeout %s leaves no time", o.Timeout)
		}
	}
	return o, nil
}

func newPush() *cobra.Command {
	c := &cobra.Command{
		Use:   "push <repository>",
		Short: "Push OPA bundles to an OCI registry",
		Long: `Writes the policies and their data to an OCI registry, a layer each, under the
tag that is named or "latest". Policies that do not compile are not pushed.`,
		Example: "  conftest push registry.example.org/policies:v3\n  conftest push -p policies -d data registry.example.org/policies",
		RunE:    runPush,
	}
	f := c.Flags()
	f.StringP("policy", "p", "policy", "Directory to push as a bundle")
	f.StringP("data", "d", "", "Directory containing data to include in the bundle, defaults to the value of the policy flag")
	f.String("rego-version", "v1", "Which version of Rego syntax to use. Options: v0, v1")
	fetchFlags(c)
	return c
}

func runPush(c *cobra.Command, args []string) error {
	if err := configure(c); err != nil {
		return err
	}
	switch {
	case len(args) == 0:
		return misused(c, "missing required arguments")
	case !strings.Contains(args[0], "/"):
		return misused(c, "destination url missing repository")
	}
	f := flags{c}
	policy, data := f.text("policy"), f.text("data")
	switch {
	case policy == "" && data == "":
		return fmt.Errorf("either policy or data must be set")
	case data == "":
		data = policy
	}
	address := strings.ReplaceAll(args[0], "oci://", "")
	if !strings.Contains(address[strings.LastIndex(address, "/"):], ":") {
		address += ":latest"
	}
	files, err := pushed(policy, data, f.text("rego-version"))
	if err != nil {
		return fmt.Errorf("push bundle: %w", err)
	}
	o, err := f.fetching()
	if err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), "pushing bundle to:", address)
	digest, err := fetch.Push(c.Context(), address, files, o)
	if err != nil {
		return fmt.Errorf("push bundle: %w", err)
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), "pushed bundle with digest:", digest)
	return err
}

// pushed returns the policies, which have to compile, and the data, which have to be read,
// in the order of their names.
func pushed(policy, data, version string) ([]fetch.File, error) {
	if policy != "" {
		o := judge.Options{Policies: []string{policy}, Data: []string{data}, RegoVersion: version, AllowNet: true, AllowEnv: true}
		if _, err := judge.Load(o); err != nil {
			return nil, err
		}
	}
	var files []fetch.File
	for _, kind := range []struct {
		folder string
		policy bool
		skip   func(string, fs.FileInfo, int) bool
	}{{policy, true, judge.NotPolicy}, {data, false, judge.NotData}} {
		if kind.folder == "" {
			continue
		}
		paths, err := loader.FilteredPaths([]string{kind.folder}, kind.skip)
		if err != nil {
			return nil, fmt.Errorf("list files: %w", err)
		}
		if !kind.policy {
			if _, err := loader.NewFileLoader().Filtered(paths, kind.skip); err != nil {
				return nil, fmt.Errorf("load documents: %w", err)
			}
		}
		slices.Sort(paths)
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("read file: %w", err)
			}
			files = append(files, fetch.File{Name: filepath.ToSlash(filepath.Clean(path)), Text: bytes.Clone(text), Policy: kind.policy})
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no files found in %s", data)
	}
	return files, nil
}
