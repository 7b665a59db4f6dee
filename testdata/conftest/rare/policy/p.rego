package main

deny contains msg if {
	some path
	walk(input, [path, value])
	is_number(value)
	msg := sprintf("%v is the number %v", [path, value])
}

warn contains msg if {
	some path
	walk(input, [path, value])
	is_boolean(value)
	msg := sprintf("%v is %v", [path, value])
}
