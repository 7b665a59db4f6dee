package main

deny_first contains "first" if input.a

level := 1 if input.a

level := 2 if input.a

deny_second contains "second" if level == 1
