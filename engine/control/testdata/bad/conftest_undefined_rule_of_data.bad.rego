package main.helpers

limit := 3

deny contains "is too large" if input.size > data.main.helpers.limits
