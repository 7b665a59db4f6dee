package fact

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read decodes saved documents: one, several one after another (JSON lines), or
// an array of them. Numbers stay exact. The documents are not validated.
func Read(r io.Reader) ([]*Document, error) {
	in := bufio.NewReader(r)
	dec := json.NewDecoder(in)
	dec.UseNumber()
	var docs []*Document
	for {
		var raw json.RawMessage
		if err := dec.Decode(&raw); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return docs, fmt.Errorf("read fact document %d: %w", len(docs)+1, err)
		}
		list := []json.RawMessage{raw}
		if bytes.HasPrefix(raw, []byte("[")) {
			list = nil
			if err := json.Unmarshal(raw, &list); err != nil {
				return docs, fmt.Errorf("read fact document %d: %w", len(docs)+1, err)
			}
		}
		for _, one := range list {
			d, err := decode(one)
			if err != nil {
				return docs, fmt.Errorf("read fact document %d: %w", len(docs)+1, err)
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
