package acme.sample

not_applicable contains "we know better"
