# METADATA
# scope: package
# title: Sockets
# description: How a message calls a range of ports.
package lib.socket

label("any", _, _) := "every port"

label(protocol, _, 0) := protocol if protocol != "any"

label(protocol, from, to) := sprintf("%s/%d", [protocol, from]) if {
	protocol != "any"
	from == to
	to > 0
}

label(protocol, from, to) := sprintf("%s/%d-%d", [protocol, from, to]) if {
	protocol != "any"
	from < to
}
