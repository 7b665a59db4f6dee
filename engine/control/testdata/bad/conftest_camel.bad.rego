package main

denyPublic contains "is public" if input.public
