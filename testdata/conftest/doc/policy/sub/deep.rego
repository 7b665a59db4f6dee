# METADATA
# scope: package
# title: Deep
package main.a.b

# METADATA
# title: Uses conftest's own
deny contains "x" if parse_config_file("x.yaml").a == 1
