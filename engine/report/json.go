package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/writ-policy/writ/engine/finding"
)

// jsonReport writes one object, a finding a line and each as it comes. Items may
// come between findings but stand after them, so they wait, encoded.
type jsonReport struct {
	w        *bufio.Writer
	findings int
	items    [][]byte
}

func newJSON(w io.Writer, _ Options) finding.Handler {
	return &jsonReport{w: bufio.NewWriter(w)}
}

func (r *jsonReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		run, err := encode(m.Run)
		if err != nil {
			return fmt.Errorf("report: encode run: %w", err)
		}
		fmt.Fprintf(r.w, "{\"schema\":%q,\n\"run\":%s,\n\"findings\":[", Schema, run)
	case m.Finding != nil:
		line, err := encode(m.Finding)
		if err != nil {
			return fmt.Errorf("report: encode finding %s: %w", m.Finding.ID, err)
		}
		r.findings++
		return r.element(r.findings-1, line)
	case m.Item != nil:
		line, err := encode(m.Item)
		if err != nil {
			return fmt.Errorf("report: encode item %s: %w", m.Item.ID, err)
		}
		r.items = append(r.items, line)
	case m.Summary != nil:
		summary, err := encode(m.Summary)
		if err != nil {
			return fmt.Errorf("report: encode summary: %w", err)
		}
		r.close(r.findings)
		r.w.WriteString(",\n\"items\":[")
		for i, line := range r.items {
			r.element(i, line)
		}
		r.close(len(r.items))
		fmt.Fprintf(r.w, ",\n\"summary\":%s}\n", summary)
		return r.w.Flush()
	}
	return nil
}

// Kinds are all that any format draws: a report that was saved is then replayed as
// the run would have been told.
func (r *jsonReport) Kinds() []string { return drawnKinds() }

func (r *jsonReport) element(i int, line []byte) error {
	if i > 0 {
		r.w.WriteByte(',')
	}
	r.w.WriteByte('\n')
	_, err := r.w.Write(line)
	return err
}

func (r *jsonReport) close(n int) {
	if n > 0 {
		r.w.WriteByte('\n')
	}
	r.w.WriteByte(']')
}

// jsonLines writes the stream itself, one message a line. Progress depends on
// the machine and is dropped, so that equal runs give equal reports.
type jsonLines struct{ w *bufio.Writer }

func newJSONLines(w io.Writer, _ Options) finding.Handler {
	return &jsonLines{w: bufio.NewWriter(w)}
}

// Kinds are those of the json report.
func (r *jsonLines) Kinds() []string { return drawnKinds() }

func (r *jsonLines) Handle(m *finding.Message) error {
	if m.Progress != nil {
		return nil
	}
	line, err := encode(m)
	if err != nil {
		return fmt.Errorf("report: encode message: %w", err)
	}
	r.w.Write(line)
	if err := r.w.WriteByte('\n'); err != nil {
		return err
	}
	if m.Summary != nil {
		return r.w.Flush()
	}
	return nil
}

// encode renders v such that decoding and encoding it again gives the same
// bytes. Bytes that are not UTF-8 stand in the way: they are written as an
// escape but read as a character, and may change the order of keys; such a value
// goes round once before it is written.
func encode[T any](v *T) ([]byte, error) {
	line, err := json.Marshal(v)
	if err == nil && bytes.Contains(line, []byte(`\ufffd`)) {
		var read T
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.UseNumber()
		if err := dec.Decode(&read); err != nil {
			return nil, err
		}
		line, err = json.Marshal(&read)
	}
	return escapeUnseen(line), err
}

// marshal is [encode] for what is not read back.
func marshal(v any) ([]byte, error) {
	line, err := json.Marshal(v)
	return escapeUnseen(line), err
}

// escapeUnseen escapes what a terminal would obey or hide when someone looks at
// the file: encoding/json does so for ASCII controls only.
func escapeUnseen(line []byte) []byte {
	seen := func(r rune) bool { return r >= ' ' && r < 0x7f || unicode.IsPrint(r) }
	clean := true
	for _, b := range line {
		if b >= 0x7f {
			clean = bytes.IndexFunc(line, func(r rune) bool { return !seen(r) }) < 0
			break
		}
	}
	if clean {
		return line
	}
	escaped := make([]byte, 0, len(line)+16)
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		if seen(r) {
			escaped = append(escaped, line[:size]...)
		} else {
			for _, unit := range utf16.Encode([]rune{r}) {
				escaped = fmt.Appendf(escaped, `\u%04x`, unit)
			}
		}
		line = line[size:]
	}
	return escaped
}
