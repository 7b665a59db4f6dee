package git

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Types of objects, as packs number them.
const (
	commitType = 1
	treeType   = 2
	blobType   = 3
	tagType    = 4
	ofsDelta   = 6
	refDelta   = 7
)

// MaxObject is the largest object that is read, in bytes.
const MaxObject = 64 << 20

// ErrLarge is returned for objects above MaxObject.
var ErrLarge = fmt.Errorf("larger than %d MiB", MaxObject>>20)

// Blob returns the content of a file.
func (r *Repository) Blob(id ID) ([]byte, error) {
	kind, data, err := r.object(id)
	if err == nil && kind != blobType {
		err = errors.New("not a file")
	}
	return data, err
}

func (r *Repository) object(id ID) (kind int, data []byte, err error) {
	kind, data, err = r.loose(id)
	if !errors.Is(err, fs.ErrNotExist) {
		return kind, data, err
	}
	if err := r.open(); err != nil {
		return 0, nil, err
	}
	for _, p := range r.packs {
		if at, ok := p.find(id); ok {
			return p.read(r, at)
		}
	}
	return 0, nil, fmt.Errorf("object %s is not there", id)
}

func (r *Repository) loose(id ID) (int, []byte, error) {
	name := id.String()
	file, err := r.fsys.Open(path.Join(r.git, "objects", name[:2], name[2:]))
	if err != nil {
		return 0, nil, err
	}
	defer file.Close()
	z, err := zlib.NewReader(bufio.NewReader(file))
	if err != nil {
		return 0, nil, fmt.Errorf("object %s: %w", id, err)
	}
	in := bufio.NewReader(z)
	head, err := in.ReadSlice(0)
	if err != nil {
		return 0, nil, fmt.Errorf("object %s: %w", id, errCut)
	}
	word, length, _ := strings.Cut(string(head[:len(head)-1]), " ")
	size, err := strconv.ParseInt(length, 10, 64)
	kind := map[string]int{"commit": commitType, "tree": treeType, "blob": blobType, "tag": tagType}[word]
	switch {
	case err != nil || size < 0 || kind == 0:
		return 0, nil, fmt.Errorf("object %s: it has no header", id)
	case size > MaxObject:
		return 0, nil, ErrLarge
	}
	data, err := exactly(in, int(size))
	return kind, data, err
}

// exactly reads size bytes, growing with what is really there.
func exactly(in io.Reader, size int) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(min(size, 1<<20))
	n, err := io.Copy(&b, io.LimitReader(in, int64(size)+1))
	switch {
	case err != nil:
		return nil, err
	case n != int64(size):
		return nil, errors.New("an object is not of its size")
	}
	return b.Bytes(), nil
}
