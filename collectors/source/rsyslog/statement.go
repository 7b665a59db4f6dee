package rsyslog

import (
	"regexp"
	"strings"
)

// blank passes over white space and comments. "#" begins one, "/*" another that ends.
func (p *parser) blank() {
	for p.at < len(p.text) {
		rest := p.text[p.at:]
		switch {
		case strings.IndexByte(" \t\n", rest[0]) >= 0:
			p.at++
		case rest[0] == '#':
			p.at += len(firstLine(rest))
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				p.fail(p.at, "a comment does not end")
				return
			}
			p.at += end + 4
		default:
			return
		}
	}
}

// statements reads up to the end of the text or of a block.
func (p *parser) statements(depth int, c context) {
	if depth > mostDepth {
		p.fail(p.at, "blocks lie too deep within each other")
		return
	}
	for {
		p.blank()
		if p.at >= len(p.text) || p.failed {
			if depth > 0 && !p.failed {
				p.fail(len(p.text), "a block does not end")
			}
			return
		}
		if p.text[p.at] == '}' {
			if depth == 0 {
				p.fail(p.at, "a block ends that never began")
				return
			}
			p.at++
			return
		}
		p.statement(depth, c)
	}
}

// Forms of statements, without case; selectors and properties stand at the beginning of a
// line.
var (
	objectForm    = regexp.MustCompile(`(?i)^(main_queue|timezone|parser|global|template|ruleset|property|constant|input|module|lookup_table|dyn_stats|include|action|ratelimit|percentile_stats)[ \n\t]*\(`)
	directiveForm = regexp.MustCompile(`(?i)^\$[a-z][^\n]*`)
	propertyForm  = regexp.MustCompile(`(?i)^:\$?[a-z\-]+[ ]*,[ ]*!?[a-z]+[ ]*,[ ]*"(\\"|[^"])*"`)
	selectorForm  = regexp.MustCompile(`(?i)^[\*a-z][\*a-z]*[0-7]*[\.,][,!=;\.\*a-z0-7]+`)
	bsdForm       = regexp.MustCompile(`(?i)^(![^ \t\n]+[ \t]*|[+-]\*[ \t]*(#[^\n]*)?|[+-][a-z0-9.:-]+[ \t]*)(\n|$)`)
	wordForm      = regexp.MustCompile(`(?i)^[a-z_]+`)
	legacyForm    = regexp.MustCompile(`(?i)^(-/[^*][^\n]*|/[^*][^\n]*|:[a-z0-9]+:[^\n]*|[\|\.\-@\^?~>][^\n]+|~|\*|[a-z0-9_][a-z0-9_\-\+,;]*)`)
)

// lineStart reports whether nothing but blanks stands before a place in its line.
func (p *parser) lineStart(at int) bool {
	_, start := p.lineOf(at)
	for ; start < at; start++ {
		if p.text[start] != ' ' && p.text[start] != '\t' {
			return false
		}
	}
	return true
}

// statement reads one, and those behind a filter of it.
func (p *parser) statement(depth int, c context) {
	rest, start := p.text[p.at:], p.at
	inner := context{filter: c.filter, conditional: true}
	switch {
	case rest[0] == '{':
		p.at++
		p.statements(depth+1, c)
	case directiveForm.MatchString(rest):
		p.directive(c)
	case objectForm.MatchString(rest):
		p.object(depth, c)
	case p.lineStart(start) && propertyForm.MatchString(rest):
		p.at += len(propertyForm.FindString(rest))
		p.behind(depth, inner)
	case p.lineStart(start) && selectorForm.MatchString(rest):
		filter := selectorForm.FindString(rest)
		p.at += len(filter)
		p.behind(depth, context{filter: filter, conditional: c.conditional || c.filter != ""})
	case bsdForm.MatchString(rest):
		p.at += len(firstLine(rest))
		// What follows is of one program or host until the next such line.
		p.add(start, Statement{Kind: Opaque, Reason: "a selector of programs or hosts", Text: firstLine(rest)}, c)
	case rest[0] == '&':
		p.at++
		p.behind(depth, inner)
	default:
		p.word(depth, c)
	}
}

