# METADATA
# scope: package
# title: Lists
# description: How a message calls many things.
package lib.list

# The first three by name, the rest by number.
short(items) := concat(", ", items) if count(items) <= 3

short(items) := sprintf("%s and %d more", [concat(", ", array.slice(items, 0, 3)), count(items) - 3]) if count(items) > 3
