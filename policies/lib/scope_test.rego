package lib.scope_test

import data.lib.scope

test_wider if {
	scope.wider("internet", "partner")
	scope.wider("loopback", "none")
	not scope.wider("internal", "internal")
	not scope.wider("host", "internal")
}

test_widest if {
	scope.widest({"none", "internal", "partner"}) == "partner"
	scope.widest({"none"}) == "none"
	not scope.widest(set())
}
