package collectors

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
)

// top is what stands outermost in a document: the names of an object's members with
// the text behind them in their line, or those of the elements of a list of objects.
type top struct {
	members map[string]string
	listed  map[string]bool
	text    string
}

// topsOf returns the tops of the documents of a YAML or JSON file.
func topsOf(text string) []top {
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "{{") {
		return []top{jsonTop(trimmed)}
	}
	var tops []top
	for _, doc := range separator.Split(text, -1) {
		tops = append(tops, yamlTop(doc))
	}
	return tops
}

var (
	separator = regexp.MustCompile(`(?m)^---(?:[ \t].*)?\r?$`)
	yamlKey   = regexp.MustCompile(`^["']?([^\s"'#:{}\[\],&*!|>%@-][^"'#:{}]*?)["']?\s*:(?:\s+(.*))?$`)
)

// jsonTop reads the members of an object as far as the text goes.
func jsonTop(text string) top {
	t := top{members: map[string]string{}, text: text}
	dec := json.NewDecoder(strings.NewReader(text))
	depth, key := 0, ""
	for {
		token, err := dec.Token()
		if err != nil {
			return t
		}
		switch v := token.(type) {
		case json.Delim:
			if v == '{' || v == '[' {
				depth++
			} else {
				depth--
			}
			key = ""
		case string:
			switch {
			case depth != 1:
			case key == "":
				key = v
				t.members[key] = ""
			default:
				t.members[key], key = v, ""
			}
		default:
			if depth == 1 {
				key = ""
			}
		}
	}
}

// yamlTop reads the lines that are indented as the first is. Lines of templates are
// passed over.
func yamlTop(doc string) top {
	t := top{members: map[string]string{}, listed: map[string]bool{}, text: doc}
	indent, element := -1, -1
	for line := range strings.Lines(doc) {
		line = strings.TrimRight(line, " \t\r\n")
		body := strings.TrimLeft(line, " ")
		at := len(line) - len(body)
		if body == "" || body[0] == '#' || body[0] == '%' || strings.HasPrefix(body, "{{") || strings.HasPrefix(body, "{%") {
			continue
		}
		if indent < 0 {
			indent = at
		}
		if at == indent && (strings.HasPrefix(body, "- ") || body == "-") {
			rest := strings.TrimLeft(body[1:], " ")
			element = at + len(body) - len(rest)
			if m := yamlKey.FindStringSubmatch(rest); m != nil {
				t.listed[m[1]] = true
			}
			continue
		}
		m := yamlKey.FindStringSubmatch(body)
		switch {
		case m == nil:
		case at == indent:
			element = -1
			t.members[m[1]] = strings.Trim(m[2], `"'`)
		case at == element:
			t.listed[m[1]] = true
		}
	}
	return t
}

func (t top) has(names ...string) bool {
	for _, name := range names {
		if _, ok := t.members[name]; !ok {
			return false
		}
	}
	return true
}

var (
	awsType     = regexp.MustCompile(`["']?\bType["']?\s*:\s*["']?(?:AWS|Alexa|Custom)::\w+`)
	armSchema   = regexp.MustCompile(`^https?://schema\.management\.azure\.com/schemas/[^/]+/\w*[dD]eployment(?:Template|Parameters)\.json`)
	ansibleKey  = regexp.MustCompile(`^(?:ansible\.\w+|community\.\w+|amazon\.aws|azure\.azcollection|google\.cloud|kubernetes\.core)\.\w+$`)
	ansibleTask = regexp.MustCompile(`(?m)^\s+(?:- )?(?:ansible\.(?:builtin|posix)\.\w+)\s*:`)
	// ansibleFolder holds lists of tasks in collections and beside playbooks.
	ansibleFolder = regexp.MustCompile(`(?:^|/)(?:tasks|handlers|playbooks)/[^/]+\.ya?ml$`)
	chartText     = regexp.MustCompile(`\{\{-?\s*(?:\.Values\b|\.Release\b|\.Chart\b|include\s|template\s|if\s|range\s|with\s|toYaml\s)`)
	containers    = regexp.MustCompile(`(?m)^\s+["']?(?:image|build)["']?\s*:`)
	deploys       = regexp.MustCompile(`(?m)^\s+["']?deploy["']?\s*:`)
	swarm         = regexp.MustCompile(`(?m)^\s+["']?(?:placement|update_config|rollback_config|endpoint_mode)["']?\s*:|^\s+mode\s*:\s*["']?(?:global|replicated)(?:-job)?["']?\s*$`)
	crossplane    = regexp.MustCompile(`(?:^|\.)crossplane\.io/|\.upbound\.io/`)
)

// format names the format of a document of a file.
func (t top) format(name string) string {
	base := path.Base(name)
	switch {
	case armSchema.MatchString(t.members["$schema"]):
		return "ARM template"
	case t.has("AWSTemplateFormatVersion") || strings.Contains(t.members["Transform"], "AWS::Serverless") || t.has("Resources") && awsType.MatchString(t.text):
		return "CloudFormation"
	case t.has("version", "terraform_version", "lineage"):
		return "Terraform state"
	case t.has("apiVersion", "kind"):
		switch {
		case crossplane.MatchString(t.members["apiVersion"]):
			return "Crossplane"
		case strings.HasPrefix(t.members["apiVersion"], "kustomize.config.k8s.io/"):
			return "Kustomize"
		case chartText.MatchString(t.text):
			return "Helm chart"
		}
		return "Kubernetes"
	case t.has("Job") && strings.Contains(t.text, `"TaskGroups"`):
		return "Nomad"
	case t.has("service", "provider") && (t.has("functions") || t.has("plugins") || t.has("frameworkVersion") || strings.HasPrefix(base, "serverless.")):
		return "Serverless Framework"
	case t.has("services") && deploys.MatchString(t.text) && swarm.MatchString(t.text):
		return "Docker Swarm stack"
	case t.has("services") && containers.MatchString(t.text), composeName.MatchString(base) && (t.has("services") || t.has("include")):
		return "Compose"
	case t.isAnsible() || t.listed["name"] && ansibleFolder.MatchString(name):
		return "Ansible"
	}
	return ""
}

// isAnsible reports whether a list is one of plays or of tasks.
func (t top) isAnsible() bool {
	if t.listed["hosts"] && (t.listed["tasks"] || t.listed["roles"] || t.listed["vars"] || t.listed["become"] || t.listed["gather_facts"] || t.listed["pre_tasks"] || t.listed["connection"]) {
		return true
	}
	for key := range t.listed {
		if ansibleKey.MatchString(key) || key == "import_playbook" || key == "import_tasks" || key == "include_tasks" || key == "include_role" || key == "import_role" {
			return true
		}
	}
	return len(t.listed) > 0 && ansibleTask.MatchString(t.text)
}
