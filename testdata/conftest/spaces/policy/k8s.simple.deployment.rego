package k8s.simple.deployment

deny contains "k8s.simple.deployment" if input.a

warn_x contains "w" if input.a
