package params.port

ignore_loopback := true
