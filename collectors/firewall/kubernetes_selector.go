package firewall

import (
	"slices"
	"strings"
)

// requirement is a condition on one label, in the terms of matchExpressions. One
// that cannot be decided has a reason.
type requirement struct {
	key, op string
	values  []string // sorted
	reason  string
}

// selector is a conjunction of requirements; without any it selects everything.
type selector struct{ list []requirement }

const namespaceLabel = "kubernetes.io/metadata.name"

// matches decides a selector on labels.
func (s selector) matches(l *labelSet) truth {
	answer := always
	for _, r := range s.list {
		if answer = and(answer, r.matches(l)); answer == never {
			break
		}
	}
	return answer
}

func (r requirement) matches(l *labelSet) truth {
	if r.reason != "" {
		return perhaps
	}
	value, known, found := l.get(r.key)
	switch r.op {
	case "Exists":
		return found
	case "DoesNotExist":
		return always - found
	case "In":
		switch {
		case found == never:
			return never
		case !known:
			return perhaps
		case slices.Contains(r.values, value):
			return always
		}
		return never
	}
	// NotIn also holds for an object without the label.
	switch {
	case found == never:
		return always
	case !known:
		return perhaps
	case slices.Contains(r.values, value):
		return never
	}
	return always
}

// all reports whether it certainly selects everything, whatever its labels.
func (s selector) all() bool { return len(s.list) == 0 }

// reason is why it cannot be decided, "" if it can.
func (s selector) reason() string {
	for _, r := range s.list {
		if r.reason != "" {
			return r.reason
		}
	}
	return ""
}

// fixed returns a label and value that everything it selects has, if there is one.
func (s selector) fixed() (key, value string, ok bool) {
	for _, r := range s.list {
		if r.reason == "" && r.op == "In" && len(r.values) == 1 {
			return r.key, r.values[0], true
		}
	}
	return "", "", false
}

// text is the selector in the notation of kubectl, "" if it selects everything.
func (s selector) text() string {
	parts := make([]string, len(s.list))
	for i, r := range s.list {
		parts[i] = r.text()
	}
	return strings.Join(parts, ",")
}

func (r requirement) text() string {
	switch {
	case r.reason != "":
		return "?"
	case r.op == "Exists":
		return r.key
	case r.op == "DoesNotExist":
		return "!" + r.key
	case r.op == "In" && len(r.values) == 1:
		return r.key + "=" + r.values[0]
	case r.op == "In":
		return r.key + " in (" + strings.Join(r.values, ",") + ")"
	case len(r.values) == 1:
		return r.key + "!=" + r.values[0]
	}
	return r.key + " notin (" + strings.Join(r.values, ",") + ")"
}
