package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/dockerfile"
	"github.com/writ-policy/writ/collectors/source/hcl"
	"github.com/writ-policy/writ/collectors/source/toml"
	"github.com/writ-policy/writ/engine/fact"
)

// block is a fenced code block of a page.
type block struct {
	line     int    // of the opening fence, from 1
	language string // first word of the info string
	file     string // what the line before it names, `like/this.yaml`: at its end
	text     string
}

const newFolder = "<!-- a new folder -->"

var (
	fence     = regexp.MustCompile("^ {0,3}(```+|~~~+) *([^` ]*)([^`]*)$")
	fileName  = regexp.MustCompile("`([^` ]+)`:$")
	listItem  = regexp.MustCompile(`^ *([-*+]|[0-9]+[.)]) `)
	ansiColor = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// blocks reads the fenced blocks of a page, and the lines that mark a new folder, as
// blocks of the language newFolder. What the runner could not see is an error:
// indented code, words after the language, a fence without end.
func blocks(page string) ([]block, error) {
	var list []block
	var open *block
	marker, before, inList := "", "", false
	for i, line := range strings.Split(page, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case open != nil && m != nil && strings.HasPrefix(m[1], marker) && m[2] == "":
			list, open = append(list, *open), nil
		case open != nil:
			open.text += line + "\n"
		case m != nil && strings.TrimSpace(m[3]) != "":
			return nil, fmt.Errorf("line %d: words after the language", i+1)
		case m != nil:
			marker, open = m[1], &block{line: i + 1, language: m[2]}
			if name := fileName.FindStringSubmatch(before); name != nil {
				open.file = name[1]
			}
		case line == newFolder:
			list = append(list, block{line: i + 1, language: newFolder})
		case strings.HasPrefix(line, "    ") && !inList:
			return nil, fmt.Errorf("line %d: indented code: fence it", i+1)
		}
		if strings.TrimSpace(line) != "" {
			before = line
			inList = listItem.MatchString(line) || inList && strings.HasPrefix(line, "  ")
		}
	}
	if open != nil {
		return nil, fmt.Errorf("line %d: a fence without end", open.line)
	}
	return list, nil
}

// parse reads a block as what its language says, and whether it says one that can be
// read. Rego is of either version: what other programs take may be the older one.
func (b block) parse() (known bool, err error) {
	var said []fact.Diagnostic
	switch b.language {
	case "rego":
		_, err = ast.ParseModuleWithOpts(b.file, b.text, ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true})
		if err != nil {
			if _, older := ast.ParseModuleWithOpts(b.file, b.text, ast.ParserOptions{RegoVersion: ast.RegoV0}); older == nil {
				err = nil
			}
		}
	case "yaml":
		decoder := yaml.NewDecoder(strings.NewReader(b.text))
		for err == nil {
			var document any
			err = decoder.Decode(&document)
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
	case "json":
		var document any
		err = json.Unmarshal([]byte(b.text), &document)
	case "hcl":
		_, said = hcl.Read("block.hcl", []byte(b.text))
	case "toml":
		_, said = toml.Read("block.toml", []byte(b.text))
	case "dockerfile":
		_, said = dockerfile.Read("Dockerfile", []byte(b.text))
	default:
		return false, nil
	}
	for _, d := range said {
		if d.Severity == "error" {
			err = errors.Join(err, d)
		}
	}
	return true, err
}

// step is a command of a console block with the lines it is said to print.
type step struct {
	command string
	output  []string
}

// steps reads lines that begin with "$ ", go on after a backslash, and are followed by
// what they print.
func (b block) steps() ([]step, error) {
	var list []step
	going := false
	for line := range strings.Lines(b.text) {
		line = strings.TrimSuffix(line, "\n")
		command, begins := strings.CutPrefix(line, "$ ")
		switch {
		case going:
			list[len(list)-1].command += "\n" + line
		case begins:
			list = append(list, step{command: command})
		case len(list) == 0:
			return nil, errors.New("output before a command")
		default:
			last := &list[len(list)-1]
			last.output = append(last.output, line)
			continue
		}
		going = strings.HasSuffix(line, `\`)
	}
	if len(list) == 0 {
		return nil, errors.New("no command")
	}
	return list, nil
}

// printed is output as lines, as a terminal shows them, without empty ones around.
func printed(output string) []string {
	lines := strings.Split(ansiColor.ReplaceAllString(output, ""), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \r")
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	return lines
}

// unprinted returns lines of a page that output lacks, in their order: nil if the page
// is right. A line "..." stands for any lines; one that stands alone tells nothing and
// is wrong.
func unprinted(page, output []string) []string {
	page = printed(strings.Join(page, "\n"))
	if len(page) == 1 && strings.TrimSpace(page[0]) == "..." {
		return page
	}
	anywhere := false
	for len(page) > 0 {
		n := slices.IndexFunc(page, func(line string) bool { return strings.TrimSpace(line) == "..." })
		last := n < 0
		if last {
			n = len(page)
		}
		part := page[:n]
		at := 0
		switch {
		case len(part) > len(output):
			return part
		case last && anywhere:
			at = len(output) - len(part)
		case anywhere:
			for at+len(part) < len(output) && !slices.Equal(output[at:at+len(part)], part) {
				at++
			}
		}
		if !slices.Equal(output[at:at+len(part)], part) || last && at+len(part) != len(output) {
			return part
		}
		output = output[at+len(part):]
		if last {
			return nil
		}
		page, anywhere = page[n+1:], true
	}
	if anywhere {
		return nil // "..." ends it
	}
	return output
}
