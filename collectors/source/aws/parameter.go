package aws

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Parameters is what a database's parameter group sets.
type Parameters struct {
	// Family is that of the group: postgres15, aurora-mysql8.0; "" if not written.
	Family Answer[string]
	group  *terraform.Resource
	reason string // why the group is not known
	at     fact.Position
}

// Parameters finds the group of the type that an argument of a database names.
// Where none is written, or one of AWS's own default groups, nothing is set.
func (x *Index) Parameters(v *terraform.Value, typ string, of *terraform.Resource) Parameters {
	if v.Unset() {
		return Parameters{Family: Default("", of.Pos), at: of.Pos}
	}
	links := x.Named(v, typ)
	if len(links) == 1 && links[0].Reason == "" {
		g := links[0].Resource
		return Parameters{Family: Text(g.Body, "", "family"), group: g, at: g.Pos}
	}
	if v.Kind == terraform.String && len(links) == 0 {
		if family, ok := strings.CutPrefix(v.Text, "default."); ok {
			return Parameters{Family: Declared(family, v.Pos), at: v.Pos}
		}
	}
	reason := "the parameter group is managed elsewhere"
	if len(links) > 0 && links[0].Reason != "" {
		reason = links[0].Reason
	}
	return Parameters{Family: NotKnown[string](reason, v.Pos), reason: reason, at: v.Pos}
}

// Get returns a parameter's value, or absent where the group does not set it.
func (p Parameters) Get(name string, absent Answer[string]) Answer[string] {
	if p.reason != "" {
		return NotKnown[string](p.reason, p.at)
	}
	if p.group == nil {
		return absent
	}
	blocks, reason := Blocks(p.group.Body, "parameter")
	for _, b := range blocks {
		own := Text(b, "", "name")
		if !own.Known() {
			reason = own.Reason
		} else if own.Value == name {
			value := Text(b, "", "value")
			if !p.group.KnownCount && value.Known() {
				return NotKnown[string](countReason(p.group), b.Pos)
			}
			return value
		}
	}
	if reason != "" {
		return NotKnown[string](reason, p.group.Pos)
	}
	return absent
}

// Version returns the digits that end a family (15 of postgres15, 8.0 of mysql8.0)
// or, where there is no family, an engine version, "" if there is neither.
func (p Parameters) Version(engine Answer[string]) Answer[string] {
	if !p.Family.Known() || p.Family.Value == "" {
		return engine
	}
	i := strings.IndexAny(p.Family.Value, "0123456789")
	if i < 0 {
		return engine
	}
	return Then(p.Family, func(f string) string { return f[i:] })
}

// AtLeast compares a version with major and minor numbers. A version that is not
// written, or not made of numbers, is not known.
func AtLeast(version Answer[string], major, minor int) Answer[bool] {
	if !version.Known() {
		return NotKnown[bool](version.Reason, version.Pos)
	}
	parts := strings.SplitN(version.Value, ".", 3)
	first, err := strconv.Atoi(parts[0])
	if err != nil {
		return NotKnown[bool]("the version decides, and it is not written", version.Pos)
	}
	second := 0
	if len(parts) > 1 {
		second, _ = strconv.Atoi(strings.TrimRight(parts[1], "abcdefghijklmnopqrstuvwxyz_"))
	} else if first == major && minor > 0 {
		return NotKnown[bool]("the minor version decides, and it is not written", version.Pos)
	}
	return Answer[bool]{Value: first > major || first == major && second >= minor, Default: version.Default, Pos: version.Pos}
}

// Switch reads a parameter that is on or off: 1, true, on, enabled.
func Switch(a Answer[string]) Answer[bool] {
	if !a.Known() {
		return NotKnown[bool](a.Reason, a.Pos)
	}
	switch strings.ToLower(a.Value) {
	case "1", "true", "on", "enabled", "yes":
		return Answer[bool]{Value: true, Default: a.Default, Pos: a.Pos}
	case "0", "false", "off", "disabled", "no":
		return Answer[bool]{Default: a.Default, Pos: a.Pos}
	}
	return NotKnown[bool](a.Value+" is neither on nor off", a.Pos)
}
