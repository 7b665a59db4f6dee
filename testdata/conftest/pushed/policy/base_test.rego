package main

test_unnamed if deny_unnamed with input as {}
