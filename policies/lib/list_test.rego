package lib.list_test

import data.lib.list

test_few if list.short(["a", "b", "c"]) == "a, b, c"

test_many if list.short(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"

test_none if list.short([]) == ""
