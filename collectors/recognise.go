package collectors

import (
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Recognise names the format of a file that people deploy from, "" for any other.
// It is asked about files that no reader took, so that a report says what was not
// judged instead of leaving it out. It goes by name, and by the beginning of YAML
// and JSON files.
func Recognise(fsys fs.FS, name string) string {
	base := path.Base(name)
	for _, f := range byName() {
		if f.pattern.MatchString(base) {
			return f.format
		}
	}
	switch path.Ext(base) {
	case ".yaml", ".yml", ".json", ".template":
	default:
		return ""
	}
	head := beginning(fsys, name)
	for _, f := range byContent() {
		if f.pattern.MatchString(head) {
			return f.format
		}
	}
	if ansiblePath.MatchString(name) {
		return "Ansible"
	}
	return ""
}

type recognised struct {
	format  string
	pattern *regexp.Regexp
}

var (
	bicepName     = regexp.MustCompile(`\.bicep(param)?$`)
	composeName   = regexp.MustCompile(`^(docker-)?compose([.-][\w.-]*)?\.ya?ml$`)
	dockerName    = regexp.MustCompile(`^(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.[Dd]ockerfile$`)
	helmName      = regexp.MustCompile(`^Chart\.ya?ml$`)
	kustomizeName = regexp.MustCompile(`^kustomization\.ya?ml$`)
	pulumiName    = regexp.MustCompile(`^Pulumi(\.[\w-]+)?\.ya?ml$`)
	stateName     = regexp.MustCompile(`\.tfstate(\.backup)?$`)
	terragrunt    = regexp.MustCompile(`^terragrunt\.(hcl|stack\.hcl)$`)
	tofuName      = regexp.MustCompile(`\.tofu(\.json)?$`)

	armContent        = regexp.MustCompile(`schema\.management\.azure\.com/schemas/[^"]*[dD]eploymentTemplate`)
	cloudFormation    = regexp.MustCompile(`AWSTemplateFormatVersion|"?Transform"?\s*:\s*"?AWS::Serverless|"?Type"?\s*:\s*["']?AWS::\w+::\w+`)
	kubernetesContent = regexp.MustCompile(`(?s)(?:^|\n)\s*"?apiVersion"?\s*:.*?\n?\s*"?kind"?\s*:|(?:^|\n)kind\s*:.*?\napiVersion\s*:|^\{.*"apiVersion"\s*:.*"kind"\s*:|^\{.*"kind"\s*:.*"apiVersion"\s*:`)
	ansibleContent    = regexp.MustCompile(`(?s)(?:^|\n)-\s+(?:name\s*:[^\n]*\n\s+)?(?:hosts|ansible\.builtin\.\w+|import_playbook)\s*:|(?:^|\n)\s+ansible\.builtin\.\w+\s*:`)
	composeContent    = regexp.MustCompile(`(?s)(?:^|\n)services\s*:.*\n\s+(?:image|build)\s*:`)
	ansiblePath       = regexp.MustCompile(`(?:^|/)roles/[^/]+/(?:tasks|handlers|defaults|vars)/[^/]+\.ya?ml$|(?:^|/)(?:group_vars|host_vars)/`)
)

func byName() []recognised {
	return []recognised{
		{"Bicep", bicepName}, {"Compose", composeName}, {"Dockerfile", dockerName}, {"Helm chart", helmName},
		{"Kustomize", kustomizeName}, {"Pulumi", pulumiName}, {"Terraform state", stateName}, {"Terragrunt", terragrunt}, {"OpenTofu", tofuName},
	}
}

func byContent() []recognised {
	return []recognised{
		{"ARM template", armContent}, {"CloudFormation", cloudFormation}, {"Kubernetes", kubernetesContent},
		{"Ansible", ansibleContent}, {"Compose", composeContent},
	}
}

// beginning returns up to 64 KiB of a file.
func beginning(fsys fs.FS, name string) string {
	file, err := fsys.Open(name)
	if err != nil {
		return ""
	}
	defer file.Close()
	var b strings.Builder
	io.Copy(&b, io.LimitReader(file, 64<<10))
	return b.String()
}
