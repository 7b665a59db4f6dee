package main

deny contains "replicas are few" if input.replicas < 2
