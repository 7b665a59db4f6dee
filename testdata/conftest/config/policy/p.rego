package main

deny contains "from policy" if input.a
