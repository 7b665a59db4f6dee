package main

deny_root contains "root" if input.root

deny_root contains "root again" if input.root

violation_net contains "net" if input.net

warn_root contains "warned of root" if input.root

deny contains "bare" if input.root

exception contains rules if {
	input.excused
	rules := ["root", "net"]
}

exception contains rules if {
	input.twice
	rules := ["root"]
}

exception contains rules if {
	input.bare
	rules := [""]
}

exception contains rules if {
	input.odd
	rules := [1, "net"]
}
