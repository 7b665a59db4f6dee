package report

import "strings"

// visibleText is [visible] for text of several lines: newlines and tabs stay.
func visibleText(s string) string {
	if !strings.ContainsAny(s, "\n\t") {
		return visible(s)
	}
	var b strings.Builder
	for {
		i := strings.IndexAny(s, "\n\t")
		if i < 0 {
			b.WriteString(visible(s))
			return b.String()
		}
		b.WriteString(visible(s[:i]))
		b.WriteByte(s[i])
		s = s[i+1:]
	}
}

// sarifText makes s a plain text message: braces would be placeholders (SARIF
// §3.11.5), brackets before a parenthesis a link (§3.11.6).
func sarifText(s string) string {
	return sarifEscaper.Replace(visibleText(shorten(s, longest)))
}

var sarifEscaper = strings.NewReplacer("{", "{{", "}", "}}", "](", "] (")

// markdownText makes s text in Markdown as GitHub reads it: no markup, no HTML, no
// link that nobody wrote. Lines stay lines, without the indent that makes code.
func markdownText(s string) string {
	lines := strings.Split(shorten(s, longest), "\n")
	for i, line := range lines {
		lines[i] = markdownEscaper.Replace(visible(strings.TrimLeft(line, " \t")))
	}
	return strings.Join(lines, "\n")
}

var markdownEscaper = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `(`, `\(`, `)`, `\)`,
	`<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`, `#`, `\#`, `+`, `\+`, `-`, `\-`, `.`, `\.`, `!`, `\!`,
	`|`, `\|`, `~`, `\~`, `:`, `\:`, `@`, `\@`, `$`, `\$`, `=`, `\=`, `"`, `\"`,
)

// sarifMarkdown is [markdownText] inside a SARIF message.
func sarifMarkdown(s string) string {
	return sarifEscaper.Replace(markdownText(s))
}
