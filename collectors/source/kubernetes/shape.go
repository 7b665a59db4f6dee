package kubernetes

import "bytes"

// atRoot reports whether a text names its apiVersion where an object does: at the
// margin of a YAML document, or in the outermost braces. What names it deeper (a
// playbook, a schema of an API) is parsed too, but makes no folder one of manifests.
func atRoot(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if text := bytes.TrimLeft(data, " \t\r\n"); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return inBraces(text)
	}
	for line := range bytes.Lines(data) {
		for _, lead := range []string{"--- ", "- ", "{", `"`, "'"} {
			line = bytes.TrimPrefix(line, []byte(lead))
		}
		if bytes.HasPrefix(line, []byte("apiVersion")) {
			return true
		}
	}
	return false
}

// inBraces looks for the name in the first object of JSON, or of the list that it is.
func inBraces(text []byte) bool {
	const name = `"apiVersion"`
	depth, root := 0, 1
	if text[0] == '[' {
		root = 2
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			if depth == root && bytes.HasPrefix(text[i:], []byte(name)) {
				return true
			}
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case 'a':
			if depth == root && bytes.HasPrefix(text[i:], []byte("apiVersion")) {
				return true
			}
		}
	}
	return false
}
