package main

deny(x) := x

warn contains "w" if deny(input.a) == 1
