# METADATA
# scope: package
# title: Scopes
# description: How far away something can be reached from; none is nowhere.
package lib.scope

rank := {"none": 0, "loopback": 1, "host": 2, "internal": 3, "partner": 4, "internet": 5}

wider(scope, than) if rank[scope] > rank[than]

widest(scopes) := name if {
	some name in scopes
	rank[name] == max({rank[each] | some each in scopes})
}
