package conftest

import (
	"archive/tar"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/bundle"
)

// signer signs bundles as "opa sign" does.
type signer struct {
	private, public string // PEM
}

func newSigner(t *testing.T) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return signer{
		string(pem.EncodeToMemory(&pem.Block{Type: "EC " + "PRIVATE KEY", Bytes: private})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})),
	}
}

// sign returns the files with their signature.
func (s signer) sign(t *testing.T, files map[string]string, id, scope string) map[string]string {
	t.Helper()
	hasher, err := bundle.NewSignatureHasher(bundle.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	var infos []bundle.FileInfo
	for _, name := range slices.Sorted(maps.Keys(files)) {
		var value any = []byte(files[name])
		if strings.HasSuffix(name, ".json") {
			if err := json.Unmarshal([]byte(files[name]), &value); err != nil {
				t.Fatal(err)
			}
		}
		sum, err := hasher.HashFile(value)
		if err != nil {
			t.Fatal(err)
		}
		infos = append(infos, bundle.NewFile(name, hex.EncodeToString(sum), "SHA-256"))
	}
	claims := filepath.Join(t.TempDir(), "claims.json")
	if err := os.WriteFile(claims, fmt.Appendf(nil, `{"scope": %q}`, scope), 0o600); err != nil {
		t.Fatal(err)
	}
	token, err := bundle.GenerateSignedToken(infos, bundle.NewSigningConfig(s.private, "ES256", claims), id)
	if err != nil {
		t.Fatal(err)
	}
	signed := maps.Clone(files)
	signed[".signatures.json"] = fmt.Sprintf(`{"signatures": [%q]}`, token)
	return signed
}

func writeTree(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSignatures holds that with a key nothing is used that this key has not signed:
// neither what is pulled or updated nor the folders that are named, and that nothing
// of what is refused is written.
func TestSignatures(t *testing.T) {
	t.Chdir(t.TempDir())
	ours, theirs := newSigner(t), newSigner(t)
	writeTree(t, ".", map[string]string{"key.pem": ours.public, "in.json": "{}\n"})
	files := map[string]string{
		"main/p.rego":      "package main\n\ndeny contains \"x\"\n",
		"main/p_test.rego": "package main\n\ntest_x if count(deny) == 1\n",
		"data.json":        `{"a": 1}`,
	}
	good := ours.sign(t, files, "default", "prod")
	with := func(name, text string) map[string]string {
		changed := maps.Clone(good)
		if changed[name] = text; text == "" {
			delete(changed, name)
		}
		return changed
	}
	foreign := theirs.sign(t, files, "default", "prod")
	swapped := with(".signatures.json", foreign[".signatures.json"])
	token := strings.Split(good[".signatures.json"], ".")
	none := with(".signatures.json", `{"signatures": ["eyJhbGciOiJub25lIn0.`+token[1]+`."]}`)
	cases := []struct {
		name  string
		files map[string]string
		want  string // "" is none
		flags string
	}{
		{"good", good, "", "--scope prod"},
		{"spaces in data", with("data.json", "{ \"a\":1 }\n"), "", "--scope prod"},
		{"excluded", with("README", "hello"), "", "--scope prod --exclude-files-verify README"},
		{"unsigned", files, "missing .signatures.json", "--scope prod"},
		{"other key", swapped, "failed to verify JWT signature", "--scope prod"},
		{"no algorithm", none, "failed to verify JWT signature", "--scope prod"},
		{"no signatures", with(".signatures.json", `{"signatures": []}`), "missing", "--scope prod"},
		{"garbage", with(".signatures.json", "<html>"), "signatures decode", "--scope prod"},
		{"garbage token", with(".signatures.json", `{"signatures": ["a.b.c"]}`), "JWT", "--scope prod"},
		{"other verifier", with(".signatures.json", strings.Replace(good[".signatures.json"], "{", `{"plugin": "mine", `, 1)), "no verifier exists", "--scope prod"},
		{"changed policy", with("main/p.rego", "package main\n"), "main/p.rego: digest mismatch", "--scope prod"},
		{"changed data", with("data.json", `{"a": 2}`), "data.json: digest mismatch", "--scope prod"},
		{"added policy", with("main/q.rego", "package main\n"), "main/q.rego not included in bundle signature", "--scope prod"},
		{"added file", with("README", "hello"), "README not included in bundle signature", "--scope prod"},
		{"hidden file in a file's place", moved(good, "main/p.rego", "main/.p.rego"), "main/.p.rego not included", "--scope prod"},
		{"hidden folder", moved(good, "main/p.rego", ".main/p.rego"), ".main/p.rego not included", "--scope prod"},
		{"removed file", with("data.json", ""), "not found", "--scope prod"},
		{"a patch, which cannot be signed", with("patch.json", `{"data": [{"op": "upsert", "path": "/a", "value": 1}]}`), "delta bundles do not support", "--scope prod"},
		{"other scope", good, "scope mismatch", "--scope test"},
		{"no scope", good, "scope mismatch", ""},
		{"other key id", good, "", "--scope prod --verification-key-id another"}, // the name is the caller's
		{"other algorithm", good, "failed to verify JWT signature", "--scope prod --signing-alg RS256"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := packedTree(t, c.files)
			writeTree(t, ".", map[string]string{"bundle.tar.gz": string(text)})
			writeTree(t, "here", c.files)
			t.Cleanup(func() {
				for _, folder := range []string{"here", "policy", "updated"} {
					os.RemoveAll(folder)
				}
			})
			flags := strings.Fields("--verification-key key.pem --signing-alg ES256 " + c.flags)
			for _, command := range []string{"pull bundle.tar.gz", "test -p updated --update bundle.tar.gz in.json", "test -p here in.json", "verify -p here"} {
				out, errs, status := face(t, append(strings.Fields(command), flags...)...)
				switch {
				case c.want != "":
					if status != 1 || out != "" || !strings.Contains(errs, c.want) {
						t.Errorf("%s: status %d, want 1 with %q\n%s%s", command, status, c.want, out, errs)
					}
				case strings.HasPrefix(command, "test"):
					if status != 1 || !strings.Contains(out, "1 failure") {
						t.Errorf("%s: status %d\n%s%s", command, status, out, errs)
					}
				default:
					if status != 0 {
						t.Errorf("%s: status %d\n%s%s", command, status, out, errs)
					}
				}
			}
			if c.want != "" && (tree(t, "policy") != nil || tree(t, "updated") != nil) {
				t.Error("what was refused was written")
			}
		})
	}
}

func moved(files map[string]string, from, to string) map[string]string {
	changed := maps.Clone(files)
	changed[to] = changed[from]
	delete(changed, from)
	return changed
}

// packedTree packs files as OPA does.
func packedTree(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var all []tar.Header
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, entry("/"+name, files[name]))
	}
	return packed(t, all...)
}

