package main

violation_public := {"msg": "is public"} if input.public
