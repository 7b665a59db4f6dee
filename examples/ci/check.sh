#!/bin/sh
# Check this work tree by the plan of the base branch.
#
# usage: check.sh BASE [writ's sources and flags]
#   check.sh origin/main
#   check.sh origin/main infra -o text -o html=writ.html
set -eu
base=$1
shift
trusted=$(mktemp -d)
trap 'rm -rf "$trusted"' EXIT
git archive --output="$trusted.tar" "$base"
tar -x -f "$trusted.tar" -C "$trusted"
rm "$trusted.tar"
writ check --config "$trusted" "$@"
