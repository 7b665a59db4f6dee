// Package fetch brings policies from where they are kept: layers in an OCI registry, an
// archive or a file over HTTPS, a file or a folder here; and pushes layers.
//
// What comes from elsewhere is hostile until it is proven otherwise. It is written
// beneath a folder of its own, by names that cannot leave it, bounded in size, number
// and depth, and moved to its place when all of it is there and found good: nothing is
// half-written, whatever fails.
package fetch

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Options say how policies are fetched.
type Options struct {
	// Plain is plain HTTP to registries; nil is plain HTTP to this machine's own, TLS
	// to others.
	Plain *bool
	// Overwrite allows a file of the name of what is fetched to be there already.
	Overwrite bool
	// Verify, if set, judges the files of one source before they are placed.
	Verify func(fs.FS) error
	// Timeout bounds all of it.
	Timeout time.Duration
	// Agent names the program to servers.
	Agent string
}

// Get fetches all of the sources into a folder, or, where one of them fails, nothing.
func Get(ctx context.Context, folder string, sources []string, o Options) error {
	if o.Verify != nil && len(sources) > 1 {
		return fmt.Errorf("a signature covers one source, and here are %d", len(sources))
	}
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("not fetched within %s", o.Timeout))
	defer cancel()
	s, err := newStage(folder)
	if err != nil {
		return err
	}
	defer s.discard()
	for _, text := range sources {
		from, err := parse(text)
		if err != nil {
			return err
		}
		if path := filepath.Join(folder, from.base()); !o.Overwrite && exists(path) {
			return fmt.Errorf("policy file already exists at %s, refusing to overwrite", path)
		}
		if err := from.fetch(ctx, s, o); err != nil {
			if ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			return fmt.Errorf("fetch %s: %w", from, err)
		}
		if s.count == 0 {
			return fmt.Errorf("fetch %s: there is nothing in it", from)
		}
	}
	if o.Verify != nil {
		if err := o.Verify(s.files.FS()); err != nil {
			return err
		}
	}
	return s.place()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// source is where policies are kept.
type source interface {
	fmt.Stringer
	// base is the name that the whole of it has.
	base() string
	fetch(context.Context, *stage, Options) error
}
