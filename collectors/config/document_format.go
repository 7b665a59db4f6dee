package config

import (
	"path"
	"regexp"
	"strings"

	"github.com/writ-policy/writ/collectors/source/dockerfile"
	"github.com/writ-policy/writ/collectors/source/dotenv"
	"github.com/writ-policy/writ/collectors/source/hcl"
	"github.com/writ-policy/writ/collectors/source/ini"
	"github.com/writ-policy/writ/collectors/source/json"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/properties"
	"github.com/writ-policy/writ/collectors/source/toml"
	"github.com/writ-policy/writ/collectors/source/xml"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// reader reads the documents of a file.
type reader func(source string, data []byte) ([]node.Document, []fact.Diagnostic)

// format is a format of config.document.
type format struct {
	name string
	read reader
	// files are the base names of a format's files, in lower case, as patterns of
	// [path.Match]; folders those of paths that hold files of any such name.
	files   []string
	folders *regexp.Regexp
	// or is what a file is that this reader refuses: a JSON file with comments.
	or *format
}

// formats are in the order in which a name is held against them. The kind's
// schema repeats them in the description of the format; a test compares the two.
func formats() []format {
	jsonc := &format{name: "jsonc", read: json.ReadC}
	hcl1 := &format{name: "hcl1", read: hcl.ReadV1}
	return []format{
		{name: "dockerfile", read: dockerfile.Read, files: []string{"dockerfile", "containerfile", "dockerfile.*", "containerfile.*", "*.dockerfile"}},
		{name: "dotenv", read: dotenv.Read, files: []string{".env", ".env.*", "*.env"}},
		{name: "jsonc", read: json.ReadC, files: []string{"*.jsonc", "tsconfig*.json", "jsconfig*.json", "devcontainer.json", ".eslintrc.json"},
			folders: regexp.MustCompile(`(?:^|/)\.vscode/[^/]+\.json$`)},
		{name: "json", read: json.Read, files: []string{"*.json", "*.jsonl", "*.ndjson"}, or: jsonc},
		{name: "yaml", read: yaml.Read, files: []string{"*.yaml", "*.yml"}},
		{name: "toml", read: toml.Read, files: []string{"*.toml", "pipfile"}},
		{name: "ini", read: ini.Read, files: []string{"*.ini", "*.cnf", "setup.cfg", "ansible.cfg", "airflow.cfg", ".editorconfig", ".gitconfig", ".npmrc", ".pypirc",
			"*.service", "*.socket", "*.timer", "*.mount", "*.automount", "*.slice", "*.network", "*.netdev", "php-fpm.conf"},
			folders: regexp.MustCompile(`(?:^|/)systemd/(?:.*/)?[^/]+\.(?:conf|path|link|target)$|\.(?:service|socket|timer|mount|slice)\.d/[^/]+\.conf$`)},
		{name: "properties", read: properties.Read, files: []string{"*.properties"}},
		{name: "xml", read: xml.Read, files: []string{"*.xml", "*.csproj", "*.plist", "web.config", "app.config", "nuget.config", "packages.config"}},
		{name: "hcl2", read: hcl.Read, files: []string{"*.hcl", "*.tf", "*.tofu", "*.tfvars", "*.nomad"}, or: hcl1},
	}
}

// formatOf returns the format of a file by its name, nil if it has none. What writ
// saved itself, and what a Dockerfile leaves out, is none.
func formatOf(formats []format, name string) *format {
	base := strings.ToLower(path.Base(name))
	if strings.HasSuffix(base, ".fact.json") || strings.HasSuffix(base, ".facts.jsonl") || strings.HasSuffix(base, ".dockerignore") {
		return nil
	}
	for i := range formats {
		f := &formats[i]
		if f.folders != nil && f.folders.MatchString(name) {
			return f
		}
		for _, pattern := range f.files {
			if ok, _ := path.Match(pattern, base); ok {
				return f
			}
		}
	}
	return nil
}

// parse reads a file in its format, or in the other that it may be. What the first
// says counts if neither can.
func (f *format) parse(name string, data []byte) (string, []node.Document, []fact.Diagnostic) {
	docs, diagnostics := f.read(name, data)
	if f.or != nil && failed(diagnostics) {
		if others, told := f.or.read(name, data); !failed(told) {
			return f.or.name, others, told
		}
	}
	return f.name, docs, diagnostics
}

func failed(diagnostics []fact.Diagnostic) bool { return firstError(diagnostics) != nil }

func firstError(diagnostics []fact.Diagnostic) *fact.Diagnostic {
	for i := range diagnostics {
		if diagnostics[i].Severity == "error" {
			return &diagnostics[i]
		}
	}
	return nil
}
