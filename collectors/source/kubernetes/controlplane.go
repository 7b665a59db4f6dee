package kubernetes

import "strings"

// controlPlane names what turns objects into resources outside of the cluster, if
// every object of a file is for it: a bucket of Crossplane is no object that a
// collector of Kubernetes knows, and a report is to say so. Else it is "".
func controlPlane(objects []*Object) string {
	for _, o := range objects {
		if !inDomain(o.Group, "crossplane.io") && !inDomain(o.Group, "upbound.io") {
			return ""
		}
	}
	if len(objects) == 0 {
		return ""
	}
	return "Crossplane: recognised, not modelled in this version"
}

func inDomain(group, domain string) bool {
	return group == domain || strings.HasSuffix(group, "."+domain)
}
