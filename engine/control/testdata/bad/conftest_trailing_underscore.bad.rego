package main

deny_public_ contains "is public" if input.public
