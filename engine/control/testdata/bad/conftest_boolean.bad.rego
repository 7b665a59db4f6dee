package main

deny_public if input.public
