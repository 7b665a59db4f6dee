package main

denied contains "is public" if input.public
