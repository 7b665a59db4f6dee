package control

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/version"
)

// KnownFile stands beside the embedded set: what its rules read, found once when
// the set was built, so that a run need not compile each control apart to know. An
// entry holds for exactly the text it was made from; anything else is found anew.
const KnownFile = "reads.json"

// known is what is known of one control.
type known struct {
	Digest   string        `json:"digest"`            // of the file and of what it imports
	Imports  []string      `json:"imports,omitempty"` // files that it imports, in the order of the digest
	Meta     knownMeta     `json:"meta"`
	Evidence knownReads    `json:"evidence"`
	Clauses  []knownClause `json:"clauses"`
}

type knownClause struct {
	Set     string     `json:"set"`
	Index   int        `json:"index"`
	Row     int        `json:"row"`
	Decides knownReads `json:"decides"`
	// Builds is left out where it is Decides.
	Builds *knownReads `json:"builds,omitempty"`
	Shows  knownReads  `json:"shows"`
}

// knownReads spells paths with "/".
type knownReads struct {
	Subject []string            `json:"subject,omitempty"`
	Facts   map[string][]string `json:"facts,omitempty"`
	Params  []string            `json:"params,omitempty"`
}

// Known returns the content of KnownFile for a set's embedded controls.
func (s *Set) Known() ([]byte, error) {
	all := map[string]known{}
	for _, c := range s.Controls {
		if !c.file.embedded {
			continue
		}
		a, err := c.Apart()
		if err != nil {
			return nil, fmt.Errorf("compile %s: %w", c.ID, err)
		}
		evidence, err := c.allReads()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", c.ID, err)
		}
		k := known{Digest: digestOf(append([]*file{c.file}, c.imported()...)), Meta: metaOf(c), Evidence: spell(evidence)}
		for _, f := range c.imported() {
			k.Imports = append(k.Imports, f.path)
		}
		for _, r := range a.Rules {
			clause := knownClause{Set: r.Set, Index: r.Index, Row: r.Row, Decides: spell(r.Decides), Shows: spell(r.Shows)}
			if !r.Decides.Holds(r.Builds) {
				builds := spell(r.Builds)
				clause.Builds = &builds
			}
			k.Clauses = append(k.Clauses, clause)
		}
		all[c.ID] = k
	}
	data, err := json.MarshalIndent(all, "", " ")
	return append(data, '\n'), err
}

// readKnown reads KnownFile of an embedded source; none is no error.
func readKnown(fsys fs.FS) (map[string]known, error) {
	data, err := fs.ReadFile(fsys, KnownFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read %s: %w", KnownFile, err)
	}
	var all map[string]known
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("read %s: %w", KnownFile, err)
	}
	return all, nil
}

// recall gives the files of embedded controls what is known of them, if it was made
// from their very text.
func recall(files []*file, all map[string]known, capabilities *ast.Capabilities) {
	if len(all) == 0 {
		return
	}
	byPath := map[string]*file{}
	for _, f := range files {
		if f.embedded {
			byPath[f.path] = f
		}
	}
	for _, k := range all {
		text := []*file{byPath[k.Meta.File]}
		for _, name := range k.Imports {
			text = append(text, byPath[name])
		}
		if !slices.Contains(text, nil) && digestOf(text) == k.Digest {
			text[0].known, text[0].capabilities = &k, capabilities
		}
	}
}

// recall takes what is known of a control.
func (c *Control) recall() {
	k := c.file.known
	if k == nil {
		return
	}
	c.evidence.once.Do(func() { c.evidence.reads = k.Evidence.read() })
	for _, clause := range k.Clauses {
		name := fmt.Sprintf("writ_%s_%d", clause.Set, clause.Index)
		r := &Rule{
			Control: c, Set: clause.Set, Index: clause.Index, Row: clause.Row,
			Entry: c.ref(name), Body: c.ref(name + "_body"),
			Decides: clause.Decides.read(), Shows: clause.Shows.read(),
		}
		r.Builds = r.Decides
		if clause.Builds != nil {
			r.Builds = clause.Builds.read()
		}
		c.clauses = append(c.clauses, r)
	}
}

// Rules returns the control's clauses in source order, and what they read,
// compiling the control apart only if that is not known.
func (c *Control) Rules() ([]*Rule, error) {
	if c.clauses != nil {
		return c.clauses, nil
	}
	a, err := c.Apart()
	if err != nil {
		return nil, err
	}
	return a.Rules, nil
}

// digestOf is over a control's text, that of what it imports, and OPA's version,
// which decides how rules are rewritten.
func digestOf(files []*file) string {
	h := sha256.New()
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		h.Write(sum[:])
	}
	h.Write([]byte(version.Version))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func spell(r Reads) knownReads {
	k := knownReads{Params: r.Params}
	paths := func(list []Path) []string {
		out := make([]string, len(list))
		for i, p := range list {
			out[i] = p.String()
		}
		return out
	}
	k.Subject = paths(r.Subject)
	for kind, list := range r.Facts {
		if k.Facts == nil {
			k.Facts = map[string][]string{}
		}
		k.Facts[kind] = paths(list)
	}
	return k
}

func (k knownReads) read() Reads {
	r := Reads{Params: slices.Clone(k.Params)}
	paths := func(list []string) []Path {
		out := make([]Path, len(list))
		for i, s := range list {
			out[i] = Path{}
			if s != "" {
				out[i] = strings.Split(s, "/")
			}
		}
		return out
	}
	r.Subject = paths(k.Subject)
	for kind, list := range k.Facts {
		if r.Facts == nil {
			r.Facts = map[string][]Path{}
		}
		r.Facts[kind] = paths(list)
	}
	return r
}
