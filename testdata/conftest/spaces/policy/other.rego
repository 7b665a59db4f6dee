package other

deny contains "other" if input.a

warn_x contains "w" if input.a
