package main

deny[msg] if {
	msg := "old"
}

deny.sub if input.a
