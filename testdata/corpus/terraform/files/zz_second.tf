locals { from_second = "second" }
