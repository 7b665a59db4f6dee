package main

deny contains "is public" if http.send({"url": input.url}).status_code == 200
