package main

deny[name] := "is public" if input.public[name]
