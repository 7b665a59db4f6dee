package main.sub

import data.main

test_fails if {
	x := 1
	print("seen", x)
	x == 2
}

test_passes if true
