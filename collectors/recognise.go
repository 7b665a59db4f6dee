package collectors

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Recognise names the format of a file that people deploy from, "" for any other.
// It is asked about files that no reader took, so that a report says what was not
// judged instead of leaving it out. It goes by the name, and by what stands at the
// top of YAML, JSON and HCL files: their first 64 KiB, not parsed, so that a file
// that is cut off or templated is named too.
func Recognise(fsys fs.FS, name string) string {
	base := path.Base(name)
	for _, f := range byName() {
		if f.pattern.MatchString(base) {
			return f.format
		}
	}
	var tops []top
	switch path.Ext(base) {
	case ".yaml", ".yml", ".json", ".template":
		tops = topsOf(beginning(fsys, name))
	case ".hcl":
		return recogniseHCL(beginning(fsys, name))
	}
	for _, t := range tops {
		if format := t.format(name); format != "" {
			return format
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
	ansibleName   = regexp.MustCompile(`^ansible\.cfg$`)
	bicepName     = regexp.MustCompile(`\.bicep(param)?$`)
	composeName   = regexp.MustCompile(`^(docker-)?compose([.-][\w.-]*)?\.ya?ml$`)
	dockerName    = regexp.MustCompile(`^(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.[Dd]ockerfile$`)
	helmName      = regexp.MustCompile(`^Chart\.ya?ml$`)
	ignoreName    = regexp.MustCompile(`\.dockerignore$`)
	kustomizeName = regexp.MustCompile(`^(kustomization\.ya?ml|Kustomization)$`)
	nomadName     = regexp.MustCompile(`\.nomad(\.hcl|\.json)?$`)
	pulumiName    = regexp.MustCompile(`^Pulumi(\.[\w-]+)?\.ya?ml$`)
	serverless    = regexp.MustCompile(`^serverless\.([cm]?[jt]s)$`)
	stackName     = regexp.MustCompile(`^docker-stack([.-][\w.-]*)?\.ya?ml$`)
	stateName     = regexp.MustCompile(`\.tfstate(\.\d+)?(\.backup)?$`)
	terragrunt    = regexp.MustCompile(`^terragrunt(\.stack|\.values)?\.hcl(\.json)?$`)
	tofuName      = regexp.MustCompile(`\.tofu(\.json)?$|\.tofutest\.hcl$`)

	ansiblePath = regexp.MustCompile(`(?:^|/)roles/[^/]+/(?:tasks|handlers|defaults|vars|meta)/[^/]+\.ya?ml$|(?:^|/)(?:group_vars|host_vars)/[^.]*(?:\.ya?ml|\.json)?$`)

	nomadHCL      = regexp.MustCompile(`(?m)^\s*job\s+"[^"]*"\s*\{`)
	nomadGroup    = regexp.MustCompile(`(?m)^\s*group\s+"[^"]*"\s*\{`)
	terragruntHCL = regexp.MustCompile(`(?m)\bfind_in_parent_folders\s*\(|\bpath_relative_to_include\s*\(|^remote_state\s*\{|^dependency\s+"[^"]*"\s*\{`)
)

func byName() []recognised {
	return []recognised{
		{"", ignoreName}, {"Ansible", ansibleName}, {"Bicep", bicepName}, {"Docker Swarm stack", stackName}, {"Dockerfile", dockerName}, {"Helm chart", helmName},
		{"Kustomize", kustomizeName}, {"Nomad", nomadName}, {"OpenTofu", tofuName}, {"Pulumi", pulumiName}, {"Serverless Framework", serverless},
		{"Terraform state", stateName}, {"Terragrunt", terragrunt},
	}
}

func recogniseHCL(text string) string {
	switch {
	case nomadHCL.MatchString(text) && nomadGroup.MatchString(text):
		return "Nomad"
	case terragruntHCL.MatchString(text):
		return "Terragrunt"
	}
	return ""
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
	return strings.TrimPrefix(string(Narrow([]byte(b.String()))), "\xef\xbb\xbf")
}

// Narrow returns a text as it is, or what it says in ASCII if it begins with a byte
// order mark of UTF-16 or UTF-32: enough to recognise a format by, nothing to parse.
func Narrow(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return bytes.ReplaceAll(bytes.TrimLeft(data, "\x00\xff\xfe"), []byte{0}, nil)
	}
	return data
}
