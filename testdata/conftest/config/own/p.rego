package own

deny contains "from own" if input.a

warn contains "warned" if input.a
