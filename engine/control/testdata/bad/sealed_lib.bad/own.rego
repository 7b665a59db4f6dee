package lib.classes

personal := []
