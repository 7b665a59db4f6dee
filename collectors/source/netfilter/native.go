package netfilter

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Bounds of a native ruleset with all it includes. nft's own depth is 16.
const (
	maxNative   = 8 << 20
	maxIncludes = 1000
	maxDepth    = 16
)

// Inline returns a file of native rules (nft -f) with the files that it includes in
// their places, and their names. They are read from fsys, whose root is the host's: an
// absolute name leads beneath it, and another is looked up in /etc as nft does.
//
// The result includes nothing any more: where that cannot be made sure the error says
// so, and no program may be given the text.
func Inline(fsys fs.FS, name string, read func(fs.FS, string, int64) ([]byte, error)) (text []byte, files []string, err error) {
	in := &inliner{fsys: fsys, read: read}
	if err := in.file(name, 0); err != nil {
		return nil, in.files, err
	}
	return []byte(in.out.String()), in.files, nil
}

type inliner struct {
	fsys  fs.FS
	read  func(fs.FS, string, int64) ([]byte, error)
	out   strings.Builder
	files []string
}

func (in *inliner) file(name string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("read %s: included too deep", name)
	}
	if len(in.files) >= maxIncludes {
		return errors.New("read rules: too many files are included")
	}
	data, err := in.read(in.fsys, name, maxNative)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	in.files = append(in.files, name)
	if err := in.text(string(data), depth); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// text copies rules and follows the word include wherever it stands outside of
// comments and quotes.
func (in *inliner) text(s string, depth int) error {
	for len(s) > 0 {
		if in.out.Len() > maxNative {
			return fmt.Errorf("more than %d MiB with all that is included", maxNative>>20)
		}
		switch c := s[0]; {
		case c == 0:
			return errors.New("not a text")
		case c == '#':
			n := strings.IndexByte(s, '\n')
			if n < 0 {
				n = len(s)
			}
			s = s[n:]
		case c == '"':
			n := strings.IndexByte(s[1:], '"')
			if n < 0 || strings.Contains(s[1:1+n], "\n") {
				return errors.New("a quote without end")
			}
			in.out.WriteString(s[:n+2])
			s = s[n+2:]
		case !isWord(c):
			in.out.WriteByte(c)
			s = s[1:]
		default:
			n := 0
			for n < len(s) && isWord(s[n]) {
				n++
			}
			word, rest := s[:n], s[n:]
			if !strings.Contains(word, "include") {
				in.out.WriteString(word)
				s = rest
				continue
			}
			trimmed := strings.TrimLeft(rest, " \t")
			if word != "include" || !strings.HasPrefix(trimmed, `"`) {
				return errors.New("the word include stands where it is not followed")
			}
			name, after, closed := strings.Cut(trimmed[1:], `"`)
			if !closed {
				return errors.New("a quote without end")
			}
			if err := in.include(name, depth); err != nil {
				return err
			}
			s = after
		}
	}
	return nil
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// include copies the files that a name or a pattern means. A pattern may mean none.
func (in *inliner) include(name string, depth int) error {
	if strings.HasPrefix(name, ".") || strings.ContainsAny(name, "\n$\\") || name == "" {
		return fmt.Errorf("it includes %q, a name that depends on where nft is started", clip(name))
	}
	full := strings.TrimPrefix(path.Clean(name), "/")
	if !strings.HasPrefix(name, "/") {
		full = path.Join("etc", name)
	}
	if !strings.ContainsAny(full, "*?[") {
		return in.splice(full, depth)
	}
	if dir, _ := path.Split(full); strings.ContainsAny(dir, "*?[") {
		return fmt.Errorf("it includes %q, a pattern for folders", clip(name))
	}
	list, err := fs.ReadDir(in.fsys, path.Dir(full))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list %s: %w", path.Dir(full), errors.New("it cannot be read"))
	}
	for _, e := range list {
		ok, err := path.Match(path.Base(full), e.Name())
		if err != nil {
			return fmt.Errorf("it includes %q, not a pattern", clip(name))
		}
		if !ok || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := in.splice(path.Join(path.Dir(full), e.Name()), depth); err != nil {
			return err
		}
	}
	return nil
}

func (in *inliner) splice(name string, depth int) error {
	in.out.WriteString("\n")
	if err := in.file(name, depth+1); err != nil {
		return err
	}
	in.out.WriteString("\n")
	return nil
}

// Compiled marks a native ruleset that nft took as a whole: rules it is given end
// with this table, and the ruleset that it lists then has it.
const Compiled = "writ_compiled"

// WithMark adds the mark of [Compiled] to a text of native rules.
func WithMark(text []byte) []byte {
	return append(append([]byte(nil), text...), "\ntable inet "+Compiled+" {\n}\n"...)
}

// TakeMark takes the mark out again; false says that it is not there.
func TakeMark(r *Ruleset) bool {
	for i, t := range r.Tables {
		if t.Name == Compiled && t.Family == Inet && len(t.Chains)+len(t.Sets)+len(t.Opaque) == 0 {
			r.Tables = append(r.Tables[:i], r.Tables[i+1:]...)
			return true
		}
	}
	return false
}
