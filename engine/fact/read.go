package fact

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ReadError is a failure of [Read] with its place.
type ReadError struct {
	Document int   // counted from 1
	Offset   int64 // in bytes; of an array, where it begins
	Err      error
}

func (e *ReadError) Error() string {
	return fmt.Sprintf("read fact document %d: %s", e.Document, e.Err)
}
func (e *ReadError) Unwrap() error { return e.Err }

// Read decodes saved documents: one, several one after another (JSON lines), or
// an array of them. Numbers stay exact. The documents are not validated.
func Read(r io.Reader) ([]*Document, error) {
	in := bufio.NewReader(r)
	dec := json.NewDecoder(in)
	dec.UseNumber()
	var docs []*Document
	fail := func(at int64, err error) ([]*Document, error) {
		return docs, &ReadError{Document: len(docs) + 1, Offset: at, Err: err}
	}
	for {
		var raw json.RawMessage
		if err := dec.Decode(&raw); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			var syntax *json.SyntaxError
			if errors.As(err, &syntax) {
				return fail(max(0, syntax.Offset-1), err) // it points behind the byte
			}
			return fail(dec.InputOffset(), err)
		}
		start := dec.InputOffset() - int64(len(raw))
		list := []json.RawMessage{raw}
		if bytes.HasPrefix(raw, []byte("[")) {
			list = nil
			if err := json.Unmarshal(raw, &list); err != nil {
				return fail(start, err)
			}
		}
		for _, one := range list {
			d, err := decode(one)
			if err != nil {
				return fail(start, err)
			}
			docs = append(docs, d)
		}
	}
}

func decode(data []byte) (*Document, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	d := &Document{}
	if err := dec.Decode(d); err != nil {
		return nil, err
	}
	return d, nil
}
