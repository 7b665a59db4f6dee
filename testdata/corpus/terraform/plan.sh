#!/bin/sh
# Writes plan.json of every module here, or of those named, anew from Terraform.
#
#   testdata/corpus/terraform/plan.sh [MODULE…]
#
# Needs terraform and, offline, a provider mirror: name its CLI configuration
# in TF_CLI_CONFIG_FILE. What is kept of a plan is decided in plan_make_test.go.
set -eu
cd "$(dirname "$0")/../../.."
[ $# -gt 0 ] || set -- '.*'
for module; do
	go test ./collectors/source/terraform -count=1 -timeout=60m -run "^TestMakePlans$/^$module$" -plans
done
