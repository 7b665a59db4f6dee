package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// download is a file on a web server.
type download struct {
	url      *url.URL
	name     string
	packed   bool
	checksum *checksum
}

func (d download) String() string { return d.url.Redacted() }
func (d download) base() string   { return d.name }

func (d download) fetch(ctx context.Context, s *stage, o Options) error {
	client, closeIdle := newClient()
	defer closeIdle()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url.String(), nil)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", o.Agent)
	response, err := client.Do(request)
	if err != nil {
		return plainly(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server says %q", response.Status)
	}
	if kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err == nil && kind == "text/html" {
		return fmt.Errorf("the server gives a web page")
	}
	// All of it is read before any of it is believed.
	text, err := io.ReadAll(io.LimitReader(response.Body, maxPacked+1))
	switch {
	case err != nil:
		return err
	case len(text) > maxPacked:
		return fmt.Errorf("more than %d MiB", maxPacked>>20)
	}
	if err := d.checksum.check(text); err != nil {
		return err
	}
	if d.packed {
		return unpack(ctx, s, bytes.NewReader(text))
	}
	return s.write(d.name, bytes.NewReader(text), int64(len(text)))
}

// checksum is what an address says of the file behind it.
type checksum struct {
	hash hash.Hash
	want []byte
}

// parseChecksum reads "sha256:…", "sha512:…" or a digest of either length; nil for none.
func parseChecksum(text string) (*checksum, error) {
	if text == "" {
		return nil, nil
	}
	kind, digits, ok := strings.Cut(text, ":")
	if !ok {
		kind, digits = map[int]string{64: "sha256", 128: "sha512"}[len(text)], text
	}
	var c checksum
	switch kind {
	case "sha256":
		c.hash = sha256.New()
	case "sha512":
		c.hash = sha512.New()
	default:
		return nil, fmt.Errorf("checksum: %q is neither sha256 nor sha512", text)
	}
	var err error
	if c.want, err = hex.DecodeString(digits); err != nil || len(c.want) != c.hash.Size() {
		return nil, fmt.Errorf("checksum: %q is no %s", digits, kind)
	}
	return &c, nil
}

func (c *checksum) check(text []byte) error {
	if c == nil {
		return nil
	}
	c.hash.Write(text)
	if got := c.hash.Sum(nil); !bytes.Equal(got, c.want) {
		return fmt.Errorf("checksum: want %x, got %x", c.want, got)
	}
	return nil
}
