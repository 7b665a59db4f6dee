package lib.scope_test

import data.lib.scope

test_wider if {
	scope.wider("internet", "partner")
	scope.wider("loopback", "none")
	not scope.wider("internal", "internal")
	not scope.wider("host", "internal")
}
