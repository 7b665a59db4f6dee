package main

deny contains {"text": "no msg"} if input.a
