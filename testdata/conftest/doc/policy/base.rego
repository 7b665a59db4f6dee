# METADATA
# title: Services
# description: |
#   What every service has to have.
#   Two lines.
# related_resources:
# - ref: https://example.org/services
#   description: the handbook
# - https://example.org/plain
# authors:
# - Example Team <team@example.org>
# custom:
#   severity: high
package main

# METADATA
# title: Names
# description: A service has a name.
deny_unnamed contains "a service has no name" if not input.name

# METADATA
# title: Calls out
# related_resources: [https://example.org/out]
deny_out contains "x" if http.send({"method": "get", "url": input.url}).status_code == 200

deny_undocumented contains "x" if input.x
