name = "nor those"
