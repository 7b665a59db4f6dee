package main

deny contains "a" if input.a

# METADATA
# title: tests
test_a if deny with input as {"a": true}

test_none if count(deny) == 0 with input as {}

todo_test_later if false
