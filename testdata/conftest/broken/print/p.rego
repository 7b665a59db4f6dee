package main

helper if {
	print("asked about", input.a)
	input.a
}

deny_a contains "a" if helper

deny_b contains "b" if helper
