package main

deny contains "main" if input.a

warn_x contains "w" if input.a
