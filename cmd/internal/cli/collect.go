package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/fact"
)

func newCollect(s *streams) *cobra.Command {
	f := flags{in: s.in}
	var kind, out string
	c := &cobra.Command{
		Use:   "collect [SOURCE...]",
		Short: "Collect facts only, to be judged later or elsewhere",
		Long: `Collect prints one fact document a line, as collected: before the register is
joined. "writ check" takes what it wrote as a source.`,
		Example: `  writ collect infra > facts.jsonl && writ check facts.jsonl
  writ collect infra --kind 'firewall.*' --out facts/`,
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := path.Match(kind, ""); err != nil {
				return fmt.Errorf("--kind %q: %w", kind, err)
			}
			if !slices.ContainsFunc(fact.Kinds(), func(k *fact.Kind) bool { ok, _ := path.Match(kind, k.Name); return ok || kind == "" }) {
				return fmt.Errorf("--kind %s: no kind matches%s", kind, fact.Suggest(kind, kindNames()))
			}
			ses, err := open(args, &f)
			if err != nil {
				return err
			}
			defer ses.close()
			ses.progress = s.progress(&f)
			ses.collect(c.Context())
			ses.progress.wipe()
			if f.verbose {
				for _, r := range ses.files(true).Reasons {
					for _, p := range r.Paths {
						fmt.Fprintf(s.err, "skipped %s: %s\n", plainly(p), r.Reason)
					}
				}
			}
			docs := append(ses.docs, ses.derive(c.Context(), nil)...)
			var chosen []*fact.Document
			for _, d := range docs {
				if ok, _ := path.Match(kind, d.Kind); ok || kind == "" {
					clean, err := redacted(d, ses.redactor)
					if err != nil {
						return fmt.Errorf("write facts of %s: %w", d.Target.ID, err)
					}
					chosen = append(chosen, clean)
				}
			}
			if len(chosen) == 0 || ses.empty() {
				ses.diagnostics = append(ses.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "no facts", Detail: "no source yielded a document"})
			} else if err := write(s, chosen, out); err != nil {
				return err
			}
			return s.refuse(ses.diagnostics, ses.redactor)
		},
	}
	f.addSources(c)
	c.Flags().Lookup("verbose").Usage = "name every skipped file on standard error"
	c.Flags().Lookup("quiet").Usage = "no progress"
	c.Flags().StringVar(&kind, "kind", "", "only kinds matching GLOB")
	c.Flags().StringVar(&out, "out", "", "write one file per document into this folder")
	return c
}

func write(s *streams, docs []*fact.Document, out string) error {
	if out == "" {
		enc := json.NewEncoder(s.out)
		enc.SetEscapeHTML(false)
		for _, d := range docs {
			if err := enc.Encode(d); err != nil {
				return fmt.Errorf("write facts: %w", err)
			}
		}
		return nil
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return fmt.Errorf("write facts: %w", err)
	}
	names := factNames(docs)
	if err := foreign(out, names); err != nil {
		return fmt.Errorf("write facts: %w", err)
	}
	for i, d := range docs {
		data, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return fmt.Errorf("write facts: %w", err)
		}
		if err := os.WriteFile(filepath.Join(out, names[i]), append(data, '\n'), 0o666); err != nil {
			return fmt.Errorf("write facts: %w", err)
		}
	}
	return nil
}

// factNames are the files of documents: kind and target, and the collector where
// two speak of the same.
func factNames(docs []*fact.Document) []string {
	var names []string
	for _, d := range docs {
		stem := d.Kind + "--" + fileName(d.Target.ID)
		name := stem + ".fact.json"
		for n := 2; slices.Contains(names, name); n++ {
			name = fmt.Sprintf("%s--%s-%d.fact.json", stem, fileName(d.Collector.Name), n)
		}
		names = append(names, name)
	}
	return names
}

// foreign refuses a folder that holds facts of another run: check would take them
// for part of this one.
func foreign(out string, names []string) error {
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if isSaved(e.Name()) && !slices.Contains(names, e.Name()) {
			return fmt.Errorf("%s holds facts of another run (%s): name an empty folder", out, plainly(e.Name()))
		}
	}
	return nil
}

// fileName keeps letters, digits, dots and dashes of a target id, and tells
// targets apart that differ in the rest.
func fileName(id string) string {
	var b strings.Builder
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			b.WriteRune(r)
		case r == '/':
			b.WriteByte('_')
		default:
			fmt.Fprintf(&b, "%%%x", r)
		}
	}
	return b.String()
}

// redacted masks known secrets in what is written; the document in memory stays.
func redacted(d *fact.Document, r *fact.Redactor) (*fact.Document, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	docs, err := fact.Read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	c, kind := docs[0], fact.LookupKind(d.Kind)
	c.Reasons = redactAll(c.Reasons, r)
	for i, g := range c.Unobserved {
		c.Unobserved[i] = fact.Gap{Pointer: r.Pointer(kind, c.Items, g.Pointer), Reason: r.Redact(g.Reason), Effect: r.Redact(g.Effect)}
	}
	positions := make(map[string]fact.Position, len(c.Positions))
	for pointer, at := range c.Positions {
		positions[r.Pointer(kind, c.Items, pointer)] = at
	}
	c.Positions = positions
	for i, item := range c.Items {
		c.Items[i] = r.At(kind, nil, map[string]any(item)).(map[string]any)
	}
	return c, nil
}

func redactAll(list []string, r *fact.Redactor) []string {
	var out []string
	for _, s := range list {
		out = append(out, r.Redact(s))
	}
	return out
}
