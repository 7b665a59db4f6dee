package fetch

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// unpack writes the files of a gzipped tar archive, the form of OPA's bundles.
func unpack(ctx context.Context, s *stage, from io.Reader) error {
	packed := &counted{from: from, left: maxPacked + 1}
	zipped, err := gzip.NewReader(bufio.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	// Entries cost what they are packed in; the names of folders alone are bounded here.
	plain := &counted{from: zipped, left: maxBytes + maxFiles*4096 + 1}
	files := tar.NewReader(plain)
	for entries := 0; ; entries++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if entries > maxFiles {
			return fmt.Errorf("unpack: more than %d files", maxFiles)
		}
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		name := strings.TrimPrefix(h.Name, "/") // OPA writes its names so
		name = strings.TrimPrefix(name, "./")
		switch h.Typeflag {
		case tar.TypeReg:
			if err := s.write(name, files, h.Size); err != nil {
				return fmt.Errorf("unpack: %w", err)
			}
		case tar.TypeDir:
			if name = strings.TrimSuffix(name, "/"); name == "" || name == "." {
				continue
			}
			if err := checkName(path.Join(name)); err != nil || path.Clean(name) != name {
				return fmt.Errorf("unpack: the name %.80q is not one beneath a folder", h.Name)
			}
		case tar.TypeXGlobalHeader:
		default:
			return fmt.Errorf("unpack: %.80q is a link or a device", h.Name)
		}
	}
	// The rest holds the checksum, without which the archive is cut.
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return nil
}

// counted fails where there is more than there may be.
type counted struct {
	from io.Reader
	left int64
}

func (c *counted) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errors.New("too large")
	}
	n, err := c.from.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
