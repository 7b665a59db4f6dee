package main

default warn := []

warn := ["is public"] if input.public
