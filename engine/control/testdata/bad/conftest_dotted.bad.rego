package main

deny.public contains "is public" if input.public
