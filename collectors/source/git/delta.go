package git

import (
	"errors"
)

// patch applies deltas, the last one first.
func (p *pack) patch(base resolved, deltas [][]byte, starts []int64) (int, []byte, error) {
	for i := len(deltas) - 1; i >= 0; i-- {
		data, err := apply(base.data, deltas[i])
		if err != nil {
			return 0, nil, err
		}
		base.data = data
		if i > 0 {
			p.keep(starts[i], base)
		}
	}
	return base.kind, base.data, nil
}

// apply makes an object from its base and a delta: sizes of both, then copies from
// the base and new text.
func apply(base, delta []byte) ([]byte, error) {
	bad := errors.New("a delta that cannot be read")
	length := func() (int, bool) {
		n, shift := 0, 0
		for len(delta) > 0 && shift < 42 {
			c := delta[0]
			delta = delta[1:]
			n |= int(c&0x7f) << shift
			if c < 0x80 {
				return n, true
			}
			shift += 7
		}
		return 0, false
	}
	from, ok := length()
	to, ok2 := length()
	if !ok || !ok2 || from != len(base) {
		return nil, bad
	}
	if to > MaxObject {
		return nil, ErrLarge
	}
	out := make([]byte, 0, min(to, len(base)+len(delta)+64<<10))
	for len(delta) > 0 {
		op := delta[0]
		delta = delta[1:]
		if op&0x80 == 0 {
			n := int(op)
			if n == 0 || n > len(delta) {
				return nil, bad
			}
			out, delta = append(out, delta[:n]...), delta[n:]
			continue
		}
		var at, n int
		for i := range 7 {
			if op&(1<<i) == 0 {
				continue
			}
			if len(delta) == 0 {
				return nil, bad
			}
			if i < 4 {
				at |= int(delta[0]) << (8 * i)
			} else {
				n |= int(delta[0]) << (8 * (i - 4))
			}
			delta = delta[1:]
		}
		if n == 0 {
			n = 0x10000
		}
		if at > len(base) || n > len(base)-at || len(out)+n > to {
			return nil, bad
		}
		out = append(out, base[at:at+n]...)
	}
	if len(out) != to {
		return nil, bad
	}
	return out, nil
}
