package terraform

import (
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// digest maps bytes to the text of their digest.
type digest func([]byte) string

// digests are the functions of that name and, with "file" before it, of files.
func digests() map[string]digest {
	inHex := func(sum []byte) string { return hex.EncodeToString(sum) }
	in64 := func(sum []byte) string { return base64.StdEncoding.EncodeToString(sum) }
	return map[string]digest{
		"md5":          func(b []byte) string { s := md5.Sum(b); return inHex(s[:]) },
		"sha1":         func(b []byte) string { s := sha1.Sum(b); return inHex(s[:]) },
		"sha256":       func(b []byte) string { s := sha256.Sum256(b); return inHex(s[:]) },
		"sha512":       func(b []byte) string { s := sha512.Sum512(b); return inHex(s[:]) },
		"base64sha256": func(b []byte) string { s := sha256.Sum256(b); return in64(s[:]) },
		"base64sha512": func(b []byte) string { s := sha512.Sum512(b); return in64(s[:]) },
	}
}

func digestFunctions() map[string]function.Function {
	table := map[string]function.Function{
		"uuidv5":     textFunction([]string{"namespace", "name"}, func(a []string) (string, error) { return uuidV5(a[0], a[1]) }),
		"rsadecrypt": rsaDecryptFunction(),
	}
	for name, d := range digests() {
		table[name] = textFunction([]string{"str"}, func(a []string) (string, error) { return d([]byte(a[0])), nil })
	}
	return table
}

// uuidV5 is the name-based UUID of RFC 9562, section 5.5.
func uuidV5(namespace, name string) (string, error) {
	ids := map[string]string{
		"dns":  "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
		"url":  "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
		"oid":  "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
		"x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
	}
	id, named := ids[namespace]
	if !named {
		id = namespace
	}
	space, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(space) != 16 || len(id) != 36 {
		return "", fmt.Errorf("uuidv5() doesn't support namespace %s", namespace)
	}
	sum := sha1.Sum(append(space, name...))
	u := sum[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:]), nil
}

// rsaDecryptFunction decrypts with a key in PEM; formats other than PKCS 1 and
// PKCS 8 give an unknown.
func rsaDecryptFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("ciphertext", cty.String), parameter("privatekey", cty.String)},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			cipher, err := base64.StdEncoding.DecodeString(args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "failed to decode input: cipher text must be base64-encoded")
			}
			key, err := privateKey(args[1].AsString())
			if err != nil {
				return unknownBecause(cty.String, "rsadecrypt: "+err.Error()), nil
			}
			text, err := rsa.DecryptPKCS1v15(nil, key, cipher)
			if err != nil {
				return cty.NilVal, errors.New("failed to decrypt: invalid cipher text")
			}
			return cty.StringVal(string(text)), nil
		},
	})
}

func privateKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the key is not in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		if key, ok := key.(*rsa.PrivateKey); ok {
			return key, nil
		}
	}
	return nil, errors.New("the key is in a format that is not read")
}
