package main

deny contains "is public" if input.subject.public
