package k8s.simple

deny contains "k8s.simple" if input.a

warn_x contains "w" if input.a
