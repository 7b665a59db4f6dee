package compose

import "strings"

// lookup returns what a variable stands for; known is false for one without a value.
type lookup func(name string) (value Variable, known bool)

const (
	// maxNested bounds variables within the defaults of others.
	maxNested = 40
	// maxText bounds, in bytes, what the variables of a text make of it.
	maxText = 64 << 10
)

// interpolate fills the variables of a text in, as the specification has it
// ("Interpolation"). The reason is "" if all of them are known. A dollar sign in
// front of anything but a name, a brace or another one stands for itself.
func interpolate(text string, of lookup) (string, string) { return fill(text, of, 0) }

func fill(text string, of lookup, depth int) (string, string) {
	if !strings.Contains(text, "$") {
		return text, ""
	}
	if depth > maxNested {
		return "", "variables are nested too deeply"
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '$' || i+1 == len(text) {
			b.WriteByte(text[i])
			i++
			continue
		}
		if b.Len() > maxText && b.Len() > len(text) {
			return "", "its variables make it longer than is read"
		}
		rest := text[i+1:]
		switch name := variableName(rest); {
		case rest[0] == '$':
			b.WriteByte('$')
			i += 2
		case rest[0] == '{':
			end := closing(rest)
			if end < 0 {
				return "", "a variable does not end: ${ without }"
			}
			value, reason := braced(rest[1:end], of, depth)
			if reason != "" {
				return "", reason
			}
			b.WriteString(value)
			i += 1 + end + 1
		case name != "":
			value, reason := of.value(name)
			if reason != "" {
				return "", reason
			}
			b.WriteString(value)
			i += 1 + len(name)
		default:
			b.WriteByte('$')
			i++
		}
	}
	return b.String(), ""
}

// variableName is the name that a text begins with.
func variableName(text string) string {
	i := 0
	for i < len(text) {
		c := text[i]
		if c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9') {
			break
		}
		i++
	}
	return text[:i]
}

// closing is the place of the brace that ends the one a text begins with, -1 if none
// does.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// value is that of a variable without default.
func (of lookup) value(name string) (text, reason string) {
	v, known := of(name)
	switch {
	case !known:
		return "", "the variable " + name + " has no value here and no default"
	case v.Reason != "":
		return "", "the variable " + name + " is not known: " + v.Reason
	}
	return v.Text, ""
}

// braced is what stands for the inside of ${…}.
func braced(inside string, of lookup, depth int) (text, reason string) {
	name := variableName(inside)
	op, other := operator(inside[len(name):])
	switch {
	case name == "":
		return "", "what stands in ${…} is no variable"
	case op == "" && other != "":
		return "", "what follows the variable " + name + " in ${…} is nothing that Compose knows"
	case op == "":
		return of.value(name)
	}
	v, known := of(name)
	if known && v.Reason != "" {
		return of.value(name)
	}
	set := known && (v.Text != "" || !strings.HasPrefix(op, ":"))
	switch op[len(op)-1] {
	case '-':
		if !set {
			return fill(other, of, depth+1)
		}
	case '+':
		// Without a file that sets it, whether it is set elsewhere decides.
		if !known {
			return of.value(name)
		}
		if set {
			return fill(other, of, depth+1)
		}
		return v.Text, ""
	default:
		if !set {
			return "", "the variable " + name + " is required and has no value here"
		}
	}
	return v.Text, ""
}

// operator cuts what follows a variable's name into its sign and the text behind it.
func operator(text string) (op, other string) {
	for _, op := range []string{":-", ":?", ":+", "-", "?", "+"} {
		if other, ok := strings.CutPrefix(text, op); ok {
			return op, other
		}
	}
	return "", text
}

// Defaults returns a text in which each variable is what the text itself says of it:
// its default, a dollar sign for two, else ${NAME}.
func Defaults(text string) string { return defaults(text, 0) }

func defaults(text string, depth int) string {
	if depth > maxNested {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '$' || i+1 == len(text) {
			b.WriteByte(text[i])
			i++
			continue
		}
		rest := text[i+1:]
		name, end := variableName(rest), 0
		switch {
		case rest[0] == '$':
			b.WriteByte('$')
			i += 2
			continue
		case rest[0] == '{':
			if end = closing(rest); end < 0 {
				return b.String() + text[i:]
			}
			name = variableName(rest[1:end])
			op, other := operator(rest[1+len(name) : end])
			if strings.HasSuffix(op, "-") || strings.HasSuffix(op, "+") {
				if other = defaults(other, depth+1); other != "" {
					b.WriteString(other)
					i += end + 2
					continue
				}
			}
			end++
		case name != "":
			end = len(name)
		default:
			b.WriteByte('$')
			i++
			continue
		}
		b.WriteString("${" + name + "}")
		i += 1 + end
	}
	return b.String()
}
