{ a: error "wrong" }
