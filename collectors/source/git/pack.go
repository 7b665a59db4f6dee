package git

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/writ-policy/writ/collectors"
)

// pack is a file of many objects, and its index in memory.
type pack struct {
	file io.ReaderAt
	size int64
	// Of the index: ids in order, and where the objects stand.
	count   int
	fan     []byte
	ids     []byte
	stride  int // between ids
	offsets func(i int) (int64, bool)

	cache map[int64]resolved // bases of deltas
	held  int
}

type resolved struct {
	kind int
	data []byte
}

// heldBytes bounds the cache of one pack.
const heldBytes = 48 << 20

// open lists the packs.
func (r *Repository) open() error {
	if r.found {
		return nil
	}
	dir := path.Join(r.git, "objects", "pack")
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read packs: %w", err)
	}
	for _, e := range entries {
		stem, ok := strings.CutSuffix(e.Name(), ".idx")
		if !ok {
			continue
		}
		data, err := collectors.ReadFile(r.fsys, path.Join(dir, e.Name()), 4*maxMeta)
		if err != nil {
			return fmt.Errorf("read %s: %w", e.Name(), err)
		}
		p, err := parsePackIndex(data)
		if err != nil {
			return fmt.Errorf("read %s: %w", e.Name(), err)
		}
		file, err := r.fsys.Open(path.Join(dir, stem+".pack"))
		if err != nil {
			return fmt.Errorf("read %s.pack: %w", stem, err)
		}
		at, ok := file.(io.ReaderAt)
		info, err := file.Stat()
		if !ok || err != nil {
			file.Close()
			return fmt.Errorf("read %s.pack: it cannot be read at random", stem)
		}
		p.file, p.size = at, info.Size()
		r.packs = append(r.packs, p)
	}
	r.found = true
	return nil
}

// Close closes the packs.
func (r *Repository) Close() {
	for _, p := range r.packs {
		if c, ok := p.file.(io.Closer); ok {
			c.Close()
		}
	}
	r.packs, r.found = nil, false
}

const idSize = len(ID{})

func parsePackIndex(data []byte) (*pack, error) {
	p := &pack{cache: map[int64]resolved{}}
	const fanSize = 256 * 4
	if len(data) >= 8 && string(data[:4]) == "\xfftOc" {
		if binary.BigEndian.Uint32(data[4:]) != 2 || len(data) < 8+fanSize {
			return nil, errors.New("not an index of version 1 or 2")
		}
		p.fan = data[8 : 8+fanSize]
		p.count = int(binary.BigEndian.Uint32(p.fan[fanSize-4:]))
		rest := data[8+fanSize:]
		if p.count > len(rest)/(idSize+8) {
			return nil, errCut
		}
		p.ids, p.stride = rest, idSize
		near := rest[p.count*(idSize+4):]
		far := near[p.count*4:]
		p.offsets = func(i int) (int64, bool) {
			at := binary.BigEndian.Uint32(near[4*i:])
			if at&(1<<31) == 0 {
				return int64(at), true
			}
			k := int(at&^(1<<31)) * 8
			if k+8 > len(far) {
				return 0, false
			}
			return int64(binary.BigEndian.Uint64(far[k:])), true
		}
		return p, nil
	}
	if len(data) < fanSize {
		return nil, errCut
	}
	p.fan = data[:fanSize]
	p.count = int(binary.BigEndian.Uint32(p.fan[fanSize-4:]))
	rest := data[fanSize:]
	if p.count > len(rest)/(idSize+4) {
		return nil, errCut
	}
	p.stride = idSize + 4
	if p.count > 0 {
		p.ids = rest[4:]
	}
	p.offsets = func(i int) (int64, bool) { return int64(binary.BigEndian.Uint32(rest[i*p.stride:])), true }
	return p, nil
}

