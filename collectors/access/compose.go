package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/engine/fact"
)

// composed returns whom the databases in the Compose projects of a source admit, as
// far as their images write it.
func composed(env *collectors.Env) []*fact.Document {
	return compose.Documents(env, "access", "access.rule", func(b *fact.Builder, t *compose.Target) {
		for _, p := range t.Projects {
			for _, s := range p.Services {
				image := s.Image()
				variable, given := composeVariable(s, hbaVariable)
				if !image.Known() && !given {
					b.Incomplete(s.ID() + ": whether its image is a database: " + image.Reason)
				}
				if s.Provided() || !writesLogins(image, given) || !p.Tells(s.Pos) && !p.TellsAny(s.Get("environment")) {
					continue
				}
				words, known := commandWords(s.Get("command"))
				command := runsOtherwise(!s.Get("entrypoint").IsNull() || mounts(s.Get("volumes")) || mounts(s.Get("configs")), words, known)
				loginRule{id: s.ID("pg_hba"), at: s.Pos, method: loginMethod(image, variable, command, s.Pos)}.put(b)
			}
		}
	})
}

// mounts reports whether a text in a value names the file of rules, which is then
// the one in force.
func mounts(v *compose.Value) bool {
	return !v.IsNull() && (strings.Contains(v.Text, hbaFile) || slices.ContainsFunc(v.Elems, mounts))
}

// commandWords splits a command, a list or a text; known is false where it cannot be
// read.
func commandWords(v *compose.Value) (words []string, known bool) {
	list, reason := v.List()
	for _, e := range list {
		if !e.Scalar() {
			return nil, false
		}
		words = append(words, strings.Fields(e.Text)...)
	}
	return words, reason == ""
}

// composeVariable reads a variable of a service's environment; given says that the
// service names it.
func composeVariable(s *compose.Service, name string) (value aws.Answer[string], given bool) {
	keys, values, reason := s.Get("environment").Members()
	for i, key := range keys {
		switch {
		case key.Name != name:
		case values[i].IsNull():
			return aws.NotKnown[string](name+" is taken from where Compose is run", key.Pos), true
		default:
			return values[i].String("", key.Pos), true
		}
	}
	switch files := s.Get("env_file"); {
	case reason != "":
		return aws.NotKnown[string](reason, s.Pos), false
	case !files.IsNull():
		return aws.NotKnown[string]("a file of variables may set "+name, files.Pos), false
	}
	return aws.Default("", s.Pos), false
}
