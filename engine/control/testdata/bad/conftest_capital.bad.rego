package main

DENY_public contains "is public" if input.public
