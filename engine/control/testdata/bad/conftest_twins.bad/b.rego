package main

deny_Public contains "is public" if input.public
