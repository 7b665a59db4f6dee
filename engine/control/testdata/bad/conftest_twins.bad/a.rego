package main

deny_public contains "is public" if input.public
