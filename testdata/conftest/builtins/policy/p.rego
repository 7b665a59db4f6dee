package main

deny_text contains msg if {
	c := parse_config("hcl2", "a \"b\" {\n  n = 1000000\n  s = \"${var.x}\"\n}")
	msg := sprintf("%v %v", [c.a.b[0].n, c.a.b[0].s])
}

deny_file contains msg if {
	c := parse_config_file("files/x.yaml")
	msg := sprintf("%v", [c])
}

deny_many contains msg if {
	c := parse_combined_config_files(["files/x.yaml", "files/y.json"])
	msg := sprintf("%v", [c])
}

warn_bad contains msg if {
	c := parse_config("json", "{")
	msg := sprintf("%v", [c])
}

warn_missing contains msg if {
	c := parse_config_file("files/none.json")
	msg := sprintf("%v", [c])
}

warn_parser contains msg if {
	c := parse_config("nonsense", "{")
	msg := sprintf("%v", [c])
}
