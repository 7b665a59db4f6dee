package terraform

import (
	"strconv"
	"strings"
)

// addressStep is one step of a reference or address: a name with the index
// that stands behind it, brackets included ("" if none).
type addressStep struct{ name, key string }

// addressSteps splits an address such as module.a["x.y"].aws_s3_bucket.b[0] at
// its dots; those within brackets belong to a key. Only the last index behind
// a name is kept as key, earlier ones become steps without a name.
func addressSteps(address string) []addressStep {
	var steps []addressStep
	for at := 0; at < len(address); {
		end := at
		for end < len(address) && address[end] != '.' && address[end] != '[' {
			end++
		}
		step := addressStep{name: address[at:end]}
		at = end
		for at < len(address) && address[at] == '[' {
			if step.key != "" {
				steps = append(steps, step)
				step = addressStep{}
			}
			end = keyEnd(address, at)
			step.key = address[at:end]
			at = end
		}
		steps = append(steps, step)
		if at < len(address) {
			at++ // the dot
		}
	}
	return steps
}

// keyEnd returns the offset after the index that opens at offset at.
func keyEnd(address string, at int) int {
	quoted := false
	for at++; at < len(address); at++ {
		switch c := address[at]; {
		case quoted && c == '\\':
			at++
		case c == '"':
			quoted = !quoted
		case !quoted && c == ']':
			return at + 1
		}
	}
	return len(address)
}

// staticAddress is the address without its indices: where the configuration
// declares what the address is an instance of.
func staticAddress(address string) string {
	if strings.IndexByte(address, '[') < 0 {
		return address
	}
	var b strings.Builder
	for i, step := range addressSteps(address) {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step.name)
	}
	return b.String()
}

// keyValue is the index in brackets as a Go value: int64, string, or nil.
func keyValue(key string) any {
	inner := strings.TrimSuffix(strings.TrimPrefix(key, "["), "]")
	if n, err := strconv.ParseInt(inner, 10, 64); err == nil {
		return n
	}
	if s, err := strconv.Unquote(inner); err == nil {
		return s
	}
	return nil
}

// stepPath joins steps to an attribute path: "0.id", "tags.team".
func stepPath(key string, steps []addressStep) string {
	var parts []string
	add := func(key string) {
		switch k := keyValue(key).(type) {
		case int64:
			parts = append(parts, strconv.FormatInt(k, 10))
		case string:
			parts = append(parts, k)
		}
	}
	add(key)
	for _, s := range steps {
		if s.name != "" {
			parts = append(parts, s.name)
		}
		add(s.key)
	}
	return strings.Join(parts, ".")
}

// joinAddress puts the module's address before a name.
func joinAddress(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}
