package main

deny contains "is too large" if input.size > data.limits.size
