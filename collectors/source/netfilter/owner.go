package netfilter

import (
	"regexp"
	"strings"
)

// Generators that are recognised by the names of their tables, chains and interfaces.
const (
	Docker    = "docker"
	Firewalld = "firewalld"
	UFW       = "ufw"
	KubeProxy = "kube-proxy"
	Fail2ban  = "fail2ban"
	Libvirt   = "libvirt"
	Calico    = "calico"
	Cilium    = "cilium"
)

var (
	dockerBridge   = regexp.MustCompile(`^(docker[0-9]+|docker_gwbridge|br-[0-9a-f]{12})$`)
	firewalldChain = regexp.MustCompile(`^(IN|FWDI|FWDO|FWD|PRE|POST|OUT)_[A-Za-z0-9_-]+$|_(ZONES|POLICIES_pre|POLICIES_post|direct|ZONES_SOURCE)$|^filter_(INPUT|FORWARD|OUTPUT|IN|FWD|OUT)_|^(nat|mangle|raw|filter)_(PRE|POST|IN|FWD|OUT|PREROUTING|POSTROUTING)_`)
)

// Own finds out what generated tables and rules.
func Own(tables []*Table) {
	for _, t := range tables {
		t.Owner = tableOwner(t)
		for _, c := range t.Chains {
			owner := chainOwner(c.Name, t)
			for _, r := range c.Rules {
				if r.Owner = owner; owner == "" && c.Name != "DOCKER-USER" {
					r.Owner = jumpsOwned(r, t)
				}
			}
		}
	}
}

// tableOwner goes by the names that generators give tables of their own.
func tableOwner(t *Table) string {
	switch {
	case t.Backend != NFT:
		return ""
	case t.Name == "firewalld" || strings.HasPrefix(t.Name, "firewalld_"):
		return Firewalld
	case t.Name == "docker-bridges":
		return Docker
	case t.Name == "kube-proxy":
		return KubeProxy
	case strings.HasPrefix(t.Name, "f2b-"):
		return Fail2ban
	case t.Name == "libvirt_network":
		return Libvirt
	case t.Name == "calico":
		return Calico
	}
	return ""
}

// chainOwner goes by the names that generators give chains in tables they share. What
// stands in DOCKER-USER is the administrator's.
func chainOwner(name string, t *Table) string {
	switch {
	case t.Owner != "":
		return t.Owner
	case name == "DOCKER-USER":
		return ""
	case name == "DOCKER" || strings.HasPrefix(name, "DOCKER-"):
		return Docker
	case strings.HasPrefix(name, "ufw-") || strings.HasPrefix(name, "ufw6-"):
		return UFW
	case strings.HasPrefix(name, "KUBE-"):
		return KubeProxy
	case strings.HasPrefix(name, "f2b-") || strings.HasPrefix(name, "fail2ban-"):
		return Fail2ban
	case strings.HasPrefix(name, "LIBVIRT_"):
		return Libvirt
	case strings.HasPrefix(name, "cali-"):
		return Calico
	case strings.HasPrefix(name, "CILIUM_"):
		return Cilium
	case t.Backend != NFT && t.Chain("INPUT_ZONES") != nil && firewalldChain.MatchString(name):
		return Firewalld
	}
	return ""
}

// jumpsOwned is the owner of the chain that a rule jumps to, or Docker where the rule
// is about one of its bridges in a table that Docker has chains in.
func jumpsOwned(r *Rule, t *Table) string {
	bridge := false
	for _, s := range r.Statements {
		switch s := s.(type) {
		case Verdict:
			if owner := chainOwner(s.Chain, t); s.Chain != "" && owner != "" {
				return owner
			}
		case Match:
			if f := s.Fields[0]; len(s.Fields) == 1 && (f == InInterface || f == OutInterface) {
				for _, e := range s.Elements {
					bridge = bridge || len(e.Values) == 1 && dockerBridge.MatchString(e.Values[0].Name)
				}
			}
		}
	}
	if bridge && t.Backend != NFT && (t.Name == "raw" || t.Chain("DOCKER") != nil) {
		return Docker
	}
	return ""
}
