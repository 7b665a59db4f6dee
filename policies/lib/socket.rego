# METADATA
# scope: package
# title: Sockets
# description: How a message calls a range of ports.
package lib.socket

label(protocol, _, 0) := protocol

label(protocol, from, to) := sprintf("%s/%d", [protocol, from]) if {
	from == to
	to > 0
}

label(protocol, from, to) := sprintf("%s/%d-%d", [protocol, from, to]) if from < to