// find returns where an object stands.
func (p *pack) find(id ID) (int64, bool) {
	low := 0
	if id[0] > 0 {
		low = int(binary.BigEndian.Uint32(p.fan[4*(int(id[0])-1):]))
	}
	high := int(binary.BigEndian.Uint32(p.fan[4*int(id[0]):]))
	if low > high || high > p.count {
		return 0, false
	}
	i := low + sort.Search(high-low, func(i int) bool {
		at := (low + i) * p.stride
		return bytes.Compare(p.ids[at:at+idSize], id[:]) >= 0
	})
	if i >= high || !bytes.Equal(p.ids[i*p.stride:i*p.stride+idSize], id[:]) {
		return 0, false
	}
	return p.offsets(i)
}

// maxChain bounds how many deltas stand on one another; git makes at most 4095.
const maxChain = 4095

// read returns the object at an offset: a base, and the deltas that lead to it.
func (p *pack) read(r *Repository, at int64) (int, []byte, error) {
	var deltas [][]byte
	var starts []int64
	base := resolved{}
	for base.kind == 0 {
		if known, ok := p.cache[at]; ok {
			base = known
			break
		}
		if len(deltas) > maxChain {
			return 0, nil, errors.New("deltas stand on one another without end")
		}
		kind, from, other, data, err := p.entry(at)
		if err != nil {
			return 0, nil, err
		}
		switch kind {
		case commitType, treeType, blobType, tagType:
			base = resolved{kind, data}
			if len(deltas) > 0 {
				p.keep(at, base)
			}
		case ofsDelta:
			deltas, starts, at = append(deltas, data), append(starts, at), from
		case refDelta:
			deltas, starts = append(deltas, data), append(starts, at)
			if at, ok := p.find(other); ok {
				return p.finish(r, at, deltas, starts)
			}
			k, whole, err := r.object(other)
			if err != nil {
				return 0, nil, err
			}
			base = resolved{k, whole}
		default:
			return 0, nil, errors.New("an object of a type that is not known")
		}
	}
	return p.patch(base, deltas, starts)
}

// finish goes on with a base that another entry of the pack is.
func (p *pack) finish(r *Repository, at int64, deltas [][]byte, starts []int64) (int, []byte, error) {
	for _, s := range starts {
		if s == at {
			return 0, nil, errors.New("a delta stands on itself")
		}
	}
	if r.depth++; r.depth > maxChain {
		return 0, nil, errors.New("deltas stand on one another without end")
	}
	defer func() { r.depth-- }()
	kind, data, err := p.read(r, at)
	if err != nil {
		return 0, nil, err
	}
	return p.patch(resolved{kind, data}, deltas, starts)
}

func (p *pack) keep(at int64, o resolved) {
	if p.held += len(o.data); p.held > heldBytes {
		clear(p.cache)
		p.held = len(o.data)
	}
	p.cache[at] = o
}

// entry reads what stands at an offset: its type, for deltas where or what the base
// is, and the inflated data.
func (p *pack) entry(at int64) (kind int, from int64, base ID, data []byte, err error) {
	if at < 12 || at >= p.size {
		return 0, 0, base, nil, errors.New("an object outside of its pack")
	}
	in := bufio.NewReader(io.NewSectionReader(p.file, at, p.size-at))
	c, err := in.ReadByte()
	if err != nil {
		return 0, 0, base, nil, errCut
	}
	kind = int(c >> 4 & 7)
	size, shift := int64(c&15), 4
	for c >= 0x80 {
		if c, err = in.ReadByte(); err != nil || shift > 40 {
			return 0, 0, base, nil, errCut
		}
		size |= int64(c&0x7f) << shift
		shift += 7
	}
	switch kind {
	case ofsDelta:
		head, _ := in.Peek(8)
		back, n := offset(head)
		if n == 0 || int64(back) >= at || back <= 0 {
			return 0, 0, base, nil, errors.New("a delta without a base")
		}
		in.Discard(n)
		from = at - int64(back)
	case refDelta:
		if _, err := io.ReadFull(in, base[:]); err != nil {
			return 0, 0, base, nil, errCut
		}
	}
	if size > MaxObject {
		return 0, 0, base, nil, ErrLarge
	}
	z, err := zlib.NewReader(in)
	if err != nil {
		return 0, 0, base, nil, err
	}
	data, err = exactly(z, int(size))
	return kind, from, base, data, err
}