// behind reads what a filter is of: an action, a block, or a statement.
func (p *parser) behind(depth int, c context) {
	p.blank()
	if p.at >= len(p.text) || p.text[p.at] == '}' {
		p.fail(p.at, "a filter has no action")
		return
	}
	if depth > mostDepth {
		p.fail(p.at, "filters lie too deep within each other")
		return
	}
	rest := p.text[p.at:]
	if rest[0] == '{' || objectForm.MatchString(rest) || directiveForm.MatchString(rest) || rest[0] == '&' {
		p.statement(depth+1, c)
		p.more(depth, c)
		return
	}
	p.word(depth+1, c)
	p.more(depth, c)
}

// more reads the actions that "&" adds to a filter.
func (p *parser) more(depth int, c context) {
	for !p.failed {
		p.blank()
		if p.at >= len(p.text) || p.text[p.at] != '&' {
			return
		}
		p.at++
		p.blank()
		if p.at < len(p.text) && (p.text[p.at] == '{' || objectForm.MatchString(p.text[p.at:])) {
			p.statement(depth+1, c)
		} else if p.at < len(p.text) {
			p.word(depth+1, c)
		}
	}
}

// word reads a statement that begins with a word, or an action of the older form.
func (p *parser) word(depth int, c context) {
	rest, start := p.text[p.at:], p.at
	inner := context{filter: c.filter, conditional: true}
	switch w := strings.ToLower(wordForm.FindString(rest)); w {
	case "if":
		p.at += len(w)
		if !p.expression("then") {
			return
		}
		p.behind(depth, inner)
		p.blank()
		if next := wordForm.FindString(p.text[p.at:]); strings.EqualFold(next, "else") {
			p.at += len(next)
			p.behind(depth, inner)
		}
	case "foreach":
		p.at += len(w)
		if p.expression("do") {
			p.behind(depth, inner)
		}
	case "set", "unset", "reset", "call_indirect":
		p.at += len(w)
		p.expression(";")
	case "reload_lookup_table":
		p.at += len(firstLine(rest))
	case "call":
		p.at += len(w)
		for p.at < len(p.text) && strings.IndexByte(" \t\n", p.text[p.at]) >= 0 {
			p.at++
		}
		for p.at < len(p.text) && strings.IndexByte(" \t\n}", p.text[p.at]) < 0 {
			p.at++
		}
	case "stop", "continue":
		p.at += len(w)
	default:
		text := legacyForm.FindString(rest)
		if text == "" {
			p.fail(start, "it is no statement")
			return
		}
		p.at += len(text)
		p.add(start, Statement{Kind: Action, Text: strings.TrimRight(text, " \t")}, c)
	}
}

// expression passes over one up to a word or a character that ends it.
func (p *parser) expression(end string) bool {
	start := p.at
	for p.at < len(p.text) {
		rest := p.text[p.at:]
		switch c := rest[0]; {
		case c == '\'' || c == '"' || c == '`':
			if !p.quoted(c) {
				return false
			}
		case c == '#' || strings.HasPrefix(rest, "/*"):
			p.blank()
		case end == ";" && c == ';':
			p.at++
			return true
		case letter(c) || c == '$':
			n := 1
			for n < len(rest) && (letter(rest[n]) || rest[n] >= '0' && rest[n] <= '9' || strings.IndexByte("_-.!$@", rest[n]) >= 0) {
				n++
			}
			p.at += n
			if strings.EqualFold(rest[:n], end) {
				return true
			}
		default:
			p.at++
		}
		if p.failed {
			return false
		}
	}
	p.fail(start, "an expression does not end")
	return false
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// quoted passes over a string.
func (p *parser) quoted(mark byte) bool {
	start := p.at
	for p.at++; p.at < len(p.text); p.at++ {
		switch p.text[p.at] {
		case '\\':
			p.at++
		case mark:
			p.at++
			return true
		}
	}
	p.at = min(p.at, len(p.text))
	p.fail(start, "a string does not end")
	return false
}

// directive reads "$Name value".
func (p *parser) directive(c context) {
	start := p.at
	line := firstLine(p.text[start:])
	p.at += len(line)
	name, value, _ := strings.Cut(strings.TrimRight(line[1:], " \t"), " ")
	if tab, more, ok := strings.Cut(name, "\t"); ok {
		name, value = tab, more+" "+value
	}
	name, value = strings.ToLower(name), strings.Trim(value, " \t")
	kind := Directive
	if name == "includeconfig" {
		kind = Include
		if words := strings.Fields(value); len(words) > 0 {
			value = words[0]
		}
	}
	p.add(start, Statement{Kind: kind, Name: name, Text: value}, c)
}
