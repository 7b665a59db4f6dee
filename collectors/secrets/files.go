package secrets

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/writ-policy/writ/collectors/source/secret"
	"github.com/writ-policy/writ/engine/fact"
)

const (
	// maxFile is the largest text that is searched; larger ones are told.
	maxFile = 32 << 20
	// headSize is how much of a file tells text from what is none: as much as git
	// looks at.
	headSize = 8000
	// maxLearned bounds the identifiers of one file that the redactor learns.
	maxLearned = 10000
)

// searched is what one file holds. Its matches are without values: the redactor
// knows them.
type searched struct {
	found  []match
	values []string // of found; they never leave the memory
	reason string   // why it may hold more
	text   bool     // whether it was text, and searched as such
}

// search reads files, each once, and searches them for secrets and identifiers of
// people. The results are in the order of the files.
func (s *source) search(ctx context.Context, files []file) ([]searched, error) {
	out := make([]searched, len(files))
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				out[i] = s.read(files[i])
			}
		})
	}
	for i := range files {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return out, ctx.Err()
}

// read searches one file of the tree, or of the index if it is not checked out.
func (s *source) read(f file) searched {
	data, err := s.open(f)
	if err != nil {
		return searched{reason: f.name + ": " + err.Error() + ", not searched for secrets"}
	}
	return s.text(f.name, "", data)
}

// open reads the text of a file; of any other it reads the beginning.
func (s *source) open(f file) ([]byte, error) {
	if f.missing {
		return s.blob(f)
	}
	in, err := s.env.Tree.FS.Open(f.name)
	if err != nil {
		return nil, unwrapPath(err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, unwrapPath(err)
	}
	size := int(min(info.Size(), maxFile))
	data := make([]byte, min(size, headSize), size+1)
	n, err := io.ReadFull(in, data)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return data[:n], nil
	case err != nil:
		return nil, unwrapPath(err)
	case binary(data):
		return data, nil
	case info.Size() > maxFile:
		return nil, fmt.Errorf("larger than %d MiB", maxFile>>20)
	}
	for n < size {
		k, err := in.Read(data[n:size])
		n += k
		data = data[:n]
		if err == io.EOF {
			break
		} else if err != nil {
			return nil, unwrapPath(err)
		}
		data = data[:size]
	}
	return data[:n], nil
}

func unwrapPath(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // only the outermost carries it
		return pe.Err
	}
	return err
}

// binary reports whether the beginning of a file is no text: as git says, it holds a
// zero byte, unless it begins as text of UTF-16.
func binary(data []byte) bool {
	head := data[:min(len(data), headSize)]
	return bytes.IndexByte(head, 0) >= 0 && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// text searches the content of a file.
func (s *source) text(name, commit string, data []byte) searched {
	t := secret.Text{Name: name, Commit: commit}
	var out searched
	for _, f := range s.scanner.Files(t) {
		out.found = append(out.found, match{rule: f.Rule, carrier: carrierOf(name), form: f.Form, by: "pattern", place: name, at: fact.Position{Source: name, Line: 1, Column: 1}})
		out.values = append(out.values, "")
	}
	if binary(data) {
		return out
	}
	out.text = true
	t.Data = decoded(data)
	all := s.scanner.Scan(t)
	if len(all) == secret.MaxFound {
		out.reason = fmt.Sprintf("%s: more than %d matches, not all are told", name, secret.MaxFound)
	}
	places := places{text: t.Data, line: 1}
	for _, f := range all {
		out.found = append(out.found, match{rule: f.Rule, carrier: carrierOf(name), form: f.Form, by: "pattern", place: name, at: places.at(name, f.Start)})
		out.values = append(out.values, f.Value)
	}
	s.identifiers(&out, name, t.Data)
	named, reason := variables(name, data)
	for _, g := range named {
		out.found, out.values = append(out.found, g.match), append(out.values, g.value)
	}
	if reason != "" {
		out.reason = reason
	}
	for i, v := range out.values {
		if i < maxLearned && v != "" && out.found[i].form == secret.Literal {
			s.env.Redactor.Add(v)
		}
		out.values[i] = strings.Clone(v) // not the whole file
	}
	return out
}

// identifiers adds those of people: one match for each type, at the first.
func (s *source) identifiers(out *searched, name, text string) {
	first := map[string]int{}
	places := places{text: text, line: 1}
	for i, f := range secret.Identifiers(name, text) {
		at, known := first[f.Rule]
		if !known {
			at = len(out.found)
			first[f.Rule] = at
			out.found = append(out.found, match{category: f.Category, rule: f.Rule, carrier: carrierOf(name), form: f.Form, by: "pattern", place: name, at: places.at(name, f.Start)})
			out.values = append(out.values, f.Value)
		}
		out.found[at].count++
		if i < maxLearned {
			s.env.Redactor.Add(f.Value)
		}
	}
}

// decoded is the text of a file in UTF-8. Text in UTF-16 begins with its mark; bytes
// of other encodings stay.
func decoded(data []byte) string {
	little := bytes.HasPrefix(data, []byte("\xff\xfe"))
	if !little && !bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return string(data)
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		if little {
			units = append(units, uint16(data[i])|uint16(data[i+1])<<8)
		} else {
			units = append(units, uint16(data[i])<<8|uint16(data[i+1]))
		}
	}
	return string(utf16.Decode(units))
}

// places finds lines and columns, of offsets in rising order.
type places struct {
	text         string
	line, before int // the line, and where it begins
	offset       int
}

func (p *places) at(name string, offset int) fact.Position {
	for {
		i := strings.IndexByte(p.text[p.offset:max(p.offset, offset)], '\n')
		if i < 0 {
			break
		}
		p.line++
		p.offset += i + 1
		p.before = p.offset
	}
	return fact.Position{Source: name, Line: p.line, Column: utf8.RuneCountInString(p.text[p.before:offset]) + 1}
}
