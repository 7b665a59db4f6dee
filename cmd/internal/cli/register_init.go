package cli

import (
	"bytes"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/register"
)

func newRegisterInit(s *streams) *cobra.Command {
	f := flags{in: s.in}
	var out string
	c := &cobra.Command{
		Use:   "init [SOURCE...]",
		Short: "Draft register entries for the ports found that no entry covers",
		Long: `Init collects the listeners, published and scanned ports of each SOURCE and
drafts a register entry for each that the register does not cover yet. It writes
what was seen; purpose and owner are left as "todo", and the controls stay red
until someone fills them in.`,
		Example: `  writ register init host: --out register/db1.hcl
  writ register init infra
  writ register init facts.jsonl --register register`,
		RunE: func(c *cobra.Command, args []string) error {
			ses, err := open(args, &f)
			if err != nil {
				return err
			}
			defer ses.close()
			p, err := ses.project(&f)
			if err != nil {
				return err
			}
			set, diagnostics, err := f.load(p)
			if err != nil {
				return err
			}
			ses.diagnostics = append(append(ses.diagnostics, p.diagnostics...), diagnostics...)
			ses.progress = s.progress(&f)
			ses.collect(c.Context())
			ses.join(c.Context(), p, set)
			ses.progress.wipe()
			var text bytes.Buffer
			count, err := register.Draft(&text, ses.valid(ses.docs), ses.now)
			if err != nil {
				return fmt.Errorf("draft register: %w", err)
			}
			fmt.Fprintf(s.err, "%s drafted\n", noun(count, "port"))
			if count > 0 {
				if err := s.place(out, []byte(ses.redactor.Redact(text.String()))); err != nil {
					return err
				}
			}
			return s.refuse(ses.diagnostics, ses.redactor)
		},
	}
	f.addSources(c)
	f.addPlan(c)
	c.Flags().StringVar(&out, "out", "", "write into this new file, instead of standard output")
	return c
}

// place writes to a new file, or to standard output if it has no name. What stands
// there already is someone's work.
func (s *streams) place(name string, data []byte) error {
	if name == "" {
		_, err := s.out.Write(data)
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, unwrapPath(err))
	}
	if _, err = file.Write(data); err == nil {
		err = file.Close()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, unwrapPath(err))
	}
	return nil
}
