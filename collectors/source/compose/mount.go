package compose

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// Mount is an entry of a service's volumes.
type Mount struct {
	Pos fact.Position
	// Type is volume, bind, tmpfs, image, npipe or cluster.
	Type aws.Answer[string]
	// Source is the name of a volume, "" for one without name, or a path of the host.
	Source   aws.Answer[string]
	Target   aws.Answer[string]
	ReadOnly aws.Answer[bool]
}

// Mounts returns what a service mounts; reason says why there may be more.
func (s *Service) Mounts() (all []Mount, reason string) {
	list, reason := s.Get("volumes").List()
	for _, v := range list {
		if !v.IsNull() {
			all = append(all, readMount(v))
		}
	}
	return all, reason
}

func readMount(v *Value) Mount {
	switch {
	case v.Kind == object:
		return Mount{Pos: v.Pos, Type: v.Get("type").String("volume", v.Pos), Source: v.Get("source").String("", v.Pos),
			Target: v.Get("target").String("", v.Pos), ReadOnly: v.Get("read_only").Bool(false, v.Pos)}
	case v.Scalar():
		return shortMount(v)
	}
	reason := v.why("it is not a volume")
	text := aws.NotKnown[string](reason, v.Pos)
	if target := behind(v.Text); target != "" { // of a source with a variable
		return Mount{Pos: v.Pos, Type: text, Source: text, Target: aws.Declared(target, v.Pos), ReadOnly: aws.NotKnown[bool](reason, v.Pos)}
	}
	return Mount{Pos: v.Pos, Type: text, Source: text, Target: text, ReadOnly: aws.NotKnown[bool](reason, v.Pos)}
}

// shortMount reads [source:]target[:options]. The colon of a drive of Windows does not
// divide.
func shortMount(v *Value) Mount {
	m := Mount{Pos: v.Pos, Type: aws.Declared("volume", v.Pos), Source: aws.Declared("", v.Pos), ReadOnly: aws.Default(false, v.Pos)}
	parts := sections(v.Text)
	switch {
	case len(parts) > 3:
		m.Target = aws.NotKnown[string]("the volume cannot be read", v.Pos)
		m.Type, m.Source = m.Target, m.Target
		return m
	case len(parts) == 1:
		m.Target = aws.Declared(path.Clean(parts[0]), v.Pos)
		return m
	}
	m.Source, m.Target = aws.Declared(parts[0], v.Pos), aws.Declared(path.Clean(parts[1]), v.Pos)
	if isPath(parts[0]) {
		m.Type = aws.Declared("bind", v.Pos)
	}
	if len(parts) == 3 {
		for _, option := range strings.Split(parts[2], ",") {
			if option == "ro" || option == "rw" {
				m.ReadOnly = aws.Declared(option == "ro", v.Pos)
			}
		}
	}
	return m
}

// behind is the path that certainly is the target of a text whose variables are not
// known: one that stands behind the last of them.
func behind(text string) string {
	rest, ok := strings.CutPrefix(text[strings.LastIndexByte(text, '}')+1:], ":/")
	if !ok || !strings.Contains(text, "}") {
		return ""
	}
	target, options, _ := strings.Cut(rest, ":")
	if strings.ContainsAny(options, ":/$") || strings.Contains(target, "$") {
		return ""
	}
	return path.Clean("/" + target)
}

// sections splits at colons.
func sections(text string) []string {
	var out []string
	start := 0
	for i := range len(text) {
		if text[i] == ':' && !(i == start+1 && letter(text[start]) && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '/')) {
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return append(out, text[start:])
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isPath reports whether a source is a path of the host and not the name of a volume.
func isPath(source string) bool {
	return source != "" && (strings.IndexByte("./~", source[0]) >= 0 || strings.HasPrefix(source, `\\`) || len(source) > 1 && letter(source[0]) && source[1] == ':')
}
