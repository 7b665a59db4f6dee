# METADATA
# title: Names of services
package main

deny_unnamed contains "a service has no name" if not input.name
