package main

deny_number contains "number" if to_number("zz") == 1

deny_other contains "other" if input.a
