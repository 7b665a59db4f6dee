package main

deny_public := "is public" if input.public
