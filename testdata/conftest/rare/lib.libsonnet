{ shared: 1 }
