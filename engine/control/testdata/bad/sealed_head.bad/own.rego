package gdpr

port.documented.not_applicable contains "we know better"
