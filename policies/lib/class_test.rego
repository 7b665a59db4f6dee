package lib.class_test

import data.lib.class

test_order if {
	class.reaches("special", "confidential")
	class.reaches("personal", "personal")
	not class.reaches("personal", "confidential")
}

test_personal if {
	class.personal("personal")
	class.personal("special")
	not class.personal("none")
}

test_unknown_reaches_nothing if {
	not class.reaches("unknown", "none")
	not class.personal("unknown")
}
