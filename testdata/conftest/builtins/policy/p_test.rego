package main

test_file if {
	c := parse_config_file("files/x.yaml")
	c.a == 1000000
}

test_denied if {
	count(deny_text) == 1
}
