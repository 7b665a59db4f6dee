package main

import data.limits
import data.sub.names

deny_port contains msg if {
	some p in input.ports
	p > limits.port
	msg := sprintf("port %v above %v", [p, limits.port])
}

deny_file contains msg if {
	msg := sprintf("this is %v in a folder: %v", [data.conftest.file.name, is_string(data.conftest.file.dir)])
}

warn_name contains names[_]
