package main

deny contains msg if {
	nothing == 1
	x := 1
}
