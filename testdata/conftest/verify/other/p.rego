package broken

level := 1

level := 2 if true

test_conflict if level == 1
