package main

deny contains "bare" if input.a == 1

deny_one contains msg if {
	input.a == 1
	msg := sprintf("a is %v and big is %v", [input.a, input.big])
}

deny_One contains "a name that differs in case only" if input.a

violation_two_parts contains {"msg": "an object", "n": 1000000, "f": 2.50, "_loc": {"file": "in.json", "line": 3}, "list": [1, {"x": null}]} if input.a == 1

warn_three contains "careful\nsecond line" if input.a == 1

warn contains "" if input.a == 1

deny__odd contains "double underscore" if input.a

deny_odd_ contains "trailing underscore" if input.a

denyOdd contains "camel" if input.a

deny_bool := true

deny_text := "a string"

deny_object := {"msg": "no set"}

deny_numbers contains 1 if input.a

deny_numbers contains ["x"] if input.a

deny_array := ["from an array", {"msg": "second"}]

deny_empty contains "never" if input.a == 2

deny_undefined := ["x"] if input.a == 2
