package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/writ-policy/writ/engine/finding"
)

// Replay reads a saved json or jsonl report and hands its messages to h, in the
// order of a run whatever the order in the file. Only what stands before the run
// is held in memory. A report cut short, of another schema, or with an outcome
// or severity that does not exist is an error, after which h has seen no summary.
func Replay(r io.Reader, h finding.Handler) error {
	dec := json.NewDecoder(bufio.NewReader(r))
	dec.UseNumber()
	p := player{dec: dec, h: h}
	for {
		err := p.object()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("read report at byte %d: %w", dec.InputOffset(), err)
		}
	}
	switch {
	case !p.begun:
		return errors.New("read report: it holds no run")
	case p.summary == nil:
		return errors.New("read report: it holds no summary, so the run did not end")
	}
	return h.Handle(&finding.Message{Summary: p.summary})
}

type player struct {
	dec     *json.Decoder
	h       finding.Handler
	begun   bool
	held    []*finding.Message
	summary *finding.Summary
}

// object reads a whole report or one line of a stream: the members of both have
// different names, so one reader does.
func (p *player) object() error {
	open, err := p.dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('{') {
		return fmt.Errorf("a report is an object, this is %v", open)
	}
	for p.dec.More() {
		name, err := p.dec.Token()
		if err != nil {
			return unexpected(err)
		}
		if err := p.member(name.(string)); err != nil {
			return unexpected(err)
		}
	}
	_, err = p.dec.Token()
	return unexpected(err)
}

// unexpected marks an end of input within an object, which is no regular end.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (p *player) member(name string) error {
	switch name {
	case "schema":
		schema, err := decode[string](p.dec)
		if err != nil {
			return err
		}
		return checkSchema(*schema)
	case "run":
		return p.run()
	case "progress":
		_, err := decode[finding.Progress](p.dec)
		return err
	case "finding":
		return p.finding()
	case "findings":
		return p.each(p.finding)
	case "item":
		return p.item()
	case "items":
		return p.each(p.item)
	case "summary":
		if p.summary != nil {
			return errors.New("second summary")
		}
		var err error
		p.summary, err = decode[finding.Summary](p.dec)
		return err
	}
	return fmt.Errorf("no report of ours has a member %q", name)
}

func (p *player) each(read func() error) error {
	open, err := p.dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('[') {
		return fmt.Errorf("expected an array, this is %v", open)
	}
	for p.dec.More() {
		if err := read(); err != nil {
			return err
		}
	}
	_, err = p.dec.Token()
	return err
}

func (p *player) run() error {
	if p.begun {
		return errors.New("second run")
	}
	run, err := decode[finding.Run](p.dec)
	if err != nil {
		return err
	}
	if err := checkSchema(run.Schema); err != nil {
		return err
	}
	p.begun = true
	if err := p.h.Handle(&finding.Message{Run: run}); err != nil {
		return err
	}
	for _, m := range p.held {
		if err := p.h.Handle(m); err != nil {
			return err
		}
	}
	p.held = nil
	return nil
}

func (p *player) finding() error {
	f, err := decode[finding.Finding](p.dec)
	if err != nil {
		return err
	}
	if !slices.Contains(finding.Outcomes, f.Outcome) {
		return fmt.Errorf("finding %s: no outcome is called %q", f.ID, f.Outcome)
	}
	if f.Severity != "" && f.Severity.Rank() == 0 {
		return fmt.Errorf("finding %s: no severity is called %q", f.ID, f.Severity)
	}
	return p.pass(&finding.Message{Finding: f})
}

func (p *player) item() error {
	item, err := decode[finding.Item](p.dec)
	if err != nil {
		return err
	}
	return p.pass(&finding.Message{Item: item})
}

func (p *player) pass(m *finding.Message) error {
	if !p.begun {
		p.held = append(p.held, m)
		return nil
	}
	return p.h.Handle(m)
}

func checkSchema(schema string) error {
	if schema != Schema {
		return fmt.Errorf("schema %q is not %s", schema, Schema)
	}
	return nil
}

// decode reads one value; null is not one.
func decode[T any](dec *json.Decoder) (*T, error) {
	var v *T
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if v == nil {
		return nil, errors.New("null where a value must stand")
	}
	return v, nil
}