// TestSignatureOfWhat holds what a key cannot be used for.
func TestSignatureOfWhat(t *testing.T) {
	t.Chdir(t.TempDir())
	s := newSigner(t)
	files := s.sign(t, map[string]string{"p.rego": "package main\n"}, "default", "")
	writeTree(t, "signed", files)
	writeTree(t, ".", map[string]string{"key.pem": s.public, "in.json": "{}\n", "other.rego": "package main\n"})
	key := []string{"--verification-key", "key.pem", "--signing-alg", "ES256"}
	succeed(t, append(key, "test", "in.json", "-p", "signed")...)
	fail(t, "a signature covers a folder", append(key, "test", "in.json", "-p", "signed/p.rego")...)
	fail(t, "a signature covers one source", append(key, "pull", "signed", "signed")...)
	fail(t, "missing .signatures.json", append(key, "pull", "other.rego")...)
	fail(t, "says nothing without --verification-key", "test", "in.json", "-p", "signed", "--scope", "prod")
	fail(t, "--verification-key is empty", "test", "in.json", "-p", "signed", "--verification-key", "")
	fail(t, "verify", "test", "in.json", "-p", "signed", "--verification-key", "no-such-file.pem", "--signing-alg", "ES256")
	if err := os.Symlink("../other.rego", "signed/link.rego"); err != nil {
		t.Fatal(err)
	}
	fail(t, "link.rego is a link or a device", append(key, "test", "in.json", "-p", "signed")...)
}
