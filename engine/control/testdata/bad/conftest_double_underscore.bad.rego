package main

deny__public contains "is public" if input.public
