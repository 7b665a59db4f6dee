package acme.containers

deny_root contains msg if {
	input.kind == "Deployment"
	msg := "containers must not run as root"
}
