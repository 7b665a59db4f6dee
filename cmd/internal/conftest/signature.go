package conftest

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/keys"
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
)

// verificationFlags are OPA's own for signed bundles.
func verificationFlags(c *cobra.Command) {
	f := c.Flags()
	f.String("verification-key", "", "Secret (HMAC) or path of the PEM file with the public key (RSA, ECDSA) that policies are signed with; what is not is refused")
	f.String("verification-key-id", "default", "Name of the verification key")
	f.String("signing-alg", "RS256", "Algorithm of the signature")
	f.String("scope", "", "Scope that the signature has to have")
	f.StringSlice("exclude-files-verify", []string{}, "Files that the signature does not have to cover")
}

// verifier returns what verifies the files of a signed bundle by OPA's rules, nil if the
// command line gives no key.
func (f flags) verifier() (func(fs.FS) error, error) {
	if !f.c.Flags().Changed("verification-key") {
		for _, name := range []string{"verification-key-id", "signing-alg", "scope", "exclude-files-verify"} {
			if f.c.Flags().Changed(name) {
				return nil, fmt.Errorf("--%s says nothing without --verification-key", name)
			}
		}
		return nil, nil
	}
	if f.text("verification-key") == "" {
		return nil, fmt.Errorf("--verification-key is empty")
	}
	id := f.text("verification-key-id")
	key, err := keys.NewKeyConfig(f.text("verification-key"), f.text("signing-alg"), f.text("scope"))
	if err != nil {
		return nil, fmt.Errorf("verification key: %w", err)
	}
	version, err := judge.Version(f.regoVersion())
	if err != nil {
		return nil, err
	}
	config := bundle.NewVerificationConfig(map[string]*bundle.KeyConfig{id: key}, id, f.text("scope"), f.list("exclude-files-verify"))
	return func(files fs.FS) error {
		// OPA passes over links; who loads policies follows them.
		err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && !entry.Type().IsRegular() {
				err = fmt.Errorf("%s is a link or a device, which no signature covers", path)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("verify signature: %w", err)
		}
		loader, err := bundle.NewFSLoader(files)
		if err != nil {
			return fmt.Errorf("verify signature: %w", err)
		}
		loader.WithPathFormat(bundle.SlashRooted) // the default one takes the dot off hidden files
		if _, err = bundle.NewCustomReader(loader).WithBundleVerificationConfig(config).WithRegoVersion(version).Read(); err != nil {
			return fmt.Errorf("verify signature: %w", err)
		}
		return nil
	}, nil
}

func (f flags) regoVersion() string {
	if f.c.Flags().Lookup("rego-version") == nil {
		return "v1"
	}
	return f.text("rego-version")
}

// verifyPolicies verifies the folders of the policies, each a signed bundle.
func (f flags) verifyPolicies() error {
	verify, err := f.verifier()
	if verify == nil || err != nil {
		return err
	}
	for _, folder := range f.list("policy") {
		if err := verifyFolder(folder, verify); err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
	}
	return nil
}

func verifyFolder(folder string, verify func(fs.FS) error) error {
	if info, err := os.Lstat(folder); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("a signature covers a folder, which this is not")
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	return verify(root.FS())
}
