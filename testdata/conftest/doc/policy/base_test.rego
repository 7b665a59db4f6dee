# METADATA
# title: A test
package main

# METADATA
# title: Not in the page
test_unnamed if deny_unnamed with input as {}
